package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.RowHash;
import io.tidemark.event.StreamTimes;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Deals rows and labels out to where they are held, by window or stretch and a hash of the id, and
 * hands on together what goes to the same place.
 */
final class DealOut {
  /** Parts of a window that are held apart; part of state, so fixed. */
  private static final int SHARDS = 8;

  /** The same of a stretch that waits for labels. */
  private static final int STRETCH_SHARDS = 32;

  private DealOut() {}

  private static int shard(Hash128 id, int shards) {
    return (int) Long.remainderUnsigned(id.high(), shards);
  }

  /** Deals rows out, and hands on together what goes to the same place. */
  private static final class Dealt<T> {
    private final Map<KV<Long, Integer>, List<T>> places = new HashMap<>();

    void add(long start, int shard, T row) {
      places.computeIfAbsent(KV.of(start, shard), place -> new ArrayList<>()).add(row);
    }

    void forEach(BiConsumer<KV<Long, Integer>, List<T>> out) {
      places.forEach(out); // in whatever order: what is held has none
    }
  }

  static final class ShardFn
      extends DoFn<List<InferenceEvent>, KV<KV<Long, Integer>, List<InferenceEvent>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec window;

    private transient WindowCursor cursor;

    ShardFn(WindowSpec window) {
      this.window = window;
    }

    @ProcessElement
    public void process(
        @Element List<InferenceEvent> events,
        OutputReceiver<KV<KV<Long, Integer>, List<InferenceEvent>>> out) {
      if (cursor == null) {
        cursor = new WindowCursor(window);
      }
      Dealt<InferenceEvent> dealt = new Dealt<>();
      for (InferenceEvent event : events) {
        // Rows without ids have no copies to meet: anything that spreads them will do.
        int shard =
            event.id() == null
                ? (int) Long.remainderUnsigned(Hash128.finish(event.timeMicros()), SHARDS)
                : shard(RowHash.ofId(event.id()), SHARDS);
        dealt.add(cursor.startOf(event.timeMicros()), shard, event);
      }
      dealt.forEach((place, rows) -> out.output(KV.of(place, rows)));
    }
  }

  static final class PredictionFn
      extends DoFn<List<InferenceEvent>, KV<KV<Long, Integer>, JoinRows>> {
    private static final long serialVersionUID = 1;

    private final StreamTimes times;

    private transient WindowCursor cursor;

    PredictionFn(StreamTimes times) {
      this.times = times;
    }

    @ProcessElement
    public void process(
        @Element List<InferenceEvent> events, OutputReceiver<KV<KV<Long, Integer>, JoinRows>> out) {
      if (cursor == null) {
        cursor = new WindowCursor(times.stretch());
      }
      Dealt<InferenceEvent> dealt = new Dealt<>();
      for (InferenceEvent event : events) {
        int shard = shard(RowHash.ofId(event.id()), STRETCH_SHARDS);
        dealt.add(cursor.startOf(event.timeMicros()), shard, event);
      }
      dealt.forEach((place, rows) -> out.output(KV.of(place, new JoinRows(rows, null))));
    }
  }

  static final class LabelFn extends DoFn<List<InferenceEvent>, KV<KV<Long, Integer>, JoinRows>> {
    private static final long serialVersionUID = 1;

    private final StreamTimes times;
    private final boolean numeric;

    LabelFn(StreamTimes times, boolean numeric) {
      this.times = times;
      this.numeric = numeric;
    }

    @ProcessElement
    public void process(
        @Element List<InferenceEvent> given, OutputReceiver<KV<KV<Long, Integer>, JoinRows>> out) {
      Dealt<LabelRows.Row> dealt = new Dealt<>();
      for (InferenceEvent each : given) {
        LabelRows.Row label = label(each);
        int shard = shard(new Hash128(label.high(), label.low()), STRETCH_SHARDS);
        long last = times.lastStretch(label.timeMicros());
        for (long stretch = times.firstStretch(label.timeMicros());
            stretch <= last;
            stretch = times.stretch().endOf(stretch)) {
          dealt.add(stretch, shard, label);
        }
      }
      dealt.forEach((place, labels) -> out.output(KV.of(place, new JoinRows(null, labels))));
    }

    private LabelRows.Row label(InferenceEvent given) {
      byte[] id = given.id().getBytes(StandardCharsets.UTF_8);
      Hash128 hash = Hash128.of(id);
      String source = given.extras().length == 0 ? null : given.extras()[0];
      return new LabelRows.Row(
          hash.high(),
          hash.low(),
          given.timeMicros(),
          numeric ? null : given.categories()[0],
          numeric ? given.numbers()[0] + 0.0 : Double.NaN, // one zero: -0 is the same label
          source == null ? "" : source,
          "",
          0,
          id);
    }
  }
}
