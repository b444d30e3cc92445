package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.schema.DeadLetter;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * What a record of a stream turned out to be: one of the three.
 *
 * @param event a usable row in time
 * @param bad a record without a usable row
 * @param late a usable row whose window is closed for good
 */
record StreamRow(InferenceEvent event, DeadLetter bad, DeadLetter late) {

  static final class RowCoder extends CustomCoder<StreamRow> {
    private static final long serialVersionUID = 1;
    private static final Coder<InferenceEvent> EVENTS = InferenceEventCoder.of();
    private static final Coder<DeadLetter> LETTERS = RecordCoder.of(DeadLetter.class);

    @Override
    public void encode(StreamRow row, OutputStream out) throws IOException {
      if (row.event != null) {
        out.write(0);
        EVENTS.encode(row.event, out);
      } else {
        out.write(row.bad != null ? 1 : 2);
        LETTERS.encode(row.bad != null ? row.bad : row.late, out);
      }
    }

    @Override
    public StreamRow decode(InputStream in) throws IOException {
      return switch (in.read()) {
        case 0 -> new StreamRow(EVENTS.decode(in), null, null);
        case 1 -> new StreamRow(null, LETTERS.decode(in), null);
        case 2 -> new StreamRow(null, null, LETTERS.decode(in));
        default -> throw new IOException("no row of a stream");
      };
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      EVENTS.verifyDeterministic();
      LETTERS.verifyDeterministic();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RowCoder;
    }

    @Override
    public int hashCode() {
      return RowCoder.class.hashCode();
    }
  }
}
