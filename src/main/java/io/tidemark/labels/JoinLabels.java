package io.tidemark.labels;

import io.tidemark.event.Broadcast;
import io.tidemark.event.Redaction;
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
 * Joins packed predictions and labels, a partition of ids at a time: the partitions of a {@link
 * io.tidemark.event.LabelTable} under {@link #TABLE}, the keys of predictions that have copies
 * under {@link #COPY_KEYS}, one {@link LabelCounts} under {@link #COUNTS}, and the files that list
 * what labels nothing under {@link #LISTED}. No whole row is shuffled.
 */
public final class JoinLabels
    extends PTransform<PCollectionList<KV<Integer, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<byte[]> TABLE = new TupleTag<>("label-table") {};
  public static final TupleTag<byte[]> COPY_KEYS = new TupleTag<>("copy-keys") {};
  public static final TupleTag<LabelCounts> COUNTS = new TupleTag<>("label-counts") {};
  public static final TupleTag<String> LISTED = new TupleTag<>("unjoined-labels") {};

  private static final int LEAST_BITS = 2;
  private static final int MOST_BITS = 10;

  /** Rows of both sides: some 100 MB while they are joined. */
  private static final long ROWS_A_PARTITION = 1 << 19;

  private final transient JoinRule rule;
  private final transient int bits;
  private final transient Listing listing;
  private final transient PCollection<Long> unusable;

  /** Where what labels nothing is listed, and what of it may be shown. */
  private record Listing(String folder, LabelsSpec labels, Redaction redaction)
      implements Serializable {}

  private JoinLabels(JoinRule rule, int bits, Listing listing, PCollection<Long> unusable) {
    this.rule = rule;
    this.bits = bits;
    this.listing = listing;
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
   * @param bits of the number of partitions
   * @param unusable numbers of labels that went to the dead letters
   */
  public static JoinLabels by(JoinRule rule, int bits, PCollection<Long> unusable) {
    return new JoinLabels(rule, bits, null, unusable);
  }

  /**
   * The same, and lists what labels nothing.
   *
   * @param folder a file a partition goes there
   * @param redaction of the label source's columns
   */
  public JoinLabels listingIn(String folder, LabelsSpec labels, Redaction redaction) {
    return new JoinLabels(rule, bits, new Listing(folder, labels, redaction), unusable);
  }

  @Override
  public PCollectionTuple expand(PCollectionList<KV<Integer, byte[]>> sides) {
    PCollectionTuple joined =
        sides
            .apply("BothSides", Flatten.pCollections())
            .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
            .apply("GroupByPartition", GroupByKey.create())
            .apply(
                "Join",
                ParDo.of(new JoinFn(rule, bits, listing))
                    .withOutputTags(TABLE, TupleTagList.of(COPY_KEYS).and(COUNTS).and(LISTED)));
    LabelCounts.CountsCoder coder = new LabelCounts.CountsCoder();
    PCollection<LabelCounts> dead =
        unusable.apply("Unusable", MapElements.via(new Dead())).setCoder(coder);
    PCollection<LabelCounts> counts =
        PCollectionList.of(joined.get(COUNTS).setCoder(coder))
            .and(dead)
            .apply("AllCounts", Flatten.pCollections())
            .apply("SumCounts", Combine.globally(new LabelCounts.Sum()))
            .setCoder(coder);
    return PCollectionTuple.of(TABLE, joined.get(TABLE).setCoder(ByteArrayCoder.of()))
        .and(COPY_KEYS, joined.get(COPY_KEYS).setCoder(ByteArrayCoder.of()))
        .and(COUNTS, counts)
        .and(LISTED, joined.get(LISTED).setCoder(StringUtf8Coder.of()));
  }

  private static final class Dead extends SimpleFunction<Long, LabelCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public LabelCounts apply(Long rows) {
      return LabelCounts.dead(rows);
    }
  }

  private static final class JoinFn extends DoFn<KV<Integer, Iterable<byte[]>>, byte[]> {
    private static final long serialVersionUID = 1;

    private final JoinRule rule;
    private final int bits;
    private final Broadcast<Listing> listing;

    JoinFn(JoinRule rule, int bits, Listing listing) {
      this.rule = rule;
      this.bits = bits;
      this.listing = listing == null ? null : Broadcast.of(listing);
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<byte[]>> partition, MultiOutputReceiver out)
        throws IOException {
      PartitionJoin join = new PartitionJoin(rule, partition.getKey(), bits);
      for (byte[] packed : partition.getValue()) {
        join.add(packed);
      }
      join.join();
      out.get(TABLE).output(join.table());
      if (join.copyKeys().length > 0) {
        out.get(COPY_KEYS).output(join.copyKeys());
      }
      out.get(COUNTS).output(join.counts());
      if (listing != null && !join.unjoined().isEmpty()) {
        Listing shown = listing.get();
        String name = String.format(Locale.ROOT, "part-%04d.jsonl", partition.getKey());
        String path = OutputFiles.path(shown.folder(), name);
        OutputFiles.write(
            path, UnjoinedLines.of(join.unjoined(), shown.labels(), shown.redaction(), rule));
        out.get(LISTED).output(path);
      }
    }
  }
}
