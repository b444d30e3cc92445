package io.tidemark.retrain;

import io.tidemark.flow.StatelessCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A model that is to be trained again.
 *
 * @param start of the period whose snapshot it is to be trained on, microseconds since the epoch;
 *     end likewise
 * @param labelled labelled rows of the period
 * @param id of the model and period
 * @param text all there is to say, as one JSON object in a line
 */
public record Trigger(String model, long start, long end, long labelled, String id, String text) {

  /** In the order of the fields. */
  public static final class TriggerCoder extends StatelessCoder<Trigger> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    @Override
    public void encode(Trigger trigger, OutputStream out) throws IOException {
      TEXT.encode(trigger.model, out);
      LONG.encode(trigger.start, out);
      LONG.encode(trigger.end, out);
      LONG.encode(trigger.labelled, out);
      TEXT.encode(trigger.id, out);
      TEXT.encode(trigger.text, out);
    }

    @Override
    public Trigger decode(InputStream in) throws IOException {
      return new Trigger(
          TEXT.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          TEXT.decode(in),
          TEXT.decode(in));
    }
  }
}
