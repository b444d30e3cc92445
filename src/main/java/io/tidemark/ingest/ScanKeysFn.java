package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.event.Shipped;
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

  /** 16 MB of keys. */
  private static final long ROWS_A_PARTITION = 1 << 20;

  /** Keys of a partition that are sent on together at most. */
  private static final int CHUNK = 1 << 16;

  private final Shipped<Readers> readers;
  private final ScanSettings settings;
  private final int partitionBits;

  /**
   * @param rows about how many there are: a partition is to sort in memory, and every partition is
   *     a bundle, which some runners make much of
   */
  ScanKeysFn(Readers readers, ScanSettings settings, long rows) {
    this.partitionBits = bits(rows);
    this.readers = Shipped.of(readers);
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
    CopyKeys[] partitions = new CopyKeys[1 << partitionBits];
    int[] sizes = new int[partitions.length];
    WindowCursor windows = new WindowCursor(settings.window());
    VersionHash versions = new VersionHash();
    LongAdder meter = ScanProgress.meter(settings.run());
    EventSink sink =
        new EventSink() {
          @Override
          public void event(InferenceEvent event) {
            meter.increment();
            if (!settings.range().contains(event.timeMicros())) {
              return;
            }
            Hash128 key =
                RowHash.copyKey(
                    RowHash.ofId(event.id()),
                    versions.of(event.version()),
                    windows.startOf(event.timeMicros()));
            int partition = (int) (key.high() >>> (64 - partitionBits));
            if (partitions[partition] == null) {
              partitions[partition] = new CopyKeys();
            }
            partitions[partition].add(key);
            if (++sizes[partition] == CHUNK) {
              out.output(KV.of(partition, partitions[partition].packed()));
              partitions[partition] = null;
              sizes[partition] = 0;
            }
          }

          @Override
          public void bad(DeadLetter letter) {
            meter.increment();
          }
        };
    for (FileSplit split : task.splits()) {
      readers.get().of(split).read(split, sink);
    }
    for (int i = 0; i < partitions.length; i++) {
      if (partitions[i] != null) {
        out.output(KV.of(i, partitions[i].packed()));
      }
    }
  }
}
