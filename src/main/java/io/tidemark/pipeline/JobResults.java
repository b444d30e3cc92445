package io.tidemark.pipeline;

import io.tidemark.alerts.SendAlerts;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.RowCounts;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.profile.EmptyFields;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.snapshot.CurateSnapshot;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The results of a job that ends: each is handed over by a step of the job and taken here when it
 * is done.
 */
record JobResults(ResultFiles handOver) implements RunResults {
  private static final String COUNTS = "counts";
  private static final String LABELS = "labels";
  private static final String LISTED = "listed";
  private static final String PREDICTIONS = "predictions";
  private static final String UNUSABLE = "unusable";
  private static final String STANDING = "standing";
  private static final String SNAPSHOTS = "snapshots";
  private static final String REFUSED = "refused";
  private static final String SENT = "alerts-sent";
  private static final String UNDELIVERED = "alerts-undelivered";
  private static final Coder<String> TEXT = StringUtf8Coder.of();

  /** Takes what became of the rows, and what is wrong with the unusable ones. */
  void rows(PCollection<RowCounts> counts, PCollection<DeadLetter> bad) {
    counts.apply("HandOverCounts", handOver.receive(COUNTS, new RowCounts.RowCountsCoder()));
    bad.apply("BadRows", BadRows.receive(handOver, false));
  }

  /** The same of labels, and the files that list what labels nothing. */
  void labels(LabelJoin.Joined joined) {
    joined.bad().apply("BadLabels", BadRows.receive(handOver, true));
    joined
        .counts()
        .apply("HandOverLabels", handOver.receive(LABELS, new LabelCounts.CountsCoder()));
    joined.listed().apply("HandOverListed", handOver.receive(LISTED, TEXT));
  }

  /** Takes a line a window that stays as it is. */
  void standing(PCollection<String> lines) {
    lines.apply("HandOverStanding", handOver.receive(STANDING, TEXT));
  }

  @Override
  public void unusable(PCollection<KV<WindowKey, WindowProfile>> windows) {
    windows
        .apply("UnusableValues", EmptyFields.total())
        .apply("HandOverUnusable", handOver.receive(UNUSABLE, EmptyFields.COUNTS));
  }

  @Override
  public void predictions(PCollection<KV<WindowKey, Coverage>> covered) {
    covered
        .apply("CountPredictions", MapElements.via(new Counts()))
        .setCoder(new PredictionCounts.CountsCoder())
        .apply("SumPredictions", Combine.globally(new PredictionCounts.Sum()))
        .apply(
            "HandOverPredictions",
            handOver.receive(PREDICTIONS, new PredictionCounts.CountsCoder()));
  }

  @Override
  public void alerts(PCollectionTuple told) {
    told.get(SendAlerts.SENT)
        .apply("CountSentAlerts", Count.globally())
        .apply("HandOverSentAlerts", handOver.receive(SENT, VarLongCoder.of()));
    told.get(SendAlerts.UNDELIVERED)
        .apply("HandOverUndelivered", handOver.receive(UNDELIVERED, TEXT));
  }

  @Override
  public void snapshots(PCollectionTuple curated) {
    curated
        .get(CurateSnapshot.PUBLISHED)
        .apply("HandOverSnapshots", handOver.receive(SNAPSHOTS, TEXT));
    curated.get(CurateSnapshot.REFUSED).apply("HandOverRefused", handOver.receive(REFUSED, TEXT));
  }

  RowCounts rows() throws IOException {
    List<RowCounts> counts = handOver.take(COUNTS, new RowCounts.RowCountsCoder());
    return counts.isEmpty() ? RowCounts.NONE : counts.get(0);
  }

  LabelCounts labels() throws IOException {
    List<LabelCounts> counts = handOver.take(LABELS, new LabelCounts.CountsCoder());
    return counts.isEmpty() ? LabelCounts.NONE : counts.get(0);
  }

  /** Paths of the files that list what labels nothing. */
  List<String> listed() throws IOException {
    return sorted(LISTED);
  }

  PredictionCounts predictions() throws IOException {
    List<PredictionCounts> counts = handOver.take(PREDICTIONS, new PredictionCounts.CountsCoder());
    return counts.isEmpty() ? PredictionCounts.NONE : counts.get(0);
  }

  /** As {@link EmptyFields} counts them. */
  List<List<Long>> unusable() throws IOException {
    return handOver.take(UNUSABLE, EmptyFields.COUNTS);
  }

  BadRows badRows() throws IOException {
    return BadRows.take(handOver, false);
  }

  BadRows badLabels() throws IOException {
    return BadRows.take(handOver, true);
  }

  List<String> standing() throws IOException {
    return sorted(STANDING);
  }

  /** Paths of the manifests that were published. */
  List<String> snapshots() throws IOException {
    return sorted(SNAPSHOTS);
  }

  /** Why snapshots stay as they are. */
  List<String> refused() throws IOException {
    return sorted(REFUSED);
  }

  long alertsSent() throws IOException {
    return handOver.take(SENT, VarLongCoder.of()).stream().mapToLong(Long::longValue).sum();
  }

  /** A line each: id, what it is about, why it was not delivered. */
  List<String> undelivered() throws IOException {
    return sorted(UNDELIVERED);
  }

  private List<String> sorted(String name) throws IOException {
    return handOver.take(name, TEXT).stream().sorted().toList();
  }

  private static final class Counts
      extends SimpleFunction<KV<WindowKey, Coverage>, PredictionCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public PredictionCounts apply(KV<WindowKey, Coverage> window) {
      return window.getValue().counts();
    }
  }
}
