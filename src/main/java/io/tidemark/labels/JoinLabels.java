package io.tidemark.labels;

import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Joins models' packed predictions and labels, a partition of ids at a time: the partitions of a
 * {@link io.tidemark.event.LabelTable} by model under {@link #TABLE}, the keys of predictions that
 * have copies under {@link #COPY_KEYS}, {@link LabelCounts} of each model under {@link #COUNTS},
 * and the files that list what labels nothing under {@link #LISTED}. No whole row is shuffled.
 */
public final class JoinLabels
    extends PTransform<PCollectionList<KV<KV<String, Integer>, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<String, byte[]>> TABLE = new TupleTag<>("label-table") {};
  public static final TupleTag<byte[]> COPY_KEYS = new TupleTag<>("copy-keys") {};
  public static final TupleTag<KV<String, LabelCounts>> COUNTS = new TupleTag<>("label-counts") {};
  public static final TupleTag<KV<String, String>> LISTED = new TupleTag<>("unjoined-labels") {};

  private static final int LEAST_BITS = 2;
  private static final int MOST_BITS = 10;

  /** Rows of both sides: some 100 MB while they are joined. */
  private static final long ROWS_A_PARTITION = 1 << 19;

  private final transient Fleet<Joining> models;
  private final transient PCollection<KV<String, Long>> unusable;

  /**
   * How a model's are joined.
   *
   * @param bits of the number of partitions
   * @param listing null: what labels nothing is listed nowhere
   */
  public record Joining(JoinRule rule, int bits, Listing listing) implements Serializable {}

  /**
   * Where what labels nothing is listed, and what of it may be shown.
   *
   * @param folder a file a partition goes there
   * @param redaction of the label source's columns
   */
  public record Listing(String folder, LabelsSpec labels, Redaction redaction)
      implements Serializable {}

  private JoinLabels(Fleet<Joining> models, PCollection<KV<String, Long>> unusable) {
    this.models = models;
    this.unusable = unusable;
  }

  /** Bits of the number of partitions for about so many predictions and labels. */
  public static int partitionBits(long rows) {
    int bits = LEAST_BITS;
    while (bits < MOST_BITS && rows >> bits > ROWS_A_PARTITION) {
      bits++;
    }
    return bits;
  }

  /**
   * @param unusable numbers of labels that went to the dead letters, by model
   */
  public static JoinLabels by(Fleet<Joining> models, PCollection<KV<String, Long>> unusable) {
    return new JoinLabels(models, unusable);
  }

  @Override
  public PCollectionTuple expand(PCollectionList<KV<KV<String, Integer>, byte[]>> sides) {
    PCollectionTuple joined =
        sides
            .apply("BothSides", Flatten.pCollections())
            .setCoder(
                KvCoder.of(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()), ByteArrayCoder.of()))
            .apply("GroupByPartition", GroupByKey.create())
            .apply(
                "Join",
                ParDo.of(new JoinFn(models))
                    .withOutputTags(TABLE, TupleTagList.of(COPY_KEYS).and(COUNTS).and(LISTED)));
    KvCoder<String, LabelCounts> coder =
        KvCoder.of(StringUtf8Coder.of(), new LabelCounts.CountsCoder());
    PCollection<KV<String, LabelCounts>> dead =
        unusable.apply("Unusable", MapElements.via(new Dead())).setCoder(coder);
    PCollection<KV<String, LabelCounts>> counts =
        PCollectionList.of(joined.get(COUNTS).setCoder(coder))
            .and(dead)
            .apply("AllCounts", Flatten.pCollections())
            .apply("SumCounts", Combine.perKey(new LabelCounts.Sum()))
            .setCoder(coder);
    KvCoder<String, byte[]> table = KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of());
    KvCoder<String, String> listed = KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
    return PCollectionTuple.of(TABLE, joined.get(TABLE).setCoder(table))
        .and(COPY_KEYS, joined.get(COPY_KEYS).setCoder(ByteArrayCoder.of()))
        .and(COUNTS, counts)
        .and(LISTED, joined.get(LISTED).setCoder(listed));
  }

  private static final class Dead
      extends SimpleFunction<KV<String, Long>, KV<String, LabelCounts>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<String, LabelCounts> apply(KV<String, Long> rows) {
      return KV.of(rows.getKey(), LabelCounts.dead(rows.getValue()));
    }
  }

  private static final class JoinFn
      extends DoFn<KV<KV<String, Integer>, Iterable<byte[]>>, KV<String, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<Joining>> models;

    JoinFn(Fleet<Joining> models) {
      this.models = Broadcast.of(models);
    }

    @ProcessElement
    public void process(
        @Element KV<KV<String, Integer>, Iterable<byte[]>> partition, MultiOutputReceiver out)
        throws IOException {
      String model = partition.getKey().getKey();
      int number = partition.getKey().getValue();
      Joining own = models.get().of(model);
      PartitionJoin join =
          new PartitionJoin(own.rule(), RowHash.ofModel(model), number, own.bits());
      for (byte[] packed : partition.getValue()) {
        join.add(packed);
      }
      join.join();
      out.get(TABLE).output(KV.of(model, join.table()));
      if (join.copyKeys().length > 0) {
        out.get(COPY_KEYS).output(join.copyKeys());
      }
      out.get(COUNTS).output(KV.of(model, join.counts()));
      Listing shown = own.listing();
      if (shown != null && !join.unjoined().isEmpty()) {
        String name = String.format(Locale.ROOT, "part-%04d.jsonl", number);
        String path = OutputFiles.path(shown.folder(), name);
        OutputFiles.write(
            path, UnjoinedLines.of(join.unjoined(), shown.labels(), shown.redaction(), own.rule()));
        out.get(LISTED).output(KV.of(model, path));
      }
    }
  }
}
