package io.tidemark.ingest.scan;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.RowCounts;
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
final class KeepOneDuplicateFn
    extends DoFn<KV<KV<String, Integer>, Iterable<byte[]>>, KV<String, InferenceEvent>> {
  private static final long serialVersionUID = 1;
  static final TupleTag<KV<String, InferenceEvent>> KEPT = new TupleTag<>("kept") {};

  private final TupleTag<KV<String, RowCounts>> countsTag;
  private final Broadcast<Fleet<ScanSettings>> models;

  KeepOneDuplicateFn(TupleTag<KV<String, RowCounts>> countsTag, Fleet<ScanSettings> models) {
    this.countsTag = countsTag;
    this.models = Broadcast.of(models);
  }

  @ProcessElement
  public void process(
      @Element KV<KV<String, Integer>, Iterable<byte[]>> partition, MultiOutputReceiver out)
      throws IOException {
    String model = partition.getKey().getKey();
    ScanSettings own = models.get().of(model);
    TreeMap<Hash128, Duplicates> byKey = new TreeMap<>();
    for (byte[] packed : partition.getValue()) {
      DuplicatePack.read(
          packed,
          (key, copy) ->
              byKey.computeIfAbsent(key, other -> new Duplicates(own.labels())).add(copy));
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
                  own.reported().contains(time) ? 0 : 1,
                  0,
                  0,
                  time,
                  time));
      out.get(KEPT).output(KV.of(model, copies.kept()));
    }
    out.get(countsTag).output(KV.of(model, counts));
  }
}
