package io.tidemark.pipeline;

import io.tidemark.alerts.SendAlerts;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.labelissues.FindLabelIssues;
import io.tidemark.labelissues.LabelTold;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.profile.EmptyFields;
import io.tidemark.profile.TellPeriods;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.slices.JudgedSlice;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.store.LettersByReason;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * The results of a job that ends: each is handed over by a step of the job, and taken of each model
 * when it is done.
 */
public final class JobResults implements RunResults {
  private static final String COUNTS = "counts";
  private static final String LABELS = "labels";
  private static final String LISTED = "listed";
  private static final String PREDICTIONS = "predictions";
  private static final String UNUSABLE = "unusable";
  private static final String STANDING = "standing";
  private static final String SNAPSHOTS = "snapshots";
  private static final String REFUSED = "refused";
  private static final String SLICES_STAY = "slices-stay";
  private static final String LABEL_ISSUES = "label-issues";
  private static final String LABEL_ISSUES_STAY = "label-issues-stay";
  private static final String AUGMENTED = "augmented";
  private static final String SENT = "alerts-sent";
  private static final String UNDELIVERED = "alerts-undelivered";
  private static final Coder<String> TEXT = StringUtf8Coder.of();

  private final ResultFiles handOver;
  private final Map<String, Map<String, ? extends List<?>>> taken = new HashMap<>();

  public JobResults(ResultFiles handOver) {
    this.handOver = handOver;
  }

  /** Takes what became of the rows, and what is wrong with the unusable ones. */
  public void rows(
      PCollection<KV<String, RowCounts>> counts, PCollection<KV<String, DeadLetter>> bad) {
    counts.apply("HandOverCounts", handOver.receiveByModel(COUNTS, new RowCounts.RowCountsCoder()));
    bad.apply("BadRows", BadRows.receive(handOver, BadRows.Source.EVENTS));
  }

  /** The same of labels, and the files that list what labels nothing. */
  void labels(LabelJoin.Joined joined) {
    joined.bad().apply("BadLabels", BadRows.receive(handOver, BadRows.Source.LABELS));
    joined
        .counts()
        .apply("HandOverLabels", handOver.receiveByModel(LABELS, new LabelCounts.CountsCoder()));
    joined.listed().apply("HandOverListed", handOver.receiveByModel(LISTED, TEXT));
  }

  /** Takes what became of rows that were made or collected on request. */
  void augmented(
      PCollection<KV<String, RowCounts>> counts, PCollection<KV<String, DeadLetter>> bad) {
    counts.apply(
        "HandOverAugmented", handOver.receiveByModel(AUGMENTED, new RowCounts.RowCountsCoder()));
    bad.apply("BadAugmentedRows", BadRows.receive(handOver, BadRows.Source.AUGMENTED));
  }

  /** Takes a line a window that stays as it is. */
  public void standing(PCollection<KV<String, String>> lines) {
    lines.apply("HandOverStanding", handOver.receiveByModel(STANDING, TEXT));
  }

  @Override
  public void unusable(PCollection<KV<WindowKey, WindowProfile>> windows) {
    windows
        .apply("UnusableValues", EmptyFields.total())
        .apply("HandOverUnusable", handOver.receiveByModel(UNUSABLE, EmptyFields.COUNTS));
  }

  @Override
  public void predictions(PCollection<KV<WindowKey, Coverage>> covered) {
    covered
        .apply("CountPredictions", MapElements.via(new Counts()))
        .setCoder(KvCoder.of(TEXT, new PredictionCounts.CountsCoder()))
        .apply("SumPredictions", Combine.perKey(new PredictionCounts.Sum()))
        .apply(
            "HandOverPredictions",
            handOver.receiveByModel(PREDICTIONS, new PredictionCounts.CountsCoder()));
  }

  @Override
  public void alerts(PCollectionTuple told) {
    told.get(SendAlerts.SENT)
        .apply("CountSentAlerts", Count.perKey())
        .apply("HandOverSentAlerts", handOver.receiveByModel(SENT, VarLongCoder.of()));
    told.get(SendAlerts.UNDELIVERED)
        .apply("HandOverUndelivered", handOver.receiveByModel(UNDELIVERED, TEXT));
  }

  @Override
  public void snapshots(PCollectionTuple curated) {
    curated
        .get(CurateSnapshot.PUBLISHED)
        .apply("HandOverSnapshots", handOver.receiveByModel(SNAPSHOTS, TEXT));
    curated
        .get(CurateSnapshot.REFUSED)
        .apply("HandOverRefused", handOver.receiveByModel(REFUSED, TEXT));
  }

  @Override
  public void slices(
      PCollection<KV<String, String>> stays, PCollection<WindowRevision<List<JudgedSlice>>> found) {
    stays.apply("HandOverSlicesThatStay", handOver.receiveByModel(SLICES_STAY, TEXT));
  }

  @Override
  public void labelIssues(PCollectionTuple found) {
    found
        .get(FindLabelIssues.FOUND)
        .apply(
            "CountLabelIssues",
            MapElements.into(
                    TypeDescriptors.kvs(
                        TypeDescriptors.strings(), TypeDescriptor.of(LabelTold.class)))
                .via(judged -> KV.of(judged.period().model(), judged.told())))
        .setCoder(KvCoder.of(TEXT, new LabelTold.ToldCoder()))
        .apply(
            "HandOverLabelIssues",
            handOver.receiveByModel(LABEL_ISSUES, new LabelTold.ToldCoder()));
    found
        .get(TellPeriods.STAYS)
        .apply("HandOverLabelIssuesThatStay", handOver.receiveByModel(LABEL_ISSUES_STAY, TEXT));
  }

  /** A model's results; of {@link ScanFiles#NOBODY} what is no model's. */
  public Of of(String model) {
    return new Of(model);
  }

  @SuppressWarnings("unchecked") // what is taken under a name has one type
  private <T> List<T> take(String model, String name, Coder<T> coder) throws IOException {
    Map<String, List<T>> all = (Map<String, List<T>>) taken.get(name);
    if (all == null) {
      all = handOver.takeByModel(name, coder);
      taken.put(name, all);
    }
    return all.getOrDefault(model, List.of());
  }

  private BadRows bad(String model, BadRows.Source source) throws IOException {
    String name = "bad " + source;
    if (!taken.containsKey(name)) {
      taken.put(name, BadRows.takeAll(handOver, source));
    }
    return BadRows.of(take(model, name, LettersByReason.CODER), source);
  }

  /** The results of one model. */
  public final class Of {
    private final String model;

    private Of(String model) {
      this.model = model;
    }

    public RowCounts rows() throws IOException {
      return first(COUNTS, new RowCounts.RowCountsCoder(), RowCounts.NONE);
    }

    LabelCounts labels() throws IOException {
      return first(LABELS, new LabelCounts.CountsCoder(), LabelCounts.NONE);
    }

    /** Paths of the files that list what labels nothing. */
    List<String> listed() throws IOException {
      return sorted(LISTED);
    }

    PredictionCounts predictions() throws IOException {
      return first(PREDICTIONS, new PredictionCounts.CountsCoder(), PredictionCounts.NONE);
    }

    /** Rows that were made or collected on request. */
    public RowCounts augmented() throws IOException {
      return first(AUGMENTED, new RowCounts.RowCountsCoder(), RowCounts.NONE);
    }

    public BadRows badAugmented() throws IOException {
      return bad(model, BadRows.Source.AUGMENTED);
    }

    /** As {@link EmptyFields} counts them. */
    public List<List<Long>> unusable() throws IOException {
      return take(model, UNUSABLE, EmptyFields.COUNTS);
    }

    public BadRows badRows() throws IOException {
      return bad(model, BadRows.Source.EVENTS);
    }

    public BadRows badLabels() throws IOException {
      return bad(model, BadRows.Source.LABELS);
    }

    public List<String> standing() throws IOException {
      return sorted(STANDING);
    }

    /** Paths of the manifests that were published. */
    public List<String> snapshots() throws IOException {
      return sorted(SNAPSHOTS);
    }

    /** Why snapshots stay as they are. */
    public List<String> refused() throws IOException {
      return sorted(REFUSED);
    }

    /** Why slices stay as they are. */
    public List<String> slicesStay() throws IOException {
      return sorted(SLICES_STAY);
    }

    /** Label issues of each period that was judged, in their order. */
    public List<LabelTold> labelIssues() throws IOException {
      return take(model, LABEL_ISSUES, new LabelTold.ToldCoder()).stream()
          .sorted(Comparator.comparingLong(LabelTold::start))
          .toList();
    }

    /** Why label issues stay as they are. */
    public List<String> labelIssuesStay() throws IOException {
      return sorted(LABEL_ISSUES_STAY);
    }

    long alertsSent() throws IOException {
      return first(SENT, VarLongCoder.of(), 0L);
    }

    /** A line each: id, what it is about, why it was not delivered. */
    List<String> undelivered() throws IOException {
      return sorted(UNDELIVERED);
    }

    private <T> T first(String name, Coder<T> coder, T none) throws IOException {
      List<T> all = take(model, name, coder);
      return all.isEmpty() ? none : all.get(0);
    }

    private List<String> sorted(String name) throws IOException {
      return take(model, name, TEXT).stream().sorted().toList();
    }
  }

  private static final class Counts
      extends SimpleFunction<KV<WindowKey, Coverage>, KV<String, PredictionCounts>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<String, PredictionCounts> apply(KV<WindowKey, Coverage> window) {
      return KV.of(window.getKey().model(), window.getValue().counts());
    }
  }
}
