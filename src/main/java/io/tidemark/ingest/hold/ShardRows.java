package io.tidemark.ingest.hold;

import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.RowHash;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.format.ColumnBatch;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.ingest.topic.PlacedLabel;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Deals rows and labels out to where they are held, by window or stretch and a hash of the id, and
 * hands on together what goes to the same place.
 */
final class ShardRows {
  /** Parts of a window that are held apart; part of state, so fixed. */
  private static final int SHARDS = 8;

  /** The same of a stretch that waits for labels. */
  private static final int STRETCH_SHARDS = 32;

  private ShardRows() {}

  private static int shard(Hash128 id, int shards) {
    return (int) Long.remainderUnsigned(id.high(), shards);
  }

  /**
   * Where a model's rows go.
   *
   * @param window that they are held by
   * @param ids whether what is made of the rows needs their ids
   */
  record Place(EventLayout layout, WindowSpec window, boolean ids) implements Serializable {
    private Blocks blocks(String model, int shards) {
      return new Blocks(model, window, shards, () -> new EventBlock.Builder(layout, ids));
    }
  }

  /** Blocks of rows in the making, by place. Not safe for use by several threads. */
  private static final class Blocks {
    private final int shards;
    private final Supplier<EventBlock.Builder> begin;
    private final String model;
    private final Map<Long, EventBlock.Builder[]> places = new HashMap<>();
    private final WindowCursor cursor;
    private EventBlock.Builder[] last;
    private long lastStart;

    Blocks(String model, WindowSpec window, int shards, Supplier<EventBlock.Builder> begin) {
      this.model = model;
      this.shards = shards;
      this.begin = begin;
      this.cursor = new WindowCursor(window);
    }

    /** Deals rows out, and hands on the blocks that are full. */
    void add(List<InferenceEvent> events, BiConsumer<KV<WindowKey, Integer>, byte[]> out) {
      for (InferenceEvent event : events) {
        Hash128 id = event.id() == null ? null : RowHash.ofId(event.id());
        // Rows without ids have no copies to meet: anything that spreads them will do.
        long hash = id == null ? Hash128.finish(event.timeMicros()) : id.high();
        int shard = (int) Long.remainderUnsigned(hash, shards);
        EventBlock.Builder[] place = at(cursor.startOf(event.timeMicros()));
        EventBlock.Builder block = place[shard];
        if (block == null) {
          block = begin.get();
          place[shard] = block;
        }
        block.add(event, id);
        if (block.rows() == ColumnBatch.ROWS) {
          place[shard] = null;
          out.accept(KV.of(WindowKey.ofAll(model, lastStart), shard), block.pack());
        }
      }
    }

    private EventBlock.Builder[] at(long start) {
      if (last == null || start != lastStart) {
        lastStart = start;
        last = places.computeIfAbsent(start, each -> new EventBlock.Builder[shards]);
      }
      return last;
    }

    /** Hands on what is left. */
    void drainTo(BiConsumer<KV<WindowKey, Integer>, byte[]> out) {
      // In whatever order: what is held has none.
      places.forEach(
          (start, blocks) -> {
            for (int shard = 0; shard < shards; shard++) {
              if (blocks[shard] != null) {
                out.accept(KV.of(WindowKey.ofAll(model, start), shard), blocks[shard].pack());
              }
            }
          });
      places.clear();
      last = null;
    }
  }

  /**
   * Deals rows out in blocks. A bundle's rows are put together: blocks are the cheaper the larger
   * they are.
   *
   * @param <T> what a block is sent as
   */
  static final class RowsFn<T>
      extends DoFn<KV<String, List<InferenceEvent>>, KV<KV<WindowKey, Integer>, T>> {
    private static final long serialVersionUID = 1;

    private final Fleet<Place> places;
    private final int shards;
    private final SerializableFunction<byte[], T> sentAs;

    private transient TreeMap<String, Blocks> blocks;
    private transient Instant least;

    private RowsFn(Fleet<Place> places, int shards, SerializableFunction<byte[], T> sentAs) {
      this.places = places;
      this.shards = shards;
      this.sentAs = sentAs;
    }

    @StartBundle
    public void start() {
      blocks = new TreeMap<>();
      least = null;
    }

    @ProcessElement
    public void process(
        @Element KV<String, List<InferenceEvent>> rows,
        @Timestamp Instant timestamp,
        OutputReceiver<KV<KV<WindowKey, Integer>, T>> out) {
      Optional<Place> place = places.find(rows.getKey());
      if (place.isEmpty()) {
        return; // they are not held here
      }
      least = least == null || timestamp.isBefore(least) ? timestamp : least;
      blocks
          .computeIfAbsent(rows.getKey(), model -> place.get().blocks(model, shards))
          .add(rows.getValue(), (window, block) -> out.output(KV.of(window, sentAs.apply(block))));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      blocks
          .values()
          .forEach(
              each ->
                  each.drainTo(
                      (window, block) ->
                          context.output(
                              KV.of(window, sentAs.apply(block)), least, GlobalWindow.INSTANCE)));
      blocks = null;
    }
  }

  /** To the windows' shards. */
  static RowsFn<byte[]> byWindow(Fleet<Place> places) {
    return new RowsFn<>(places, SHARDS, block -> block);
  }

  /** To the shards of stretches, to wait for labels. */
  static RowsFn<JoinRows> byStretch(Fleet<MonitoringSpec> specs) {
    return new RowsFn<>(
        specs.map(
            spec -> new Place(EventLayout.of(spec), WindowTiming.withLabels(spec).stretch(), true)),
        STRETCH_SHARDS,
        block -> new JoinRows(block, null));
  }

  /** Labels on their way to the stretches that may hold their predictions. */
  private static final class Dealt {
    private final Map<KV<WindowKey, Integer>, List<LabelRows.Row>> places = new HashMap<>();

    void add(WindowKey stretch, int shard, LabelRows.Row row) {
      places.computeIfAbsent(KV.of(stretch, shard), place -> new ArrayList<>()).add(row);
    }

    void forEach(BiConsumer<KV<WindowKey, Integer>, List<LabelRows.Row>> out) {
      places.forEach(out); // in whatever order: what is held has none
    }
  }

  static final class LabelFn
      extends DoFn<KV<String, List<InferenceEvent>>, KV<KV<WindowKey, Integer>, JoinRows>> {
    private static final long serialVersionUID = 1;

    private final Fleet<Given> models;

    /**
     * A model's labels.
     *
     * @param numeric whether they are numbers
     */
    private record Given(WindowTiming times, boolean numeric) implements Serializable {}

    LabelFn(Fleet<MonitoringSpec> specs) {
      this.models =
          specs.map(
              spec -> new Given(WindowTiming.withLabels(spec), spec.task() == Task.REGRESSION));
    }

    @ProcessElement
    public void process(
        @Element KV<String, List<InferenceEvent>> given,
        OutputReceiver<KV<KV<WindowKey, Integer>, JoinRows>> out) {
      String model = given.getKey();
      WindowTiming times = models.of(model).times();
      Dealt dealt = new Dealt();
      for (InferenceEvent each : given.getValue()) {
        LabelRows.Row label = PlacedLabel.row(each, models.of(model).numeric());
        int shard = shard(new Hash128(label.high(), label.low()), STRETCH_SHARDS);
        long last = times.lastStretch(label.timeMicros());
        for (long stretch = times.firstStretch(label.timeMicros());
            stretch <= last;
            stretch = times.stretch().endOf(stretch)) {
          dealt.add(WindowKey.ofAll(model, stretch), shard, label);
        }
      }
      dealt.forEach((place, labels) -> out.output(KV.of(place, new JoinRows(null, labels))));
    }
  }
}
