package io.tidemark.labelissues;

import io.tidemark.flow.StatelessCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * How many label issues a period has.
 *
 * @param start of the period, microseconds since the epoch
 * @param confident rows that confident learning flags
 * @param ambiguous inputs with several labels at a time
 * @param flipped inputs whose label changed
 * @param conflicting rows whose sources disagree, as many as are listed
 * @param queued rows to look at
 * @param blocked columns of these that show nothing because of personal data
 */
public record LabelTold(
    long start,
    long confident,
    long ambiguous,
    long flipped,
    long conflicting,
    long queued,
    List<String> blocked) {

  /** In the order of the fields. */
  public static final class ToldCoder extends StatelessCoder<LabelTold> {
    private static final long serialVersionUID = 1;
    private static final ListCoder<String> TEXTS = ListCoder.of(StringUtf8Coder.of());

    @Override
    public void encode(LabelTold told, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(told.start);
      data.writeLong(told.confident);
      data.writeLong(told.ambiguous);
      data.writeLong(told.flipped);
      data.writeLong(told.conflicting);
      data.writeLong(told.queued);
      TEXTS.encode(told.blocked, data);
    }

    @Override
    public LabelTold decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new LabelTold(
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          TEXTS.decode(data));
    }
  }
}
