package io.tidemark.performance;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.OutcomeFigures;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.profile.StatisticRows;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Performance;
import io.tidemark.schema.PerformanceSource;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.performance.Measured;
import io.tidemark.stats.performance.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is said of one window's performance. Not thread-safe: it keeps what follows from the
 * baseline between windows.
 */
final class MeasureWindow {
  private final PerformanceContext context;
  private final MonitoringSpec spec;
  private final List<Metric> metrics;
  private final CompareMetric comparer;
  private final FamilyJudge judge;

  /** Null: labels are fields like others. */
  private final LabelDrift labelDrift;

  private final boolean wordsShown;

  /** What goes into the tables. */
  record Measurements(List<Performance> figures, List<Finding> findings) {}

  /** A row of the performance table, and the finding about it; null: none was made. */
  private record Figure(Performance row, PendingFinding draft) {}

  MeasureWindow(PerformanceContext context) {
    this.context = context;
    this.spec = context.spec();
    this.metrics = metrics(spec);
    this.comparer = new CompareMetric(spec.drift().preset());
    this.judge = new FamilyJudge(spec.drift());
    this.wordsShown = wordsShown(context);
    this.labelDrift = LabelDrift.of(spec, context.redaction());
  }

  private static boolean wordsShown(PerformanceContext context) {
    MonitoringSpec spec = context.spec();
    boolean hidden =
        spec.fields().stream()
            .filter(field -> field.role() != Field.Role.FEATURE)
            .anyMatch(field -> context.redaction().hides(field));
    return !hidden && !context.redaction().hides("label");
  }

  /** Those that the spec names, else all of its task. */
  private static List<Metric> metrics(MonitoringSpec spec) {
    List<Metric> all = OutcomeFigures.metrics(spec.task());
    boolean named = spec.performance() != null && !spec.performance().metrics().isEmpty();
    return named
        ? all.stream().filter(m -> spec.performance().metrics().contains(m.id())).toList()
        : all;
  }

  /**
   * @param complete whether nothing of the window was cut off
   */
  Measurements measure(WindowKey key, WindowOutcomes window, boolean complete) {
    PendingFindings drafts = new PendingFindings(spec, key, complete);
    FigureRows rows = new FigureRows(spec, key, complete);
    Baseline baseline = context.baselines().of(key.version());
    PerformanceReference reference = baseline == null ? null : baseline.performance();
    List<Figure> figures = new ArrayList<>();
    List<PendingFinding> found = new ArrayList<>();
    List<LabelDrift.Tested> labels = new ArrayList<>();
    ProfileLayout layout = window.layout().profile();
    List<ProfileLayout.Segment> segments = layout.segmentNames();
    for (int i = 0; i < segments.size(); i++) {
      SegmentOutcomes outcomes = window.segment(i);
      if (outcomes == null) {
        continue; // the segment has no rows in this window
      }
      String feature = i == 0 ? "" : layout.layout().fields().get(segments.get(i).field()).name();
      String value = i == 0 ? "" : segments.get(i).value();
      String shown = StatisticRows.segmentName(layout, segments.get(i), context.redaction());
      PerformanceReference.Segment usual =
          reference == null ? null : reference.segment(feature, value);
      String place = baseline == null ? "" : baseline.hash() + "\u0000" + feature + "=" + value;
      measure(drafts, rows, shown, outcomes, usual, place, baseline, figures, found);
      if (labelDrift != null && baseline != null) {
        labels.add(
            labelDrift.compare(drafts, shown, window.layout(), outcomes, baseline, usual, place));
      }
    }
    ExplainChange explain = ExplainChange.of(window, reference, context.redaction());
    if (explain != null) {
      comparer
          .relation(drafts, explain, reference, baseline, window.segment(0).rows())
          .ifPresent(found::add);
    }
    judge.conclude(found);
    if (explain != null) {
      if (spec.drift().preset() != Preset.NANNYML) {
        explain.excuse(found);
      }
      explain.in(found);
    }
    for (Figure figure : figures) {
      figure.row.setAlarm(figure.draft != null && figure.draft.finding.getAlarm());
    }
    List<Finding> findings = new ArrayList<>();
    found.forEach(draft -> findings.add(draft.finding));
    String words = window.segment(0).problemOfWords(spec, wordsShown);
    if (words != null) {
      long labelled = window.segment(0).labelled();
      findings.add(
          drafts
              .begin(FindingKind.schema, "", "label", "schema", 0, labelled, Double.NaN)
              .conclude(true, words)
              .finding);
    }
    if (labelDrift != null) {
      labelDrift.conclude(labels);
      labels.forEach(tested -> findings.add(tested.finding()));
    }
    return new Measurements(figures.stream().map(Figure::row).toList(), findings);
  }

  private void measure(
      PendingFindings drafts,
      FigureRows rows,
      String segment,
      SegmentOutcomes outcomes,
      PerformanceReference.Segment reference,
      String place,
      Baseline baseline,
      List<Figure> figures,
      List<PendingFinding> found) {
    OutcomeFigures measured = new OutcomeFigures(outcomes);
    boolean compared = baseline != null;
    boolean spansDay = compared && baseline.spansDay();
    double coverage = reference == null ? 0 : (double) reference.labelled() / reference.rows();
    for (Metric metric : metrics) {
      PerformanceReference.Usual usual = reference == null ? null : reference.of(metric);
      CompareMetric.Subject subject =
          new CompareMetric.Subject(
              segment,
              metric,
              usual,
              reference == null ? 0 : reference.labelled(),
              coverage,
              place,
              spansDay);
      Measured realised = measured.realised(metric);
      PendingFinding realisedDraft =
          compared
              ? comparer.realised(
                  drafts,
                  subject,
                  realised.value(),
                  measured.measured(metric),
                  outcomes.labelled(),
                  outcomes.rows())
              : null;
      Performance row =
          rows.row(
              segment,
              metric,
              PerformanceSource.realized,
              realised,
              outcomes,
              measured.leftOut(metric),
              usual);
      if (metric == Metric.ECE) {
        rows.addBins(row, measured.reliability());
      }
      figures.add(new Figure(row, realisedDraft));
      add(found, realisedDraft);
      boolean estimates =
          OutcomeFigures.estimates(outcomes.task(), metric)
              && (outcomes.expected() != null || outcomes.expectedClasses() != null);
      if (estimates) {
        Measured estimated = measured.estimated(metric);
        PendingFinding estimatedDraft =
            compared
                ? comparer.estimated(
                    drafts, subject, estimated.value(), measured.scored(), outcomes.rows())
                : null;
        figures.add(
            new Figure(
                rows.row(
                    segment, metric, PerformanceSource.estimated, estimated, outcomes, 0, usual),
                estimatedDraft));
        add(found, estimatedDraft);
        if (compared && metric.lower() == 0 && metric.upper() == 1) {
          found.add(
              comparer.gap(
                  drafts,
                  subject,
                  realised.value(),
                  outcomes.labelled(),
                  estimated.value(),
                  outcomes.rows(),
                  Math.min(measured.measured(metric), measured.scored())));
        }
      }
    }
  }

  private static void add(List<PendingFinding> found, PendingFinding draft) {
    if (draft != null) {
      found.add(draft);
    }
  }
}
