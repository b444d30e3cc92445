package io.tidemark.ingest.scan;

import io.tidemark.flow.Fleet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * The keys of rows that stand in the log more than once within a window, found by a pass over ids
 * alone: only 8 bytes a row are shuffled, and only the rows whose keys come out here are ever
 * compared whole.
 */
final class FindDuplicates extends PTransform<PCollection<ScanTask>, PCollection<byte[]>> {
  private static final long serialVersionUID = 1;

  private final transient Fleet<ScanSettings> models;
  private final transient String run;
  private final transient long rows;

  /**
   * @param models whose copies are looked for, with the columns that tell them
   * @param rows about how many there are
   */
  FindDuplicates(Fleet<ScanSettings> models, String run, long rows) {
    this.models = models;
    this.run = run;
    this.rows = rows;
  }

  @Override
  public PCollection<byte[]> expand(PCollection<ScanTask> tasks) {
    return tasks
        .apply("ScanIds", ParDo.of(new ScanKeysFn(models, run, rows)))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
        .apply("GroupIds", GroupByKey.create())
        .apply("FindRepeatedIds", ParDo.of(new FindRepeatedFn()))
        .setCoder(ByteArrayCoder.of());
  }

  /** All keys as one view. */
  static Combine.GloballyAsSingletonView<byte[], byte[]> collected() {
    return Combine.globally(new Concatenate()).asSingletonView();
  }

  private static final class FindRepeatedFn extends DoFn<KV<Integer, Iterable<byte[]>>, byte[]> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> partition, OutputReceiver<byte[]> out) {
      DuplicateKeys keys = new DuplicateKeys();
      for (byte[] packed : partition.getValue()) {
        keys.add(packed);
      }
      DuplicateKeys repeated = keys.repeated();
      if (repeated.size() > 0) {
        out.output(repeated.packed());
      }
    }
  }

  /** The keys one after the other; only a set is made of them, so their order is free. */
  private static final class Concatenate extends Combine.BinaryCombineFn<byte[]> {
    private static final long serialVersionUID = 1;

    @Override
    public byte[] apply(byte[] left, byte[] right) {
      byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, both, left.length, right.length);
      return both;
    }

    @Override
    public byte[] identity() {
      return new byte[0];
    }
  }
}
