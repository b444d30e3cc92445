package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.schema.DeadLetter;
import io.tidemark.store.RecordCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;

/**
 * What some records of a stream turned out to be, in their order: one element for all of them,
 * because what an engine does for an element costs more than a row.
 *
 * @param events usable rows in time
 * @param bad records without a usable row
 * @param late usable rows whose windows are closed for good
 */
record StreamRows(List<InferenceEvent> events, List<DeadLetter> bad, List<DeadLetter> late) {

  static StreamRows empty() {
    return new StreamRows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  boolean isEmpty() {
    return events.isEmpty() && bad.isEmpty() && late.isEmpty();
  }

  /** Rows, packed one after the other. */
  static final class EventsCoder extends CustomCoder<List<InferenceEvent>> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(List<InferenceEvent> events, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(events.size());
      for (InferenceEvent event : events) {
        InferenceEventCoder.write(event, data);
      }
    }

    @Override
    public List<InferenceEvent> decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      int size = data.readInt();
      List<InferenceEvent> events = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        events.add(InferenceEventCoder.read(data));
      }
      return events;
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof EventsCoder;
    }

    @Override
    public int hashCode() {
      return EventsCoder.class.hashCode();
    }
  }

  static final class RowsCoder extends CustomCoder<StreamRows> {
    private static final long serialVersionUID = 1;
    private static final Coder<List<InferenceEvent>> EVENTS = new EventsCoder();
    private static final Coder<List<DeadLetter>> LETTERS =
        ListCoder.of(RecordCoder.of(DeadLetter.class));

    @Override
    public void encode(StreamRows rows, OutputStream out) throws IOException {
      EVENTS.encode(rows.events, out);
      LETTERS.encode(rows.bad, out);
      LETTERS.encode(rows.late, out);
    }

    @Override
    public StreamRows decode(InputStream in) throws IOException {
      return new StreamRows(EVENTS.decode(in), LETTERS.decode(in), LETTERS.decode(in));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      EVENTS.verifyDeterministic();
      LETTERS.verifyDeterministic();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RowsCoder;
    }

    @Override
    public int hashCode() {
      return RowsCoder.class.hashCode();
    }
  }
}
