package io.tidemark.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * What became of a period.
 *
 * @param found null: nothing is written
 * @param stays why what is there stays as it is; null: it does not
 */
public record PeriodTold<O>(String model, O found, String stays) {

  /** Model, found, why it stays. */
  static final class ToldCoder<O> extends CustomCoder<PeriodTold<O>> {
    private static final long serialVersionUID = 1;
    private static final NullableCoder<String> TEXT = NullableCoder.of(StringUtf8Coder.of());

    private final NullableCoder<O> found;

    ToldCoder(Coder<O> found) {
      this.found = NullableCoder.of(found);
    }

    @Override
    public void encode(PeriodTold<O> told, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(told.model, out);
      found.encode(told.found, out);
      TEXT.encode(told.stays, out);
    }

    @Override
    public PeriodTold<O> decode(InputStream in) throws IOException {
      return new PeriodTold<>(StringUtf8Coder.of().decode(in), found.decode(in), TEXT.decode(in));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ToldCoder<?> coder && coder.found.equals(found);
    }

    @Override
    public int hashCode() {
      return found.hashCode();
    }
  }
}
