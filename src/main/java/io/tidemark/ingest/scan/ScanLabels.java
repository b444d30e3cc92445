package io.tidemark.ingest.scan;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelTable;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.ShownPath;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.store.LetterBudget;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads label sources with the readers of events: usable rows packed by their model and the
 * partition of their id under {@link #ROWS}, unusable ones by model under {@link #BAD}, and how
 * many these are under {@link #BAD_ROWS}. Models may share a source: each has all its labels.
 */
public final class ScanLabels extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<KV<String, Integer>, byte[]>> ROWS =
      new TupleTag<>("label-rows") {};
  public static final TupleTag<KV<String, DeadLetter>> BAD = new TupleTag<>("bad-labels") {};
  public static final TupleTag<KV<String, Long>> BAD_ROWS = new TupleTag<>("bad-label-rows") {};

  private final transient Fleet<EventFiles> files;
  private final transient Fleet<MonitoringSpec> specs;
  private final transient Fleet<Redaction> redactions;
  private final transient String run;
  private final transient int tasks;
  private final transient Fleet<Integer> partitionBits;

  private ScanLabels(
      Fleet<EventFiles> files,
      Fleet<MonitoringSpec> specs,
      Fleet<Redaction> redactions,
      String run,
      int tasks,
      Fleet<Integer> partitionBits) {
    this.files = files;
    this.specs = specs;
    this.redactions = redactions;
    this.run = run;
    this.tasks = tasks;
    this.partitionBits = partitionBits;
  }

  /**
   * @param files as {@link EventFiles#planLabels} plans them
   * @param specs of the models whose labels are joined
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   * @param partitionBits of the number of each one's partitions
   */
  public static ScanLabels of(
      Fleet<EventFiles> files,
      Fleet<MonitoringSpec> specs,
      Fleet<Redaction> redactions,
      String run,
      int tasks,
      Fleet<Integer> partitionBits) {
    return new ScanLabels(files, specs, redactions, run, tasks, partitionBits);
  }

  /** What is read of a model's labels. */
  private record OfModel(ModelRows rows, boolean numeric, int partitionBits, int pieces)
      implements Serializable {}

  private OfModel ofModel(MonitoringSpec spec) {
    return new OfModel(
        ModelRows.ofLabels(spec, redactions.of(spec.model())),
        spec.task() == Task.REGRESSION,
        partitionBits.of(spec.model()),
        files.of(spec.model()).wanted().size());
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    Fleet<List<FileSplit>> splits = specs.map(spec -> files.of(spec.model()).wanted());
    PCollectionTuple scanned =
        begin
            .apply(
                "Tasks",
                Create.of(ScanTask.deal(splits, tasks))
                    .withCoder(SerializableCoder.of(ScanTask.class)))
            .apply("SpreadTasks", Reshuffle.viaRandomKey())
            .apply(
                "Scan",
                ParDo.of(new ScanFn(specs.map(this::ofModel), run))
                    .withOutputTags(ROWS, TupleTagList.of(BAD).and(BAD_ROWS)));
    scanned.get(ROWS).setCoder(ScanPredictions.PARTITIONS);
    scanned.get(BAD).setCoder(ScanFiles.LETTERS_CODER);
    scanned.get(BAD_ROWS).setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    return scanned;
  }

  private static final class ScanFn extends DoFn<ScanTask, KV<KV<String, Integer>, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<OfModel>> models;
    private final String run;

    ScanFn(Fleet<OfModel> models, String run) {
      this.models = Broadcast.of(models);
      this.run = run;
    }

    @ProcessElement
    public void process(@Element ScanTask task, MultiOutputReceiver out) throws IOException {
      TreeMap<String, Pass> passes = new TreeMap<>();
      for (ScanTask.Piece piece : task.pieces()) {
        List<Audience.Taker> takers = new ArrayList<>();
        for (String model : piece.models()) {
          OfModel own = models.get().of(model);
          Pass pass = passes.computeIfAbsent(model, any -> new Pass(model, own, run, out));
          pass.file = ShownPath.of(piece.split().path(), own.rows().redaction());
          pass.letters = LetterBudget.ofOneOf(own.pieces());
          takers.add(own.rows().into(pass));
        }
        Readers.read(piece.split(), new Audience(takers, Audience.Others.NONE));
      }
      passes.values().forEach(Pass::finish);
    }
  }

  /** One model's labels of a task. */
  private static final class Pass implements EventSink {
    private final String model;
    private final boolean numeric;
    private final int partitionBits;
    private final MultiOutputReceiver out;
    private final LabelRows[] partitions;
    private final LongAdder meter;
    private LetterBudget letters;
    private String file;
    private long position;
    private long bad;

    Pass(String model, OfModel own, String run, MultiOutputReceiver out) {
      this.model = model;
      this.numeric = own.numeric();
      this.partitionBits = own.partitionBits();
      this.partitions = new LabelRows[1 << partitionBits];
      this.meter = ScanProgress.meter(run);
      this.out = out;
    }

    @Override
    public void at(long place) {
      position = place;
    }

    @Override
    public void event(InferenceEvent label) {
      add(label, position);
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      for (int i = 0; i < count; i++) {
        add(batch.event(rows[i]), position + rows[i]);
      }
    }

    private void add(InferenceEvent label, long place) {
      meter.increment();
      int partition = LabelTable.partition(RowHash.ofId(label.id()).high(), partitionBits);
      LabelRows rows = partitions[partition];
      if (rows == null) {
        rows = new LabelRows(numeric);
        partitions[partition] = rows;
      }
      rows.add(
          label.id(),
          label.timeMicros(),
          numeric ? null : label.categories()[0],
          numeric ? label.numbers()[0] + 0.0 : 0, // one zero: a negative one is the same label
          label.extras().length == 0 ? null : label.extras()[0],
          file,
          place);
      if (rows.size() >= ScanPredictions.PACK) {
        handOn(partition);
      }
    }

    private void handOn(int partition) {
      out.get(ROWS).output(KV.of(KV.of(model, partition), partitions[partition].packed()));
      partitions[partition] = null;
    }

    @Override
    public void bad(DeadLetter letter) {
      meter.increment();
      bad++;
      out.get(BAD).output(KV.of(model, letters.take(letter)));
    }

    void finish() {
      for (int i = 0; i < partitions.length; i++) {
        if (partitions[i] != null) {
          handOn(i);
        }
      }
      out.get(BAD_ROWS).output(KV.of(model, bad));
    }
  }
}
