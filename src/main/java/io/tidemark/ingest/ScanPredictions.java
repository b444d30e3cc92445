package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelTable;
import io.tidemark.event.PredictionKeys;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads only what names usable predictions, those outside the run's bounds included, and hands it
 * packed to the partition that will see their labels: some 30 bytes a row, and no element a row.
 */
public final class ScanPredictions extends PTransform<PBegin, PCollection<KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  /** Bytes of a partition that are sent on together, about. */
  static final int PACK = 1 << 18;

  private final transient EventFiles files;
  private final transient MonitoringSpec spec;
  private final transient String run;
  private final transient int tasks;
  private final transient int partitionBits;

  private ScanPredictions(
      EventFiles files, MonitoringSpec spec, String run, int tasks, int partitionBits) {
    this.files = files;
    this.spec = spec;
    this.run = run;
    this.tasks = tasks;
    this.partitionBits = partitionBits;
  }

  /**
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   */
  public static ScanPredictions of(
      EventFiles files, MonitoringSpec spec, String run, int tasks, int partitionBits) {
    return new ScanPredictions(files, spec, run, tasks, partitionBits);
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PBegin begin) {
    Readers readers = new Readers(EventColumns.forJoin(spec), Redaction.of(spec, null));
    return begin
        .apply(
            "Tasks",
            Create.of(files.allTasks(tasks)).withCoder(SerializableCoder.of(ScanTask.class)))
        .apply("SpreadTasks", Reshuffle.viaRandomKey())
        .apply("ScanIds", ParDo.of(new ScanFn(readers, spec, run, partitionBits)))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
  }

  private static final class ScanFn extends DoFn<ScanTask, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Readers> readers;
    private final EventLabels labels;
    private final String run;
    private final int partitionBits;

    ScanFn(Readers readers, MonitoringSpec spec, String run, int partitionBits) {
      this.readers = Broadcast.of(readers);
      this.labels = EventLabels.of(spec);
      this.run = run;
      this.partitionBits = partitionBits;
    }

    @ProcessElement
    public void process(@Element ScanTask task, OutputReceiver<KV<Integer, byte[]>> out)
        throws IOException {
      Pass pass = new Pass(out);
      for (FileSplit split : task.splits()) {
        readers.get().of(split).read(split, pass);
      }
      pass.finish();
    }

    private final class Pass implements EventSink {
      private final OutputReceiver<KV<Integer, byte[]>> out;
      private final PredictionKeys[] partitions = new PredictionKeys[1 << partitionBits];
      private final LongAdder meter = ScanProgress.meter(run);

      Pass(OutputReceiver<KV<Integer, byte[]>> out) {
        this.out = out;
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
          add(
              batch.ids().hash(row),
              batch.times()[row],
              batch.version(row),
              labels.own(batch, row));
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
          out.output(KV.of(partition, keys.packed()));
          partitions[partition] = null;
        }
      }

      @Override
      public void bad(DeadLetter letter) {
        meter.increment();
      }

      void finish() {
        for (int i = 0; i < partitions.length; i++) {
          if (partitions[i] != null) {
            out.output(KV.of(i, partitions[i].packed()));
          }
        }
      }
    }
  }
}
