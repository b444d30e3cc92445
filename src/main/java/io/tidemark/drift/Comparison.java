package io.tidemark.drift;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.store.RecordCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;

/**
 * A finding on its way to judgement, with what the snapshot wants to know of it.
 *
 * @param windowStart microseconds since the epoch
 * @param field position in the layout, or -1: about no field
 * @param growth window share minus baseline share by cell of the field (numeric: below the second
 *     edge of the quantile grid, each further bin, above; categorical: each known value, any
 *     other); empty where the finding has no cells
 */
public record Comparison(Finding finding, long windowStart, int field, double[] growth) {

  /** The coder of all comparisons of a window. */
  public static WindowRevision.RevisionCoder<List<Comparison>> ofWindow() {
    return WindowRevision.coder(ListCoder.of(new ComparisonCoder()));
  }

  /** Deterministic. */
  static final class ComparisonCoder extends StatelessCoder<Comparison> {
    private static final long serialVersionUID = 1;
    private static final RecordCoder<Finding> FINDING = RecordCoder.of(Finding.class);

    @Override
    public void encode(Comparison comparison, OutputStream out) throws IOException {
      FINDING.encode(comparison.finding, out);
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(comparison.windowStart);
      data.writeInt(comparison.field);
      data.writeInt(comparison.growth.length);
      for (double growth : comparison.growth) {
        data.writeDouble(growth);
      }
      data.flush();
    }

    @Override
    public Comparison decode(InputStream in) throws IOException {
      Finding finding = FINDING.decode(in);
      DataInputStream data = new DataInputStream(in);
      long windowStart = data.readLong();
      int field = data.readInt();
      double[] growth = new double[data.readInt()];
      for (int i = 0; i < growth.length; i++) {
        growth[i] = data.readDouble();
      }
      return new Comparison(finding, windowStart, field, growth);
    }
  }
}
