package io.tidemark.ingest;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads planned files and gathers what is wanted of their rows: each fold's states under its tag,
 * bad rows under {@link #BAD}, and one {@link RowCounts} of everything under {@link #COUNTS}.
 *
 * <p>Where the spec removes duplicates, a first pass over ids finds the rows that have copies; the
 * second pass puts those few aside, and the copies that stay join the folds afterwards.
 */
public final class ScanFiles extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<RowCounts> COUNTS = new TupleTag<>("counts") {};
  public static final TupleTag<DeadLetter> BAD = new TupleTag<>("bad") {};
  private static final TupleTag<KV<Integer, byte[]>> COPIES = new TupleTag<>("copies") {};
  private static final TupleTag<RowCounts> COPY_COUNTS = new TupleTag<>("copy-counts") {};

  private final transient EventFiles files;
  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient ScanSettings settings;
  private final transient int tasks;
  private final transient List<AggregateOutput<?, ?>> folds;
  private final transient Joined joined;

  /**
   * What a pass over ids has found beforehand.
   *
   * @param labels partitions of a {@link io.tidemark.event.LabelTable}
   * @param copyKeys packed {@link DuplicateKeys} of rows that have copies
   */
  private record Joined(PCollection<byte[]> labels, PCollection<byte[]> copyKeys) {}

  private ScanFiles(
      EventFiles files,
      MonitoringSpec spec,
      Redaction redaction,
      ScanSettings settings,
      int tasks,
      List<AggregateOutput<?, ?>> folds,
      Joined joined) {
    this.joined = joined;
    this.files = files;
    this.spec = spec;
    this.redaction = redaction;
    this.settings = settings;
    this.tasks = tasks;
    this.folds = folds;
  }

  /**
   * @param range of the rows that are gathered
   * @param reported of these, the rows that the run reports on; the others are looked back at
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   */
  public static ScanFiles of(
      EventFiles files,
      MonitoringSpec spec,
      Redaction redaction,
      TimeRange range,
      TimeRange reported,
      String run,
      int tasks) {
    ScanSettings settings = new ScanSettings(spec.window(), range, reported, TimeRange.ALL, run);
    return new ScanFiles(files, spec, redaction, settings, tasks, List.of(), null);
  }

  /**
   * The same with joined labels.
   *
   * @param labels partitions of a {@link io.tidemark.event.LabelTable}
   * @param copyKeys what {@link FindDuplicates} would find, which the join has seen on its way
   */
  public ScanFiles withLabels(PCollection<byte[]> labels, PCollection<byte[]> copyKeys) {
    Joined found = new Joined(labels, copyKeys);
    return new ScanFiles(files, spec, redaction, settings, tasks, folds, found);
  }

  /** The same; rows with times outside the range are counted. */
  public ScanFiles countingUnlikely(TimeRange likely) {
    ScanSettings counting =
        new ScanSettings(
            settings.window(), settings.range(), settings.reported(), likely, settings.run());
    return new ScanFiles(files, spec, redaction, counting, tasks, folds, joined);
  }

  /** The same with another fold. */
  public ScanFiles into(AggregateOutput<?, ?> fold) {
    List<AggregateOutput<?, ?>> more = new ArrayList<>(folds);
    more.add(fold);
    return new ScanFiles(files, spec, redaction, settings, tasks, List.copyOf(more), joined);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PCollection<ScanTask> work =
        begin
            .apply(
                "Tasks",
                Create.of(files.tasks(tasks)).withCoder(SerializableCoder.of(ScanTask.class)))
            .apply("SpreadTasks", Reshuffle.viaRandomKey());
    boolean deduplicate = spec.events().deduplicate();
    PCollectionView<byte[]> copyKeys = deduplicate ? copyKeys(work) : null;
    Readers readers = new Readers(EventColumns.all(spec), redaction);
    List<PCollectionView<?>> views = new ArrayList<>();
    if (deduplicate) {
      views.add(copyKeys);
    }
    PCollectionView<Iterable<byte[]>> labels =
        joined == null ? null : joined.labels().apply("ViewLabels", View.asIterable());
    if (labels != null) {
      views.add(labels);
    }
    ScanFn scan =
        new ScanFn(
            readers,
            settings,
            files.wanted().size(),
            folds,
            BAD,
            COPIES,
            copyPartitions(),
            copyKeys,
            labels,
            labels == null ? null : AttachLabels.of(spec));
    TupleTagList side = TupleTagList.of(BAD).and(COPIES);
    for (AggregateOutput<?, ?> fold : folds) {
      side = side.and(fold.tag());
    }
    ParDo.MultiOutput<ScanTask, RowCounts> step = ParDo.of(scan).withOutputTags(COUNTS, side);
    PCollectionTuple scanned = work.apply("Scan", step.withSideInputs(views));
    scanned.get(COUNTS).setCoder(new RowCounts.RowCountsCoder());
    scanned.get(BAD).setCoder(RecordCoder.of(DeadLetter.class));
    scanned.get(COPIES).setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
    folds.forEach(fold -> setCoder(scanned, fold));
    return deduplicate ? withKeptCopies(scanned) : tuple(scanned, scanned.get(COUNTS));
  }

  private PCollectionView<byte[]> copyKeys(PCollection<ScanTask> work) {
    return joined != null
        ? joined.copyKeys().apply("CollectCopyKeys", FindDuplicates.collected())
        : work.apply("FindCopies", new FindDuplicates(spec, settings, files.aboutRows()));
  }

  /** Enough that the copies of a partition fit in memory even where every row has one. */
  private int copyPartitions() {
    return (int) Math.max(4, Math.min(1024, files.aboutRows() >> 17));
  }

  private PCollectionTuple withKeptCopies(PCollectionTuple scanned) {
    PCollectionTuple kept =
        scanned
            .get(COPIES)
            .apply("GroupCopies", GroupByKey.create())
            .apply(
                "KeepOneCopy",
                ParDo.of(keepOne())
                    .withOutputTags(KeepOneDuplicateFn.KEPT, TupleTagList.of(COPY_COUNTS)));
    PCollection<InferenceEvent> events =
        kept.get(KeepOneDuplicateFn.KEPT).setCoder(InferenceEventCoder.of());
    PCollection<RowCounts> counts =
        PCollectionList.of(scanned.get(COUNTS))
            .and(kept.get(COPY_COUNTS).setCoder(new RowCounts.RowCountsCoder()))
            .apply("AllCounts", Flatten.pCollections());
    PCollectionTuple all = tuple(scanned, counts);
    for (AggregateOutput<?, ?> fold : folds) {
      all = withKept(all, fold, events);
    }
    return all;
  }

  private KeepOneDuplicateFn keepOne() {
    return new KeepOneDuplicateFn(COPY_COUNTS, settings.reported(), EventLabels.of(spec));
  }

  private <K, S> PCollectionTuple withKept(
      PCollectionTuple all, AggregateOutput<K, S> output, PCollection<InferenceEvent> events) {
    PCollection<KV<K, byte[]>> states =
        events
            .apply(
                output.name() + "OfCopies",
                ParDo.of(new AggregateFn<>(output.fold(), output.stateCoder(), spec.window())))
            .setCoder(output.coder());
    PCollection<KV<K, byte[]>> both =
        PCollectionList.of(all.get(output.tag()))
            .and(states)
            .apply(output.name() + "OfAll", Flatten.pCollections());
    PCollectionTuple replaced = PCollectionTuple.empty(both.getPipeline());
    for (var entry : all.getAll().entrySet()) {
      if (!entry.getKey().equals(output.tag())) {
        replaced = put(replaced, entry.getKey(), entry.getValue());
      }
    }
    return replaced.and(output.tag(), both);
  }

  private PCollectionTuple tuple(PCollectionTuple scanned, PCollection<RowCounts> counts) {
    PCollectionTuple all =
        PCollectionTuple.of(
                COUNTS, counts.apply("SumCounts", Combine.globally(new RowCounts.Sum())))
            .and(BAD, scanned.get(BAD));
    for (AggregateOutput<?, ?> fold : folds) {
      all = put(all, fold.tag(), scanned.get(fold.tag()));
    }
    return all;
  }

  @SuppressWarnings("unchecked") // a tuple maps each tag to a collection of its type
  private static <T> PCollectionTuple put(
      PCollectionTuple tuple, TupleTag<T> tag, PCollection<?> values) {
    return tuple.and(tag, (PCollection<T>) values);
  }

  private static <K, S> void setCoder(PCollectionTuple scanned, AggregateOutput<K, S> fold) {
    scanned.get(fold.tag()).setCoder(fold.coder());
  }
}
