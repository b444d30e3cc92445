package io.tidemark.ingest;

import io.tidemark.event.Aggregator.Accumulator;
import io.tidemark.event.AttachLabels;
import io.tidemark.event.Broadcast;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelTable;
import io.tidemark.event.MergeStates;
import io.tidemark.event.RowHash;
import io.tidemark.event.VersionHash;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.Hash128;
import io.tidemark.store.LetterBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Reads a task's splits and gathers every fold's states from their rows; rows that have copies
 * elsewhere are put aside whole. Reading and gathering are one step on purpose: an element a row
 * between two steps would cost more than both, and the direct runner would hold them all.
 */
final class ScanFn extends DoFn<ScanTask, RowCounts> {
  private static final long serialVersionUID = 1;
  private static final int METER_STEP = 4096;

  private final Broadcast<Readers> readers;
  private final ScanSettings settings;
  private final Broadcast<ArrayList<AggregateOutput<?, ?>>> folds;
  private final TupleTag<DeadLetter> badTag;
  private final TupleTag<KV<Integer, byte[]>> copiesTag;
  private final int copyPartitions;
  private final PCollectionView<byte[]> copyKeys;
  private final PCollectionView<Iterable<byte[]>> labels;
  private final AttachLabels attach;
  private final int splits;
  private transient byte[] lastKeys;
  private transient DuplicateKeys.Lookup lastLookup;

  /**
   * @param splits of all tasks
   * @param copyKeys null: copies are not looked for
   * @param labels the partitions of a {@link LabelTable}, or null: none are joined
   */
  ScanFn(
      Readers readers,
      ScanSettings settings,
      int splits,
      List<AggregateOutput<?, ?>> folds,
      TupleTag<DeadLetter> badTag,
      TupleTag<KV<Integer, byte[]>> copiesTag,
      int copyPartitions,
      PCollectionView<byte[]> copyKeys,
      PCollectionView<Iterable<byte[]>> labels,
      AttachLabels attach) {
    this.labels = labels;
    this.attach = attach;
    this.readers = Broadcast.of(readers);
    this.settings = settings;
    this.splits = splits;
    this.folds = Broadcast.of(new ArrayList<>(folds));
    this.badTag = badTag;
    this.copiesTag = copiesTag;
    this.copyPartitions = copyPartitions;
    this.copyKeys = copyKeys;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    byte[] packed = copyKeys == null ? new byte[0] : context.sideInput(copyKeys);
    LabelTable table = labels == null ? null : LabelTable.of(context.sideInput(labels));
    Pass pass = new Pass(context, packed.length == 0 ? null : lookup(packed), table);
    for (FileSplit split : context.element().splits()) {
      pass.letters = LetterBudget.ofOneOf(splits);
      readers.get().of(split).read(split, pass);
    }
    pass.finish();
  }

  /** All tasks are given the same keys. */
  private DuplicateKeys.Lookup lookup(byte[] packed) {
    if (packed != lastKeys) {
      lastLookup = DuplicateKeys.Lookup.of(packed);
      lastKeys = packed;
    }
    return lastLookup;
  }

  /** One task's rows on their way. */
  private final class Pass implements EventSink {
    private final ProcessContext context;
    private final DuplicateKeys.Lookup copies;
    private final DuplicatePack[] packs = new DuplicatePack[copyPartitions];
    private final LabelTable table;
    private final WindowCursor windows = new WindowCursor(settings.window());
    private final Accumulator<?, ?>[] gatherings = new Accumulator<?, ?>[folds.get().size()];
    private final LongAdder meter = ScanProgress.meter(settings.run());
    private long read;
    private long profiled;
    private long outOfRange;
    private long deadLettered;
    private long lookedBack;
    private final VersionHash versions = new VersionHash();
    private LetterBudget letters;
    private long unlikely;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    Pass(ProcessContext context, DuplicateKeys.Lookup copies, LabelTable table) {
      this.context = context;
      this.table = table;
      this.copies = copies;
      for (int i = 0; i < gatherings.length; i++) {
        gatherings[i] = folds.get().get(i).fold().start();
      }
    }

    @Override
    public void event(InferenceEvent row) {
      count();
      long time = row.timeMicros();
      unlikely += settings.likely().contains(time) ? 0 : 1;
      if (!settings.range().contains(time)) {
        outOfRange++;
        return;
      }
      InferenceEvent event = table == null ? row : attach.to(row, table);
      long start = windows.startOf(time);
      if (copies != null) {
        Hash128 key =
            RowHash.copyKey(RowHash.ofId(event.id()), versions.of(event.version()), start);
        if (copies.contains(key)) {
          aside(key, event);
          return;
        }
      }
      profiled++;
      lookedBack += settings.reported().contains(time) ? 0 : 1;
      minTime = Math.min(minTime, time);
      maxTime = Math.max(maxTime, time);
      for (Accumulator<?, ?> gathering : gatherings) {
        gathering.add(event, start);
      }
    }

    @Override
    public void batch(EventBatch raw, int[] rows, int count) {
      read += count;
      meter.add(count);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        long time = raw.times()[rows[i]];
        unlikely += settings.likely().contains(time) ? 0 : 1;
        if (settings.range().contains(time)) {
          rows[kept++] = rows[i];
          minTime = Math.min(minTime, time);
          maxTime = Math.max(maxTime, time);
        }
      }
      outOfRange += count - kept;
      EventBatch batch = table == null ? raw : attach.to(raw, rows, kept, table);
      WindowRuns runs = WindowRuns.of(batch, rows, kept, windows);
      for (int run = 0; run < runs.count(); run++) {
        int from = runs.from(run);
        int to = copies == null ? runs.to(run) : withoutCopies(batch, runs, run);
        profiled += to - from;
        lookedBack += lookedBack(batch, runs.rows(), from, to);
        if (to > from) {
          for (Accumulator<?, ?> gathering : gatherings) {
            gathering.add(batch, runs.rows(), from, to, runs.start(run));
          }
        }
      }
    }

    private long lookedBack(EventBatch batch, int[] rows, int from, int to) {
      if (settings.reported().equals(settings.range())) {
        return 0;
      }
      long back = 0;
      for (int i = from; i < to; i++) {
        back += settings.reported().contains(batch.times()[rows[i]]) ? 0 : 1;
      }
      return back;
    }

    /** Puts a run's rows that have copies aside; returns the end of the others. */
    private int withoutCopies(EventBatch batch, WindowRuns runs, int run) {
      int[] rows = runs.rows();
      int end = runs.from(run);
      Hash128 version = versions.of(batch.version(rows[end]));
      for (int i = runs.from(run); i < runs.to(run); i++) {
        Hash128 key = RowHash.copyKey(batch.ids().hash(rows[i]), version, runs.start(run));
        if (copies.contains(key)) {
          aside(key, batch.event(rows[i]));
        } else {
          rows[end++] = rows[i];
        }
      }
      return end;
    }

    private void aside(Hash128 key, InferenceEvent event) {
      int partition = (int) Long.remainderUnsigned(key.high(), copyPartitions);
      DuplicatePack pack = packs[partition];
      if (pack == null) {
        pack = new DuplicatePack();
        packs[partition] = pack;
      }
      pack.add(key, event);
      if (pack.size() >= DuplicatePack.FULL) {
        context.output(copiesTag, KV.of(partition, pack.bytes()));
        packs[partition] = null;
      }
    }

    @Override
    public void bad(DeadLetter letter) {
      count();
      deadLettered++;
      context.output(badTag, letters.take(letter));
    }

    private void count() {
      if (++read % METER_STEP == 0) {
        meter.add(METER_STEP);
      }
    }

    void finish() {
      meter.add(read % METER_STEP);
      for (int i = 0; i < packs.length; i++) {
        if (packs[i] != null) {
          context.output(copiesTag, KV.of(i, packs[i].bytes()));
        }
      }
      for (int i = 0; i < gatherings.length; i++) {
        drain(folds.get().get(i), gatherings[i]);
      }
      context.output(
          new RowCounts(
              read,
              profiled,
              0,
              0,
              0,
              outOfRange,
              deadLettered,
              lookedBack,
              unlikely,
              minTime,
              maxTime));
    }

    @SuppressWarnings("unchecked") // a gathering comes from the fold beside it
    private <K, S> void drain(AggregateOutput<K, S> output, Accumulator<?, ?> gathering) {
      ((Accumulator<K, S>) gathering)
          .drainTo(
              (key, state) ->
                  context.output(
                      output.tag(), KV.of(key, MergeStates.pack(output.stateCoder(), state))));
    }
  }
}
