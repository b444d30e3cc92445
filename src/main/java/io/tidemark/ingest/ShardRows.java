package io.tidemark.ingest;

import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.RowHash;
import io.tidemark.event.WindowTiming;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Blocks of rows in the making, by place. Not safe for use by several threads. */
  private static final class Blocks {
    private final int shards;
    private final Supplier<EventBlock.Builder> begin;
    private final Map<Long, EventBlock.Builder[]> places = new HashMap<>();
    private final WindowCursor cursor;
    private EventBlock.Builder[] last;
    private long lastStart;

    Blocks(WindowSpec window, int shards, Supplier<EventBlock.Builder> begin) {
      this.shards = shards;
      this.begin = begin;
      this.cursor = new WindowCursor(window);
    }

    /** Deals rows out, and hands on the blocks that are full. */
    void add(List<InferenceEvent> events, BiConsumer<KV<Long, Integer>, byte[]> out) {
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
          out.accept(KV.of(lastStart, shard), block.pack());
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
    void drainTo(BiConsumer<KV<Long, Integer>, byte[]> out) {
      // In whatever order: what is held has none.
      places.forEach(
          (start, blocks) -> {
            for (int shard = 0; shard < shards; shard++) {
              if (blocks[shard] != null) {
                out.accept(KV.of(start, shard), blocks[shard].pack());
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
  static final class RowsFn<T> extends DoFn<List<InferenceEvent>, KV<KV<Long, Integer>, T>> {
    private static final long serialVersionUID = 1;

    private final EventLayout layout;
    private final WindowSpec window;
    private final int shards;
    private final boolean ids;
    private final SerializableFunction<byte[], T> sentAs;

    private transient Blocks blocks;
    private transient Instant least;

    private RowsFn(
        EventLayout layout,
        WindowSpec window,
        int shards,
        boolean ids,
        SerializableFunction<byte[], T> sentAs) {
      this.layout = layout;
      this.window = window;
      this.shards = shards;
      this.ids = ids;
      this.sentAs = sentAs;
    }

    @StartBundle
    public void start() {
      blocks = new Blocks(window, shards, () -> new EventBlock.Builder(layout, ids));
      least = null;
    }

    @ProcessElement
    public void process(
        @Element List<InferenceEvent> events,
        @Timestamp Instant timestamp,
        OutputReceiver<KV<KV<Long, Integer>, T>> out) {
      least = least == null || timestamp.isBefore(least) ? timestamp : least;
      blocks.add(events, (place, block) -> out.output(KV.of(place, sentAs.apply(block))));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      blocks.drainTo(
          (place, block) ->
              context.output(KV.of(place, sentAs.apply(block)), least, GlobalWindow.INSTANCE));
      blocks = null;
    }
  }

  /**
   * To the windows' shards.
   *
   * @param ids whether what is made of the rows needs their ids
   */
  static RowsFn<byte[]> byWindow(EventLayout layout, WindowSpec window, boolean ids) {
    return new RowsFn<>(layout, window, SHARDS, ids, block -> block);
  }

  /** To the shards of stretches, to wait for labels. */
  static RowsFn<JoinRows> byStretch(EventLayout layout, WindowTiming times) {
    return new RowsFn<>(
        layout, times.stretch(), STRETCH_SHARDS, true, block -> new JoinRows(block, null));
  }

  /** Labels on their way to the stretches that may hold their predictions. */
  private static final class Dealt {
    private final Map<KV<Long, Integer>, List<LabelRows.Row>> places = new HashMap<>();

    void add(long start, int shard, LabelRows.Row row) {
      places.computeIfAbsent(KV.of(start, shard), place -> new ArrayList<>()).add(row);
    }

    void forEach(BiConsumer<KV<Long, Integer>, List<LabelRows.Row>> out) {
      places.forEach(out); // in whatever order: what is held has none
    }
  }

  static final class LabelFn extends DoFn<List<InferenceEvent>, KV<KV<Long, Integer>, JoinRows>> {
    private static final long serialVersionUID = 1;

    private final WindowTiming times;
    private final boolean numeric;

    LabelFn(WindowTiming times, boolean numeric) {
      this.times = times;
      this.numeric = numeric;
    }

    @ProcessElement
    public void process(
        @Element List<InferenceEvent> given, OutputReceiver<KV<KV<Long, Integer>, JoinRows>> out) {
      Dealt dealt = new Dealt();
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
