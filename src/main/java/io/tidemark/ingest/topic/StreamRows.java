package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.ingest.scan.ScanFn;
import io.tidemark.schema.DeadLetter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.values.KV;

/**
 * What some records of a stream turned out to be, in their order: one element for all of them,
 * because what an engine does for an element costs more than a row. What nobody knows whose it is
 * is under {@link ScanFn#NOBODY}.
 *
 * @param events usable rows in time, by model
 * @param bad records without a usable row, by model
 * @param late usable rows whose windows are closed for good, by model
 * @param outOfRange how many usable rows are not among the event times asked for, by model
 * @param unclaimed rows that no model wants
 */
public record StreamRows(
    TreeMap<String, List<InferenceEvent>> events,
    List<KV<String, DeadLetter>> bad,
    List<KV<String, DeadLetter>> late,
    TreeMap<String, Long> outOfRange,
    long unclaimed) {
  private static final List<InferenceEvent> NONE = List.of();

  public static StreamRows empty() {
    return new StreamRows(
        new TreeMap<>(), new ArrayList<>(), new ArrayList<>(), new TreeMap<>(), 0);
  }

  public StreamRows withUnclaimed(long rows) {
    return new StreamRows(events, bad, late, outOfRange, rows);
  }

  /** A model's. */
  List<InferenceEvent> events(String model) {
    return events.getOrDefault(model, NONE);
  }

  public void add(String model, InferenceEvent event) {
    events.computeIfAbsent(model, any -> new ArrayList<>()).add(event);
  }

  boolean isEmpty() {
    return events.isEmpty()
        && bad.isEmpty()
        && late.isEmpty()
        && outOfRange.isEmpty()
        && unclaimed == 0;
  }

  /** Rows, packed one after the other. */
  static final class EventsCoder extends StatelessCoder<List<InferenceEvent>> {
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
  }

  public static final class RowsCoder extends CustomCoder<StreamRows> {
    private static final long serialVersionUID = 1;
    private static final Coder<Map<String, List<InferenceEvent>>> EVENTS =
        MapCoder.of(StringUtf8Coder.of(), new EventsCoder());
    private static final Coder<List<KV<String, DeadLetter>>> LETTERS =
        ListCoder.of(ScanFiles.LETTERS_CODER);
    private static final Coder<Map<String, Long>> OUT_OF_RANGE =
        MapCoder.of(StringUtf8Coder.of(), VarLongCoder.of());
    private static final VarLongCoder UNCLAIMED = VarLongCoder.of();

    @Override
    public void encode(StreamRows rows, OutputStream out) throws IOException {
      EVENTS.encode(rows.events, out);
      LETTERS.encode(rows.bad, out);
      LETTERS.encode(rows.late, out);
      OUT_OF_RANGE.encode(rows.outOfRange, out);
      UNCLAIMED.encode(rows.unclaimed, out);
    }

    @Override
    public StreamRows decode(InputStream in) throws IOException {
      return new StreamRows(
          new TreeMap<>(EVENTS.decode(in)),
          LETTERS.decode(in),
          LETTERS.decode(in),
          new TreeMap<>(OUT_OF_RANGE.decode(in)),
          UNCLAIMED.decode(in));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      LETTERS.verifyDeterministic(); // and maps in the order of their keys are
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
