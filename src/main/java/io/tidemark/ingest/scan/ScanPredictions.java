package io.tidemark.ingest.scan;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelTable;
import io.tidemark.event.PredictionKeys;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads only what names usable predictions, those outside the run's bounds included, and hands it
 * packed to the model's partition that will see their labels: some 30 bytes a row, and no element a
 * row.
 */
public final class ScanPredictions
    extends PTransform<PBegin, PCollection<KV<KV<String, Integer>, byte[]>>> {
  private static final long serialVersionUID = 1;

  /** Bytes of a partition that are sent on together, about. */
  static final int PACK = 1 << 18;

  /** Of what is joined, by model and partition. */
  public static final KvCoder<KV<String, Integer>, byte[]> PARTITIONS =
      KvCoder.of(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()), ByteArrayCoder.of());

  private final transient Fleet<EventFiles> files;
  private final transient Fleet<MonitoringSpec> specs;
  private final transient String run;
  private final transient int tasks;
  private final transient Fleet<Integer> partitionBits;

  private ScanPredictions(
      Fleet<EventFiles> files,
      Fleet<MonitoringSpec> specs,
      String run,
      int tasks,
      Fleet<Integer> partitionBits) {
    this.files = files;
    this.specs = specs;
    this.run = run;
    this.tasks = tasks;
    this.partitionBits = partitionBits;
  }

  /**
   * @param specs of the models whose labels are joined
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   * @param partitionBits of the number of each one's partitions
   */
  public static ScanPredictions of(
      Fleet<EventFiles> files,
      Fleet<MonitoringSpec> specs,
      String run,
      int tasks,
      Fleet<Integer> partitionBits) {
    return new ScanPredictions(files, specs, run, tasks, partitionBits);
  }

  @Override
  public PCollection<KV<KV<String, Integer>, byte[]>> expand(PBegin begin) {
    Fleet<List<FileSplit>> splits = specs.map(spec -> files.of(spec.model()).splits());
    return begin
        .apply(
            "Tasks",
            Create.of(ScanTask.deal(splits, tasks)).withCoder(SerializableCoder.of(ScanTask.class)))
        .apply("SpreadTasks", Reshuffle.viaRandomKey())
        .apply("ScanIds", ParDo.of(new ScanFn(specs, run, partitionBits)))
        .setCoder(PARTITIONS);
  }

  /** What is read of a model's rows. */
  private record OfModel(ModelRows rows, EventLabels labels, int partitionBits)
      implements Serializable {}

  private static final class ScanFn extends DoFn<ScanTask, KV<KV<String, Integer>, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<OfModel>> models;
    private final String run;

    ScanFn(Fleet<MonitoringSpec> specs, String run, Fleet<Integer> partitionBits) {
      this.models =
          Broadcast.of(
              specs.map(
                  spec ->
                      new OfModel(
                          ModelRows.of(spec, EventColumns.forJoin(spec), Redaction.of(spec, null)),
                          EventLabels.of(spec),
                          partitionBits.of(spec.model()))));
      this.run = run;
    }

    @ProcessElement
    public void process(@Element ScanTask task, OutputReceiver<KV<KV<String, Integer>, byte[]>> out)
        throws IOException {
      LongAdder meter = ScanProgress.meter(run);
      TreeMap<String, Pass> passes = new TreeMap<>();
      for (ScanTask.Piece piece : task.pieces()) {
        List<Audience.Taker> takers = new ArrayList<>();
        for (String model : piece.models()) {
          OfModel own = models.get().of(model);
          Pass pass = passes.computeIfAbsent(model, any -> new Pass(model, own, meter, out));
          takers.add(own.rows().into(pass));
        }
        Readers.read(piece.split(), new Audience(takers, new Passed(meter)));
      }
      passes.values().forEach(Pass::finish);
    }
  }

  /** What is no model's is told of by the scan that gathers. */
  private record Passed(LongAdder meter) implements Audience.Others {
    @Override
    public void unclaimed(long rows) {
      meter.add(rows);
    }

    @Override
    public void unreadable(DeadLetter letter) {
      meter.increment();
    }
  }

  /** One model's rows of a task. */
  private static final class Pass implements EventSink {
    private final String model;
    private final EventLabels labels;
    private final int partitionBits;
    private final LongAdder meter;
    private final OutputReceiver<KV<KV<String, Integer>, byte[]>> out;
    private final PredictionKeys[] partitions;

    Pass(
        String model,
        OfModel own,
        LongAdder meter,
        OutputReceiver<KV<KV<String, Integer>, byte[]>> out) {
      this.model = model;
      this.labels = own.labels();
      this.partitionBits = own.partitionBits();
      this.meter = meter;
      this.out = out;
      this.partitions = new PredictionKeys[1 << partitionBits];
    }

    @Override
    public void event(InferenceEvent event) {
      meter.increment();
      add(RowHash.ofId(event.id()), event.timeMicros(), event.version(), labels.own(event));
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      meter.add(count);
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        add(batch.ids().hash(row), batch.times()[row], batch.version(row), labels.own(batch, row));
      }
    }

    private void add(Hash128 hash, long time, String version, String own) {
      int partition = LabelTable.partition(hash.high(), partitionBits);
      PredictionKeys keys = partitions[partition];
      if (keys == null) {
        keys = new PredictionKeys(labels.inLog());
        partitions[partition] = keys;
      }
      keys.add(hash, time, version, PredictionKeys.hashOf(own));
      if (keys.size() >= PACK) {
        handOn(partition);
      }
    }

    private void handOn(int partition) {
      out.output(KV.of(KV.of(model, partition), partitions[partition].packed()));
      partitions[partition] = null;
    }

    @Override
    public void bad(DeadLetter letter) {
      meter.increment();
    }

    void finish() {
      for (int i = 0; i < partitions.length; i++) {
        if (partitions[i] != null) {
          handOn(i);
        }
      }
    }
  }
}
