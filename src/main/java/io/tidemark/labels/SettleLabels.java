package io.tidemark.labels;

import io.tidemark.event.RowHash;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Finds what became of each label of a stream, and lists those that label nothing. A label waits in
 * each bucket that may hold its prediction. A bucket that closes is joined once more as a partition
 * of files is, by {@link PartitionJoin}; what it finds goes to where the label's last bucket
 * answers for it, and is put together there when that one has closed. So each label is counted
 * once, when its fate is known.
 *
 * <p>The input is closed buckets by their key and the shard of ids, as packs of predictions and
 * labels. Gives {@link LabelCounts} of labels whose fates have become known by model under {@link
 * #COUNTS}, and the files that were written under {@link #LISTED}.
 */
public final class SettleLabels
    extends PTransform<PCollection<KV<KV<WindowKey, Integer>, List<byte[]>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<String, LabelCounts>> COUNTS =
      new TupleTag<>("settled-labels") {};
  public static final TupleTag<KV<String, String>> LISTED = new TupleTag<>("unjoined-labels") {};

  /** Of {@link #COUNTS}. */
  public static final KvCoder<String, LabelCounts> COUNTS_CODER =
      KvCoder.of(StringUtf8Coder.of(), new LabelCounts.CountsCoder());

  private static final KvCoder<WindowKey, Integer> SHARD =
      KvCoder.of(new WindowKey.KeyCoder(), VarIntCoder.of());
  private static final TupleTag<KV<KV<WindowKey, Integer>, BucketFates>> FOUND =
      new TupleTag<>("found") {};
  static final TupleTag<KV<KV<WindowKey, Integer>, List<LabelFate>>> UNJOINED =
      new TupleTag<>("unjoined") {};

  private final transient Fleet<OfModel> models;

  /**
   * How a model's labels are settled.
   *
   * @param listing its folder holds one of each bucket
   */
  public record OfModel(WindowTiming times, JoinRule rule, JoinLabels.Listing listing)
      implements Serializable {}

  private SettleLabels(Fleet<OfModel> models) {
    this.models = models;
  }

  /**
   * @param models those whose labels are joined
   */
  public static SettleLabels of(Fleet<OfModel> models) {
    return new SettleLabels(models);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<KV<WindowKey, Integer>, List<byte[]>>> closed) {
    PCollectionTuple found =
        closed.apply(
            "JoinBucket",
            ParDo.of(new JoinBucketFn(models)).withOutputTags(FOUND, TupleTagList.of(COUNTS)));
    PCollectionTuple settled =
        found
            .get(FOUND)
            .setCoder(KvCoder.of(SHARD, new BucketFates.FatesCoder()))
            .apply(
                "Settle",
                ParDo.of(new SettleFatesFn(models.map(OfModel::times)))
                    .withOutputTags(UNJOINED, TupleTagList.of(COUNTS)));
    PCollection<KV<String, LabelCounts>> counts =
        PCollectionList.of(found.get(COUNTS).setCoder(COUNTS_CODER))
            .and(settled.get(COUNTS).setCoder(COUNTS_CODER))
            .apply("AllCounts", Flatten.pCollections());
    PCollection<KV<String, String>> listed =
        settled
            .get(UNJOINED)
            .setCoder(KvCoder.of(SHARD, new LabelFate.FatesCoder()))
            .apply("ListUnjoined", ParDo.of(new ListUnjoinedFn(models)))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    return PCollectionTuple.of(COUNTS, counts).and(LISTED, listed);
  }

  /** Joins a bucket, and sends what it found of each label to where that is answered for. */
  private static final class JoinBucketFn
      extends DoFn<
          KV<KV<WindowKey, Integer>, List<byte[]>>, KV<KV<WindowKey, Integer>, BucketFates>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<OfModel>> models;

    JoinBucketFn(Fleet<OfModel> models) {
      this.models = Broadcast.of(models);
    }

    @ProcessElement
    public void process(
        @Element KV<KV<WindowKey, Integer>, List<byte[]>> closed, MultiOutputReceiver out)
        throws IOException {
      WindowKey bucket = closed.getKey().getKey();
      OfModel own = models.get().of(bucket.model());
      TreeMap<Long, List<LabelFate>> answering = new TreeMap<>();
      PartitionJoin join =
          new PartitionJoin(own.rule(), RowHash.ofModel(bucket.model()), 0, 0)
              .telling(label -> add(own, label.timeMicros(), LabelFate.joined(label), answering));
      for (byte[] packed : closed.getValue()) {
        join.add(packed);
      }
      join.join();
      for (LabelFate fate : join.unjoined()) {
        add(own, fate.label().timeMicros(), fate, answering);
      }
      answering.forEach(
          (start, fates) ->
              out.get(FOUND)
                  .output(
                      KV.of(
                          KV.of(bucket.at(start), closed.getKey().getValue()),
                          new BucketFates(bucket.start(), fates))));
      long served = join.counts().predictions();
      if (served > 0) {
        out.get(COUNTS).output(KV.of(bucket.model(), LabelCounts.served(served)));
      }
    }

    private static void add(
        OfModel own, long labelTime, LabelFate fate, TreeMap<Long, List<LabelFate>> answering) {
      answering
          .computeIfAbsent(own.times().lastStretch(labelTime), start -> new ArrayList<>())
          .add(fate);
    }
  }
}
