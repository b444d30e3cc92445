package io.tidemark.snapshot;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowKey;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Comparator;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * An alarm that calls for rows.
 *
 * @param field position in the layout
 * @param growth window share minus baseline share by the field's cell
 */
public record DriftedField(WindowKey window, int field, String findingId, double[] growth) {
  static final Comparator<DriftedField> ORDER =
      Comparator.comparing(DriftedField::window)
          .thenComparingInt(DriftedField::field)
          .thenComparing(DriftedField::findingId);

  /** Deterministic. */
  public static final class FieldCoder extends StatelessCoder<DriftedField> {
    private static final long serialVersionUID = 1;
    private static final WindowKey.KeyCoder WINDOW = new WindowKey.KeyCoder();
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    @Override
    public void encode(DriftedField field, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      WINDOW.encode(field.window, data);
      data.writeInt(field.field);
      TEXT.encode(field.findingId, data);
      data.writeInt(field.growth.length);
      for (double growth : field.growth) {
        data.writeDouble(growth);
      }
      data.flush();
    }

    @Override
    public DriftedField decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      WindowKey window = WINDOW.decode(data);
      int field = data.readInt();
      String findingId = TEXT.decode(data);
      double[] growth = new double[data.readInt()];
      for (int i = 0; i < growth.length; i++) {
        growth[i] = data.readDouble();
      }
      return new DriftedField(window, field, findingId, growth);
    }
  }
}
