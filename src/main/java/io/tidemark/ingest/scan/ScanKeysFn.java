package io.tidemark.ingest.scan;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.event.VersionHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Reads only what names a row and hands its key to the partition that will see all the row's
 * copies. Rows without a usable key are left to the full scan, which says what is wrong with them.
 */
final class ScanKeysFn extends DoFn<ScanTask, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1;

  private static final int MOST_BITS = 10;

  /** 8 MB of keys. */
  private static final long ROWS_A_PARTITION = 1 << 20;

  /** Keys of a partition that are sent on together at most. */
  private static final int CHUNK = 1 << 16;

  private final Broadcast<Fleet<ScanSettings>> models;
  private final String run;
  private final int partitionBits;

  /**
   * @param models whose copies are looked for
   * @param rows about how many there are: a partition is to be sorted in memory, and every
   *     partition is a bundle, which some runners make much of
   */
  ScanKeysFn(Fleet<ScanSettings> models, String run, long rows) {
    this.partitionBits = bits(rows);
    this.models = Broadcast.of(models);
    this.run = run;
  }

  private static int bits(long rows) {
    int bits = 2;
    while (bits < MOST_BITS && rows >> bits > ROWS_A_PARTITION) {
      bits++;
    }
    return bits;
  }

  @ProcessElement
  public void process(@Element ScanTask task, OutputReceiver<KV<Integer, byte[]>> out)
      throws IOException {
    Task keys = new Task(out);
    TreeMap<String, Pass> passes = new TreeMap<>();
    for (ScanTask.Piece piece : task.pieces()) {
      List<Audience.Taker> takers = new ArrayList<>();
      for (String model : piece.models()) {
        ScanSettings own = models.get().of(model);
        Pass pass = passes.computeIfAbsent(model, any -> new Pass(keys, model, own));
        takers.add(own.rows().into(pass));
      }
      Readers.read(piece.split(), new Audience(takers, keys));
    }
    keys.finish();
  }

  /** One task's keys on their way. */
  private final class Task implements Audience.Others {
    private final OutputReceiver<KV<Integer, byte[]>> out;
    private final DuplicateKeys[] partitions = new DuplicateKeys[1 << partitionBits];
    private final LongAdder meter = ScanProgress.meter(run);

    Task(OutputReceiver<KV<Integer, byte[]>> out) {
      this.out = out;
    }

    private void add(Hash128 key) {
      int partition = (int) (key.high() >>> (Long.SIZE - partitionBits));
      DuplicateKeys keys = partitions[partition];
      if (keys == null) {
        keys = new DuplicateKeys();
        partitions[partition] = keys;
      }
      keys.add(key);
      if (keys.size() == CHUNK) {
        out.output(KV.of(partition, keys.packed()));
        partitions[partition] = null;
      }
    }

    @Override
    public void unclaimed(long rows) {
      meter.add(rows);
    }

    @Override
    public void unreadable(DeadLetter letter) {
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

  /** One model's rows of a task. */
  private static final class Pass implements EventSink {
    private final Task task;
    private final Hash128 model;
    private final ScanSettings settings;
    private final WindowCursor windows;
    private final VersionHash versions = new VersionHash();

    Pass(Task task, String model, ScanSettings settings) {
      this.task = task;
      this.model = RowHash.ofModel(model);
      this.settings = settings;
      this.windows = new WindowCursor(settings.window());
    }

    @Override
    public void event(InferenceEvent event) {
      task.meter.increment();
      if (settings.range().contains(event.timeMicros())) {
        add(RowHash.ofId(event.id()), event.version(), event.timeMicros());
      }
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      task.meter.add(count);
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        long time = batch.times()[row];
        if (settings.range().contains(time)) {
          add(batch.ids().hash(row), batch.version(row), time);
        }
      }
    }

    private void add(Hash128 id, String version, long time) {
      task.add(RowHash.copyKey(model, id, versions.of(version), windows.startOf(time)));
    }

    @Override
    public void bad(DeadLetter letter) {
      task.meter.increment();
    }
  }
}
