package io.tidemark.performance;

import io.tidemark.profile.Baseline;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.PerformanceReference.Figure;
import io.tidemark.profile.PerformanceReference.Usual;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.performance.Gap;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.ReferenceRange;
import io.tidemark.stats.performance.SamplingError;
import io.tidemark.stats.performance.Thresholds;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Holds one metric of a window against the baseline's windows. Preset nannyml concludes by its
 * thresholds; under the others the finding gets its p and waits for its family. Not thread-safe.
 */
final class CompareMetric {
  /** A smaller change of a share is of no consequence, however many rows it rests on. */
  static final double NEGLIGIBLE = .02;

  static final String RELATION_CHANGE = "relation_change";

  /** The same of other figures, in deviations of what a row contributes. */
  private static final double NEGLIGIBLE_DEVIATIONS = .05;

  /** By so many deviations of what a row contributes windows may differ without surprise. */
  private static final double SCALE = .02;

  /** By so many hours of the day may that the baseline has not seen. */
  private static final double UNSEEN_SCALE = .04;

  /** A smaller part of the labels that usually come says little of the rest. */
  private static final double ENOUGH = .5;

  /** A metric of fewer of the rows is one of others. */
  private static final double ENOUGH_SCORED = .5;

  /** Estimates are of all rows: what few labels say of some is no change of the relation. */
  private static final double ENOUGH_TO_COMPARE = .8;

  private final Preset preset;
  private final Map<String, Optional<ReferenceRange>> ranges = new HashMap<>();

  /**
   * What is compared.
   *
   * @param usual null: the baseline knows nothing of it
   * @param labelled rows of the baseline behind it
   * @param coverage share of the baseline's rows that have one
   * @param place names baseline and segment
   * @param spansDay whether the baseline has seen the hours of the day
   */
  record Subject(
      String segment,
      Metric metric,
      Usual usual,
      long labelled,
      double coverage,
      String place,
      boolean spansDay) {}

  CompareMetric(Preset preset) {
    this.preset = preset;
  }

  /**
   * @param measured share of the labelled rows that the metric is of
   * @param all rows of the window, labelled or not
   */
  PendingFinding realised(
      PendingFindings drafts, Subject subject, double value, double measured, long rows, long all) {
    PendingFinding draft = begin(drafts, FindingKind.performance, subject, rows, value);
    if (measured < ENOUGH_SCORED) {
      return draft.conclude(false, fewScored(measured, "labelled rows"));
    }
    if (!Double.isFinite(value)) {
      return draft.conclude(
          false,
          rows == 0
              ? "no_labels: no label of this window has come"
              : "no_value: "
                  + subject.metric().id()
                  + " is not defined for these rows, or beyond the range of numbers");
    }
    String few = tooFewLabels(subject, rows, all, ENOUGH);
    return few != null
        ? draft.conclude(false, few)
        : holdAgainstUsual(draft, subject, rows, "realised", Figure::realised, Figure::labelled);
  }

  /**
   * @param scored share of the rows that the estimate is of
   */
  PendingFinding estimated(
      PendingFindings drafts, Subject subject, double value, double scored, long rows) {
    PendingFinding draft = begin(drafts, FindingKind.estimated_performance, subject, rows, value);
    if (scored < ENOUGH_SCORED) {
      return draft.conclude(false, fewScored(scored, "rows"));
    }
    if (!Double.isFinite(value)) {
      return draft.conclude(
          false,
          rows == 0
              ? "no_rows: the window is empty"
              : "no_value: " + subject.metric().id() + " cannot be estimated for these rows");
    }
    return holdAgainstUsual(draft, subject, rows, "estimated", Figure::estimated, Figure::rows);
  }

  private static String fewScored(double share, String rows) {
    return "few_scored: the figure is of "
        + ShortNumber.of(share)
        + " of the "
        + rows
        + ", the others have no score from 0 to 1 or, for mape, a truth of 0";
  }

  /** Labels that come first need not be like the others; null: there are enough of them. */
  private String tooFewLabels(Subject subject, long labelled, long all, double enough) {
    double coverage = (double) labelled / all;
    if (preset == Preset.NANNYML || !(coverage < enough * subject.coverage())) {
      return null;
    }
    return "labels_incomplete: "
        + ShortNumber.of(coverage)
        + " of the predictions have a label, in the baseline "
        + ShortNumber.of(subject.coverage());
  }

  private static PendingFinding begin(
      PendingFindings drafts, FindingKind kind, Subject subject, long rows, double value) {
    Metric metric = subject.metric();
    PendingFinding draft =
        drafts.begin(kind, subject.segment(), "", metric.id(), subject.labelled(), rows, value);
    draft.better = metric.better();
    return draft;
  }

  private PendingFinding holdAgainstUsual(
      PendingFinding draft,
      Subject subject,
      long rows,
      String what,
      ToDoubleFunction<Figure> value,
      java.util.function.ToLongFunction<Figure> behind) {
    Usual usual = subject.usual();
    if (usual == null) {
      return draft.conclude(
          false,
          "no_baseline: the baseline has no labels of these rows; build it with labels to compare");
    }
    if (preset == Preset.NANNYML) {
      return holdAgainstThresholds(draft, subject.metric(), usual);
    }
    SamplingError error = usual.error();
    draft.usual =
        range(
            subject.place() + "\u0000" + subject.metric() + what,
            usual,
            subject.spansDay(),
            value,
            figure -> error.at(behind.applyAsLong(figure)));
    draft.error = error.at(rows);
    draft.effect = effect(subject.metric(), error);
    if (draft.usual == null || !Double.isFinite(draft.error)) {
      return draft.conclude(
          false, "no_test: the baseline does not say by how much this metric varies");
    }
    draft.centre = draft.usual.mean();
    if (subject.metric() == Metric.ECE) {
      return draft.conclude(
          false, "reported only: a calibration error grows as rows get few; see log_loss, brier");
    }
    draft.p =
        switch (draft.better) {
          case 1 -> draft.usual.below(draft.value, draft.error);
          case -1 -> draft.usual.above(draft.value, draft.error);
          default -> draft.usual.beyond(draft.value, draft.error);
        };
    return draft;
  }

  private static PendingFinding holdAgainstThresholds(
      PendingFinding draft, Metric metric, Usual usual) {
    Thresholds thresholds = Thresholds.of(metric, usual.realised());
    if (Double.isNaN(thresholds.lower())) {
      return draft.conclude(false, "no_test: no window of the baseline has a value");
    }
    draft.finding.setLowerThreshold(finite(thresholds.lower()));
    draft.finding.setThreshold(finite(thresholds.upper()));
    boolean alarm = thresholds.alarms(draft.value);
    return draft.conclude(
        alarm,
        (alarm ? "outside " : "within ")
            + ShortNumber.of(thresholds.lower())
            + " to "
            + ShortNumber.of(thresholds.upper())
            + ", mean +- 3 sd of the baseline's windows");
  }

  /** How far the realised value is from the estimate: what P(y|x) unchanged does not explain. */
  PendingFinding gap(
      PendingFindings drafts,
      Subject subject,
      double realised,
      long labelled,
      double estimated,
      long rows,
      double scored) {
    String metric = subject.metric().id();
    PendingFinding draft =
        drafts.begin(
            FindingKind.concept_drift,
            subject.segment(),
            metric,
            "realized_vs_estimated",
            subject.labelled(),
            labelled,
            realised - estimated);
    if (scored < ENOUGH_SCORED) {
      return draft.conclude(false, fewScored(scored, "rows"));
    }
    draft.gapOf = subject.metric();
    Usual usual = subject.usual();
    if (usual == null || !Double.isFinite(draft.value)) {
      return draft.conclude(
          false,
          labelled == 0
              ? "no_labels: no label of this window has come"
              : "no_value: there is no realised and estimated " + metric + " to compare");
    }
    String few = tooFewLabels(subject, labelled, rows, ENOUGH_TO_COMPARE);
    if (few != null) {
      return draft.conclude(false, few);
    }
    SamplingError error = usual.error();
    Gap gap = Gap.of(realised, error.at(labelled), estimated, error.at(rows));
    if (preset == Preset.NANNYML) {
      draft.finding.setLowerThreshold(finite(-gap.threshold()));
      draft.finding.setThreshold(finite(gap.threshold()));
      return draft.conclude(
          gap.alarm(),
          "realised less estimated "
              + metric
              + (gap.alarm() ? " is beyond " : " is within ")
              + ShortNumber.of(gap.threshold()));
    }
    draft.usual =
        range(
            subject.place() + "\u0000" + subject.metric() + "gap",
            usual,
            subject.spansDay(),
            figure -> figure.realised() - figure.estimated(),
            figure -> Math.hypot(error.at(figure.labelled()), error.at(figure.rows())));
    draft.error = Math.hypot(error.at(labelled), error.at(rows));
    draft.effect = NEGLIGIBLE;
    draft.atLeast = gap.threshold();
    if (draft.usual == null || !Double.isFinite(draft.error)) {
      return draft.conclude(
          false, "no_test: the baseline does not say by how much this metric varies");
    }
    draft.centre = draft.usual.mean();
    draft.p = draft.usual.beyond(draft.value, draft.error);
    return draft;
  }

  /** What of the change of the mean error a changed relation accounts for. */
  Optional<PendingFinding> relation(
      PendingFindings drafts,
      ExplainChange explain,
      PerformanceReference reference,
      Baseline baseline,
      long all) {
    Metric metric = explain.metric();
    Usual usual = reference.segments().get(0).of(metric);
    PendingFinding draft =
        drafts.begin(
            FindingKind.concept_drift,
            "",
            "",
            RELATION_CHANGE,
            explain.baselineRows(),
            explain.windowRows(),
            explain.byRelation());
    if (!Double.isFinite(draft.value)) {
      return Optional.of(
          draft.conclude(
              false,
              explain.windowRows() == 0
                  ? "no_labels: no label of this window has come"
                  : "no_value: the mean error is beyond the range of numbers"));
    }
    if (preset == Preset.NANNYML || usual == null) {
      return Optional.of(draft.conclude(false, "reported only: no threshold is given"));
    }
    PerformanceReference.Segment rows = reference.segments().get(0);
    Subject subject =
        new Subject(
            "",
            metric,
            usual,
            rows.labelled(),
            (double) rows.labelled() / rows.rows(),
            "",
            baseline.spansDay());
    String few = tooFewLabels(subject, explain.windowRows(), all, ENOUGH_TO_COMPARE);
    if (few != null) {
      return Optional.of(draft.conclude(false, few));
    }
    SamplingError error = usual.error();
    ReferenceRange range =
        range(
            baseline.hash() + "\u0000=\u0000" + metric + "realised",
            usual,
            baseline.spansDay(),
            Figure::realised,
            figure -> error.at(figure.labelled()));
    draft.error = explain.relationError(error.deviation());
    draft.effect = effect(metric, error);
    draft.centre = 0;
    if (range == null || !Double.isFinite(draft.error)) {
      return Optional.of(
          draft.conclude(false, "no_test: the baseline does not say by how much the error varies"));
    }
    draft.usual = range.about(0);
    draft.p = draft.usual.beyond(draft.value, draft.error);
    return Optional.of(draft);
  }

  private ReferenceRange range(
      String name,
      Usual usual,
      boolean spansDay,
      ToDoubleFunction<Figure> value,
      ToDoubleFunction<Figure> error) {
    return ranges
        .computeIfAbsent(
            name,
            key -> {
              double[] values = usual.windows().stream().mapToDouble(value).toArray();
              double[] errors = usual.windows().stream().mapToDouble(error).toArray();
              double deviation = usual.error().deviation();
              return Optional.ofNullable(
                  spansDay
                      ? ReferenceRange.of(values, errors, SCALE * deviation)
                      : ReferenceRange.ofPart(values, errors, UNSEEN_SCALE * deviation));
            })
        .orElse(null);
  }

  private static double effect(Metric metric, SamplingError error) {
    boolean share = metric.upper() == 1;
    return share ? NEGLIGIBLE : NEGLIGIBLE_DEVIATIONS * error.deviation();
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
