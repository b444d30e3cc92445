package io.tidemark.ingest;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Of the copies of a row the one with the smallest (time, content hash) stays; the others are
 * duplicates, and conflicting ones where their content differs. Copies come a partition of keys at
 * a time: a group a key would be a bundle a duplicate.
 */
final class KeepOneDuplicateFn extends DoFn<KV<Integer, Iterable<byte[]>>, InferenceEvent> {
  private static final long serialVersionUID = 1;
  static final TupleTag<InferenceEvent> KEPT = new TupleTag<>("kept") {};

  private final TupleTag<RowCounts> countsTag;
  private final TimeRange reported;
  private final EventLabels labels;

  /**
   * @param reported what the run reports on; rows kept outside of it are looked back at
   */
  KeepOneDuplicateFn(TupleTag<RowCounts> countsTag, TimeRange reported, EventLabels labels) {
    this.countsTag = countsTag;
    this.reported = reported;
    this.labels = labels;
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<byte[]>> partition, MultiOutputReceiver out)
      throws IOException {
    TreeMap<Hash128, Duplicates> byKey = new TreeMap<>();
    for (byte[] packed : partition.getValue()) {
      DuplicatePack.read(
          packed,
          (key, copy) -> byKey.computeIfAbsent(key, other -> new Duplicates(labels)).add(copy));
    }
    RowCounts counts = RowCounts.NONE;
    for (Duplicates copies : byKey.values()) {
      long time = copies.kept().timeMicros();
      counts =
          counts.plus(
              new RowCounts(
                  0,
                  1,
                  copies.rows() - 1,
                  copies.conflicting(),
                  0,
                  0,
                  0,
                  reported.contains(time) ? 0 : 1,
                  0,
                  time,
                  time));
      out.get(KEPT).output(copies.kept());
    }
    out.get(countsTag).output(counts);
  }
}
