package io.tidemark.ingest.scan;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.AttachLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.LabelWait;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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
 * Reads planned files, each piece once, and gathers what is wanted of their rows: each fold's
 * states under its tag, bad rows by their model under {@link #BAD}, and {@link RowCounts} of each
 * model under {@link #COUNTS}. What is no model's is under {@link #NOBODY}.
 *
 * <p>Where specs remove duplicates, a first pass over ids finds the rows that have copies; the
 * second pass puts those few aside, and the copies that stay join the folds afterwards.
 */
public final class ScanFiles extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The name that rows have which no model wants, and letters of which nobody knows whose. */
  public static final String NOBODY = ScanFn.NOBODY;

  public static final TupleTag<KV<String, RowCounts>> COUNTS = new TupleTag<>("counts") {};
  public static final TupleTag<KV<String, DeadLetter>> BAD = new TupleTag<>("bad") {};

  /** Of counts by model. */
  public static final KvCoder<String, RowCounts> COUNTS_CODER =
      KvCoder.of(StringUtf8Coder.of(), new RowCounts.RowCountsCoder());

  /** Of letters by model. */
  public static final KvCoder<String, DeadLetter> LETTERS_CODER =
      KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(DeadLetter.class));

  private static final TupleTag<KV<KV<String, Integer>, byte[]>> COPIES =
      new TupleTag<>("copies") {};
  private static final TupleTag<KV<String, RowCounts>> COPY_COUNTS =
      new TupleTag<>("copy-counts") {};

  private final transient Fleet<MonitoringSpec> specs;
  private final transient Fleet<Input> inputs;
  private final transient String run;
  private final transient int tasks;
  private final transient List<AggregateOutput<?, ?>> folds;
  private final transient Joined joined;

  /**
   * What is read for a model.
   *
   * @param columns that are read
   * @param redaction what may be shown of it
   * @param range of the rows that are gathered
   * @param reported of these, the rows that the run reports on; the others are looked back at
   * @param likely rows with times outside are counted
   */
  public record Input(
      EventFiles files,
      EventColumns columns,
      Redaction redaction,
      TimeRange range,
      TimeRange reported,
      TimeRange likely) {}

  /**
   * What a pass over ids has found beforehand.
   *
   * @param labels partitions of a {@link io.tidemark.event.LabelTable}, by model
   * @param copyKeys packed {@link DuplicateKeys} of rows that have copies
   * @param models that it was done for
   */
  private record Joined(
      PCollection<KV<String, byte[]>> labels,
      PCollection<byte[]> copyKeys,
      Fleet<AttachLabels> models) {}

  private ScanFiles(
      Fleet<MonitoringSpec> specs,
      Fleet<Input> inputs,
      String run,
      int tasks,
      List<AggregateOutput<?, ?>> folds,
      Joined joined) {
    this.specs = specs;
    this.inputs = inputs;
    this.run = run;
    this.tasks = tasks;
    this.folds = folds;
    this.joined = joined;
  }

  /**
   * @param inputs one for each spec
   * @param run names the progress meter
   * @param tasks into how many pieces of work the files are dealt; results do not depend on it
   */
  public static ScanFiles of(
      Fleet<MonitoringSpec> specs, Fleet<Input> inputs, String run, int tasks) {
    return new ScanFiles(specs, inputs, run, tasks, List.of(), null);
  }

  /** The same of one model. */
  public static ScanFiles of(MonitoringSpec spec, Input input, String run, int tasks) {
    return of(Fleet.one(spec.model(), spec), Fleet.one(spec.model(), input), run, tasks);
  }

  /**
   * The same with joined labels.
   *
   * @param labels partitions of a {@link io.tidemark.event.LabelTable}, by model
   * @param copyKeys what {@link FindDuplicates} would find of these models, which the join has seen
   *     on its way
   * @param models whose labels are joined
   */
  public ScanFiles withLabels(
      PCollection<KV<String, byte[]>> labels,
      PCollection<byte[]> copyKeys,
      Fleet<MonitoringSpec> models) {
    Joined found =
        new Joined(
            labels,
            copyKeys,
            models.map(spec -> AttachLabels.of(spec, LabelWait.ofRun(spec.labels()))));
    return new ScanFiles(specs, inputs, run, tasks, folds, found);
  }

  /** The same with another fold. */
  public ScanFiles into(AggregateOutput<?, ?> fold) {
    List<AggregateOutput<?, ?>> more = new ArrayList<>(folds);
    more.add(fold);
    return new ScanFiles(specs, inputs, run, tasks, List.copyOf(more), joined);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    Fleet<ScanSettings> models = specs.map(spec -> ScanSettings.of(spec, inputs.of(spec.model())));
    PCollection<ScanTask> work = work(begin, "Tasks", inputs);
    boolean deduplicate = specs.any(spec -> spec.events().deduplicate());
    PCollectionView<byte[]> copyKeys = deduplicate ? copyKeys(begin, models) : null;
    List<PCollectionView<?>> views = new ArrayList<>();
    if (deduplicate) {
      views.add(copyKeys);
    }
    PCollectionView<Iterable<KV<String, byte[]>>> labels =
        joined == null ? null : joined.labels().apply("ViewLabels", View.asIterable());
    if (labels != null) {
      views.add(labels);
    }
    ScanFn scan =
        new ScanFn(
            models,
            run,
            folds,
            new ScanFn.Tags(BAD, COPIES),
            copyPartitions(),
            copyKeys,
            labels,
            joined == null ? Fleet.of(Map.of()) : joined.models());
    TupleTagList side = TupleTagList.of(BAD).and(COPIES);
    for (AggregateOutput<?, ?> fold : folds) {
      side = side.and(fold.tag());
    }
    ParDo.MultiOutput<ScanTask, KV<String, RowCounts>> step =
        ParDo.of(scan).withOutputTags(COUNTS, side);
    PCollectionTuple scanned = work.apply("Scan", step.withSideInputs(views));
    scanned.get(COUNTS).setCoder(COUNTS_CODER);
    scanned.get(BAD).setCoder(LETTERS_CODER);
    scanned
        .get(COPIES)
        .setCoder(
            KvCoder.of(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()), ByteArrayCoder.of()));
    folds.forEach(fold -> setCoder(scanned, fold));
    return deduplicate ? withKeptCopies(scanned, models) : tuple(scanned, scanned.get(COUNTS));
  }

  private PCollection<ScanTask> work(PBegin begin, String name, Fleet<Input> read) {
    return begin
        .apply(
            name,
            Create.of(ScanTask.deal(read.map(each -> each.files().wanted()), tasks))
                .withCoder(SerializableCoder.of(ScanTask.class)))
        .apply("Spread" + name, Reshuffle.viaRandomKey());
  }

  private PCollectionView<byte[]> copyKeys(PBegin begin, Fleet<ScanSettings> models) {
    List<PCollection<byte[]>> found = new ArrayList<>();
    if (joined != null) {
      found.add(joined.copyKeys());
    }
    // Of the others' rows nobody has seen the ids yet.
    Fleet<ScanSettings> others =
        specs.mapped(
            spec ->
                spec.events().deduplicate()
                        && (joined == null || !joined.models().has(spec.model()))
                    ? Optional.of(keys(spec, models.of(spec.model())))
                    : Optional.empty());
    if (!others.isEmpty()) {
      Fleet<Input> read =
          specs.mapped(
              spec ->
                  others.has(spec.model())
                      ? Optional.of(inputs.of(spec.model()))
                      : Optional.empty());
      found.add(
          work(begin, "IdTasks", read)
              .apply("FindCopies", new FindDuplicates(others, run, aboutRows())));
    }
    return PCollectionList.of(found)
        .apply("AllCopyKeys", Flatten.pCollections())
        .apply("CollectCopyKeys", FindDuplicates.collected());
  }

  private static ScanSettings keys(MonitoringSpec spec, ScanSettings model) {
    return model.reading(ModelRows.of(spec, EventColumns.keysOnly(spec), Redaction.of(spec, null)));
  }

  private long aboutRows() {
    Map<String, Long> byInput = new HashMap<>(); // models may share theirs
    inputs.all().forEach(each -> byInput.put(each.files().hash(), each.files().aboutRows()));
    return byInput.values().stream().mapToLong(each -> each).sum();
  }

  /** Enough that the copies of a partition fit in memory even where every row has one. */
  private int copyPartitions() {
    return (int) Math.max(4, Math.min(1024, aboutRows() >> 17));
  }

  private PCollectionTuple withKeptCopies(PCollectionTuple scanned, Fleet<ScanSettings> models) {
    PCollectionTuple kept =
        scanned
            .get(COPIES)
            .apply("GroupCopies", GroupByKey.create())
            .apply(
                "KeepOneCopy",
                ParDo.of(new KeepOneDuplicateFn(COPY_COUNTS, models))
                    .withOutputTags(KeepOneDuplicateFn.KEPT, TupleTagList.of(COPY_COUNTS)));
    PCollection<KV<String, InferenceEvent>> events =
        kept.get(KeepOneDuplicateFn.KEPT)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), InferenceEventCoder.of()));
    PCollection<KV<String, RowCounts>> counts =
        PCollectionList.of(scanned.get(COUNTS))
            .and(kept.get(COPY_COUNTS).setCoder(COUNTS_CODER))
            .apply("AllCounts", Flatten.pCollections());
    PCollectionTuple all = tuple(scanned, counts);
    Fleet<WindowSpec> windows = specs.map(MonitoringSpec::window);
    for (AggregateOutput<?, ?> fold : folds) {
      all = withKept(all, fold, events, windows);
    }
    return all;
  }

  private static <K, S> PCollectionTuple withKept(
      PCollectionTuple all,
      AggregateOutput<K, S> output,
      PCollection<KV<String, InferenceEvent>> events,
      Fleet<WindowSpec> windows) {
    PCollection<KV<K, byte[]>> states =
        events
            .apply(
                output.name() + "OfCopies",
                ParDo.of(new AggregateFn<>(output.fold(), output.stateCoder(), windows)))
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

  private PCollectionTuple tuple(
      PCollectionTuple scanned, PCollection<KV<String, RowCounts>> counts) {
    PCollectionTuple all =
        PCollectionTuple.of(COUNTS, counts.apply("SumCounts", Combine.perKey(new RowCounts.Sum())))
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
