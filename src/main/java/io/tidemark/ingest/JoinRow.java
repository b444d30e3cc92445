package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.LabelRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;

/** One side of a join in a stream: a prediction or a label; the other is null. */
record JoinRow(InferenceEvent event, LabelRows.Row label) {

  static final class RowCoder extends CustomCoder<JoinRow> {
    private static final long serialVersionUID = 1;
    private static final Coder<InferenceEvent> EVENTS = InferenceEventCoder.of();
    private static final Coder<LabelRows.Row> LABELS = new LabelRows.RowCoder();

    @Override
    public void encode(JoinRow row, OutputStream out) throws IOException {
      out.write(row.event != null ? 0 : 1);
      if (row.event != null) {
        EVENTS.encode(row.event, out);
      } else {
        LABELS.encode(row.label, out);
      }
    }

    @Override
    public JoinRow decode(InputStream in) throws IOException {
      return in.read() == 0
          ? new JoinRow(EVENTS.decode(in), null)
          : new JoinRow(null, LABELS.decode(in));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      EVENTS.verifyDeterministic();
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
