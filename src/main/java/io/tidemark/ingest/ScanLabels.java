package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelTable;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.store.LetterBudget;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads a label source with the readers of events: usable rows packed by the partition of their id
 * under {@link #ROWS}, unusable ones under {@link #BAD}, and how many these are under {@link
 * #BAD_ROWS}.
 */
public final class ScanLabels extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<Integer, byte[]>> ROWS = new TupleTag<>("label-rows") {};
  public static final TupleTag<DeadLetter> BAD = new TupleTag<>("bad-labels") {};
  public static final TupleTag<Long> BAD_ROWS = new TupleTag<>("bad-label-rows") {};

  private final transient EventFiles files;
  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient String run;
  private final transient int tasks;
  private final transient int partitionBits;

  private ScanLabels(
      EventFiles files,
      MonitoringSpec spec,
      Redaction redaction,
      String run,
      int tasks,
      int partitionBits) {
    this.files = files;
    this.spec = spec;
    this.redaction = redaction;
    this.run = run;
    this.tasks = tasks;
    this.partitionBits = partitionBits;
  }

  /**
   * @param files as {@link EventFiles#planLabels} plans them
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   */
  public static ScanLabels of(
      EventFiles files,
      MonitoringSpec spec,
      Redaction redaction,
      String run,
      int tasks,
      int partitionBits) {
    return new ScanLabels(files, spec, redaction, run, tasks, partitionBits);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    Readers readers = new Readers(EventColumns.labels(spec), redaction);
    boolean numeric = spec.task() == Task.REGRESSION;
    PCollectionTuple scanned =
        begin
            .apply(
                "Tasks",
                Create.of(files.tasks(tasks)).withCoder(SerializableCoder.of(ScanTask.class)))
            .apply("SpreadTasks", Reshuffle.viaRandomKey())
            .apply(
                "Scan",
                ParDo.of(
                        new ScanFn(
                            readers, redaction, numeric, run, partitionBits, files.wanted().size()))
                    .withOutputTags(ROWS, TupleTagList.of(BAD).and(BAD_ROWS)));
    scanned.get(ROWS).setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
    scanned.get(BAD).setCoder(RecordCoder.of(DeadLetter.class));
    scanned.get(BAD_ROWS).setCoder(VarLongCoder.of());
    return scanned;
  }

  private static final class ScanFn extends DoFn<ScanTask, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Readers> readers;
    private final Redaction redaction;
    private final boolean numeric;
    private final String run;
    private final int partitionBits;
    private final int splits;

    ScanFn(
        Readers readers,
        Redaction redaction,
        boolean numeric,
        String run,
        int partitionBits,
        int splits) {
      this.readers = Broadcast.of(readers);
      this.redaction = redaction;
      this.numeric = numeric;
      this.run = run;
      this.partitionBits = partitionBits;
      this.splits = splits;
    }

    @ProcessElement
    public void process(@Element ScanTask task, MultiOutputReceiver out) throws IOException {
      Pass pass = new Pass(out);
      for (FileSplit split : task.splits()) {
        pass.file = ShownPath.of(split.path(), redaction);
        pass.letters = LetterBudget.ofOneOf(splits);
        readers.get().of(split).read(split, pass);
      }
      pass.finish();
    }

    private final class Pass implements EventSink {
      private final MultiOutputReceiver out;
      private final LabelRows[] partitions = new LabelRows[1 << partitionBits];
      private final LongAdder meter = ScanProgress.meter(run);
      private LetterBudget letters;
      private String file;
      private long position;
      private long bad;

      Pass(MultiOutputReceiver out) {
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
          out.get(ROWS).output(KV.of(partition, rows.packed()));
          partitions[partition] = null;
        }
      }

      @Override
      public void bad(DeadLetter letter) {
        meter.increment();
        bad++;
        out.get(BAD).output(letters.take(letter));
      }

      void finish() {
        for (int i = 0; i < partitions.length; i++) {
          if (partitions[i] != null) {
            out.get(ROWS).output(KV.of(i, partitions[i].packed()));
          }
        }
        out.get(BAD_ROWS).output(bad);
      }
    }
  }
}
