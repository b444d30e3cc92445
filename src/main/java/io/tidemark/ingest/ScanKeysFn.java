package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.event.VersionHash;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.Hash128;
import java.io.IOException;
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

  private final Broadcast<Readers> readers;
  private final ScanSettings settings;
  private final int partitionBits;

  /**
   * @param rows about how many there are: a partition is to be sorted in memory, and every
   *     partition is a bundle, which some runners make much of
   */
  ScanKeysFn(Readers readers, ScanSettings settings, long rows) {
    this.partitionBits = bits(rows);
    this.readers = Broadcast.of(readers);
    this.settings = settings;
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
    Pass pass = new Pass(out);
    for (FileSplit split : task.splits()) {
      readers.get().of(split).read(split, pass);
    }
    pass.finish();
  }

  /** One task's rows on their way. */
  private final class Pass implements EventSink {
    private final OutputReceiver<KV<Integer, byte[]>> out;
    private final DuplicateKeys[] partitions = new DuplicateKeys[1 << partitionBits];
    private final WindowCursor windows = new WindowCursor(settings.window());
    private final VersionHash versions = new VersionHash();
    private final LongAdder meter = ScanProgress.meter(settings.run());

    Pass(OutputReceiver<KV<Integer, byte[]>> out) {
      this.out = out;
    }

    @Override
    public void event(InferenceEvent event) {
      meter.increment();
      if (settings.range().contains(event.timeMicros())) {
        add(RowHash.ofId(event.id()), event.version(), event.timeMicros());
      }
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      meter.add(count);
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        long time = batch.times()[row];
        if (settings.range().contains(time)) {
          add(batch.ids().hash(row), batch.version(row), time);
        }
      }
    }

    private void add(Hash128 id, String version, long time) {
      Hash128 key = RowHash.copyKey(id, versions.of(version), windows.startOf(time));
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
