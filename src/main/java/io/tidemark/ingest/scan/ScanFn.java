package io.tidemark.ingest.scan;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Aggregator.Accumulator;
import io.tidemark.event.AttachLabels;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelTable;
import io.tidemark.event.RowHash;
import io.tidemark.event.VersionHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.ingest.format.WindowRuns;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.Hash128;
import io.tidemark.store.LetterBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Reads a task's pieces and gathers every fold's states from their rows, of each model its own;
 * rows that have copies elsewhere are put aside whole. Reading and gathering are one step on
 * purpose: an element a row between two steps would cost more than both, and the direct runner
 * would hold them all.
 */
public final class ScanFn extends DoFn<ScanTask, KV<String, RowCounts>> {
  private static final long serialVersionUID = 1;
  private static final int METER_STEP = 4096;

  /** What is no model's is under this name. */
  public static final String NOBODY = "";

  private final Broadcast<Fleet<ScanSettings>> models;
  private final String run;
  private final Broadcast<ArrayList<AggregateOutput<?, ?>>> folds;
  private final Tags tags;
  private final int copyPartitions;
  private final PCollectionView<byte[]> copyKeys;
  private final PCollectionView<Iterable<KV<String, byte[]>>> labels;
  private final Fleet<AttachLabels> attach;
  private transient byte[] lastKeys;
  private transient DuplicateKeys.Lookup lastLookup;
  private transient Iterable<KV<String, byte[]>> lastLabels;
  private transient Map<String, LabelTable> tables;

  /** Outputs beside the counts. */
  record Tags(
      TupleTag<KV<String, DeadLetter>> bad, TupleTag<KV<KV<String, Integer>, byte[]>> copies)
      implements java.io.Serializable {}

  /**
   * @param run names the progress meter
   * @param copyKeys null: copies are not looked for
   * @param labels the partitions of each model's {@link LabelTable}, or null: none are joined
   * @param attach of the models that have a table
   */
  ScanFn(
      Fleet<ScanSettings> models,
      String run,
      List<AggregateOutput<?, ?>> folds,
      Tags tags,
      int copyPartitions,
      PCollectionView<byte[]> copyKeys,
      PCollectionView<Iterable<KV<String, byte[]>>> labels,
      Fleet<AttachLabels> attach) {
    this.models = Broadcast.of(models);
    this.run = run;
    this.folds = Broadcast.of(new ArrayList<>(folds));
    this.tags = tags;
    this.copyPartitions = copyPartitions;
    this.copyKeys = copyKeys;
    this.labels = labels;
    this.attach = attach;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    byte[] packed = copyKeys == null ? new byte[0] : context.sideInput(copyKeys);
    if (labels != null) {
      readTables(context.sideInput(labels));
    }
    Task task = new Task(context, packed.length == 0 ? null : lookup(packed));
    for (ScanTask.Piece piece : context.element().pieces()) {
      task.read(piece);
    }
    task.finish();
  }

  /** All tasks are given the same keys. */
  private DuplicateKeys.Lookup lookup(byte[] packed) {
    if (packed != lastKeys) {
      lastLookup = DuplicateKeys.Lookup.of(packed);
      lastKeys = packed;
    }
    return lastLookup;
  }

  private void readTables(Iterable<KV<String, byte[]>> partitions) {
    if (partitions == lastLabels) {
      return;
    }
    Map<String, List<byte[]>> byModel = new HashMap<>();
    for (KV<String, byte[]> each : partitions) {
      byModel.computeIfAbsent(each.getKey(), model -> new ArrayList<>()).add(each.getValue());
    }
    tables = new HashMap<>();
    byModel.forEach((model, packed) -> tables.put(model, LabelTable.of(packed)));
    lastLabels = partitions;
  }

  /** One task's rows on their way. */
  private final class Task implements Audience.Others {
    private final ProcessContext context;
    private final DuplicateKeys.Lookup copies;
    private final TreeMap<String, Pass> passes = new TreeMap<>();
    private final LongAdder meter = ScanProgress.meter(run);
    private long unclaimed;
    private long unreadable;
    private LetterBudget letters;

    Task(ProcessContext context, DuplicateKeys.Lookup copies) {
      this.context = context;
      this.copies = copies;
    }

    void read(ScanTask.Piece piece) throws IOException {
      List<Audience.Taker> takers = new ArrayList<>();
      int pieces = 1;
      for (String model : piece.models()) {
        ScanSettings own = models.get().of(model);
        Pass pass = passes.computeIfAbsent(model, any -> new Pass(this, model, own));
        pass.letters = LetterBudget.ofOneOf(own.pieces());
        pieces = Math.max(pieces, own.pieces());
        takers.add(own.rows().into(pass));
      }
      letters = LetterBudget.ofOneOf(pieces);
      Readers.read(piece.split(), new Audience(takers, this));
    }

    @Override
    public void unclaimed(long rows) {
      unclaimed += rows;
      meter.add(rows);
    }

    @Override
    public void unreadable(DeadLetter letter) {
      unreadable++;
      meter.increment();
      context.output(tags.bad(), KV.of(NOBODY, letters.take(letter)));
    }

    void finish() {
      passes.values().forEach(Pass::finish);
      if (unclaimed + unreadable > 0) {
        context.output(KV.of(NOBODY, RowCounts.ofNobody(unclaimed, unreadable)));
      }
    }
  }

  /** One model's rows of a task. */
  private final class Pass implements EventSink {
    private final Task task;
    private final String model;
    private final Hash128 modelHash;
    private final ScanSettings settings;
    private final DuplicateKeys.Lookup copies;
    private final DuplicatePack[] packs = new DuplicatePack[copyPartitions];
    private final LabelTable table;
    private final AttachLabels attaching;
    private final WindowCursor windows;
    private final List<AggregateOutput<?, ?>> outputs = new ArrayList<>();
    private final List<Accumulator<?, ?>> gatherings = new ArrayList<>();
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

    Pass(Task task, String model, ScanSettings settings) {
      this.task = task;
      this.model = model;
      this.modelHash = RowHash.ofModel(model);
      this.settings = settings;
      this.copies = settings.deduplicate() ? task.copies : null;
      this.attaching = attach.find(model).orElse(null);
      this.table = attaching == null ? null : tables.getOrDefault(model, LabelTable.of(List.of()));
      this.windows = new WindowCursor(settings.window());
      for (AggregateOutput<?, ?> each : folds.get()) {
        if (each.fold().wants(model)) {
          outputs.add(each);
          gatherings.add(each.fold().start(model));
        }
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
      InferenceEvent event = table == null ? row : attaching.to(row, table);
      long start = windows.startOf(time);
      if (copies != null) {
        Hash128 id = RowHash.ofId(event.id());
        Hash128 key = RowHash.copyKey(modelHash, id, versions.of(event.version()), start);
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
      task.meter.add(count);
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
      EventBatch batch = table == null ? raw : attaching.to(raw, rows, kept, table);
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
        Hash128 id = batch.ids().hash(rows[i]);
        Hash128 key = RowHash.copyKey(modelHash, id, version, runs.start(run));
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
        handOn(partition);
      }
    }

    private void handOn(int partition) {
      task.context.output(tags.copies(), KV.of(KV.of(model, partition), packs[partition].bytes()));
      packs[partition] = null;
    }

    @Override
    public void bad(DeadLetter letter) {
      count();
      deadLettered++;
      task.context.output(tags.bad(), KV.of(model, letters.take(letter)));
    }

    private void count() {
      if (++read % METER_STEP == 0) {
        task.meter.add(METER_STEP);
      }
    }

    void finish() {
      task.meter.add(read % METER_STEP);
      for (int i = 0; i < packs.length; i++) {
        if (packs[i] != null) {
          handOn(i);
        }
      }
      for (int i = 0; i < outputs.size(); i++) {
        drain(outputs.get(i), gatherings.get(i));
      }
      task.context.output(
          KV.of(
              model,
              new RowCounts(
                  read,
                  profiled,
                  0,
                  0,
                  0,
                  outOfRange,
                  deadLettered,
                  lookedBack,
                  0,
                  unlikely,
                  minTime,
                  maxTime)));
    }

    @SuppressWarnings("unchecked") // a gathering comes from the fold beside it
    private <K, S> void drain(AggregateOutput<K, S> output, Accumulator<?, ?> gathering) {
      ((Accumulator<K, S>) gathering)
          .drainTo(
              (key, state) ->
                  task.context.output(
                      output.tag(), KV.of(key, MergeStates.pack(output.stateCoder(), state))));
    }
  }
}
