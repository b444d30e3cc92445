package io.tidemark.performance;

import io.tidemark.event.EventLayout;
import io.tidemark.event.Redaction;
import io.tidemark.profile.InputCells;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.CellChange;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.Task;
import io.tidemark.stats.performance.Attribution;
import io.tidemark.stats.performance.CellErrors;
import io.tidemark.stats.performance.Metric;
import java.util.ArrayList;
import java.util.List;

/** Where the change of a window's mean error comes from, for the findings about it. */
final class ExplainChange {
  private static final int TOP_CELLS = 5;

  /** A part that makes up so much of a change names it. */
  private static final double MOST = .8;

  private final Attribution attribution;
  private final CellErrors baseline;
  private final CellErrors window;
  private final Task task;
  private final List<CellChange> cells = new ArrayList<>();

  private ExplainChange(
      CellErrors baseline,
      CellErrors window,
      Task task,
      InputCells partition,
      EventLayout layout,
      Redaction redaction) {
    this.attribution = Attribution.of(baseline, window);
    this.baseline = baseline;
    this.window = window;
    this.task = task;
    for (Attribution.Part part : attribution.parts()) {
      if (cells.size() < TOP_CELLS) {
        cells.add(
            new CellChange(
                partition.label(part.cell(), layout, redaction),
                (double) part.baselineRows() / baseline.rows(),
                (double) part.windowRows() / window.rows(),
                finite(part.baselineError()),
                finite(part.windowError()),
                part.data(),
                part.concept()));
      }
    }
  }

  /** Null where the baseline has no labels, or its cells are not those of the run. */
  static ExplainChange of(
      WindowOutcomes window, PerformanceReference reference, Redaction redaction) {
    if (reference == null
        || !reference.model().partition().equals(window.layout().model().partition())) {
      return null;
    }
    return new ExplainChange(
        reference.cells(),
        window.cells(),
        window.layout().task(),
        reference.model().partition(),
        window.layout().profile().layout(),
        redaction);
  }

  /** The metric that is the mean error, or one less it. */
  Metric metric() {
    return task == Task.REGRESSION ? Metric.MAE : Metric.ACCURACY;
  }

  long baselineRows() {
    return baseline.rows();
  }

  long windowRows() {
    return window.rows();
  }

  /** NaN without labels. */
  double byRelation() {
    return attribution.concept();
  }

  /**
   * By how much the relation's part may be off by sampling alone.
   *
   * @param deviation of a row's error
   */
  double relationError(double deviation) {
    double variance = 0;
    for (Attribution.Part part : attribution.parts()) {
      double n = part.baselineRows();
      double m = part.windowRows();
      if (m == 0 || n == 0) {
        continue; // the inputs' part is all there is
      }
      double spread = deviation * deviation;
      if (task != Task.REGRESSION) {
        // One right and one wrong row more: a cell without errors is not without doubt.
        double wrong = baseline.errors(part.cell()) + window.errors(part.cell()) + 1;
        double rate = wrong / (n + m + 2);
        spread = rate * (1 - rate);
      }
      double share = m / window.rows();
      variance += share * share * spread * (1 / m + 1 / n);
    }
    return Math.sqrt(variance);
  }

  /**
   * Takes back the concept drift that a gap between realised and estimated performance seems to be
   * where it is inputs moving to where the model was bad before: estimates know the scores alone,
   * and where these are not calibrated for every input they miss that. So they do where the gap has
   * the direction of the change of the mean error, moved inputs make up most of it, and the
   * relation's part does not ring itself.
   */
  void excuse(List<PendingFinding> found) {
    boolean relationRings =
        found.stream().anyMatch(draft -> isRelation(draft) && draft.finding.getAlarm());
    double inputs = attribution.data();
    boolean most =
        inputs / attribution.change() >= MOST && Math.abs(inputs) > CompareMetric.NEGLIGIBLE;
    if (relationRings || !most || task == Task.REGRESSION) {
      return;
    }
    for (PendingFinding draft : found) {
      boolean gap =
          draft.gapOf != null && draft.finding.getSegment().isEmpty() && draft.finding.getAlarm();
      if (gap && draft.gapOf.better() * draft.value * inputs < 0) {
        String reason = draft.finding.getReason();
        draft.conclude(false, "no concept drift: " + text(false) + ", though " + reason);
      }
    }
  }

  private static boolean isRelation(PendingFinding draft) {
    return draft.finding.getMethod().equals(CompareMetric.RELATION_CHANGE);
  }

  /** Says in findings about all rows' realised performance what its change comes from. */
  void in(List<PendingFinding> found) {
    boolean drifted =
        found.stream()
            .map(draft -> draft.finding)
            .anyMatch(each -> each.getKind() == FindingKind.concept_drift && each.getAlarm());
    found.forEach(draft -> in(draft.finding, drifted));
  }

  private void in(Finding finding, boolean drifted) {
    boolean about =
        finding.getSegment().isEmpty() && finding.getKind() != FindingKind.estimated_performance;
    if (!about || Double.isNaN(attribution.change())) {
      return;
    }
    finding.setChange(finite(attribution.change()));
    finding.setChangeByInputs(finite(attribution.data()));
    finding.setChangeByRelation(finite(attribution.concept()));
    finding.setTopCells(cells);
    if (finding.getAlarm()) {
      finding.setReason(finding.getReason() + "; " + text(drifted));
    }
  }

  /**
   * @param drifted whether the window has a finding that there is concept drift, which no other may
   *     contradict
   */
  private String text(boolean drifted) {
    double share = attribution.data() / attribution.change();
    String cause;
    if (share >= MOST) {
      cause = drifted ? "data drift in the main, beside concept drift" : "data drift";
    } else if (!drifted) {
      cause = "too little of a changed relation by itself to call it concept drift";
    } else {
      cause = share <= 1 - MOST ? "concept drift" : "data drift and concept drift";
    }
    return String.format(
        java.util.Locale.ROOT,
        "mean error changed by %s: %s by moved inputs, %s by a changed relation (%s)",
        signed(attribution.change()),
        signed(attribution.data()),
        signed(attribution.concept()),
        cause);
  }

  private static String signed(double value) {
    String form = Math.abs(value) < 1e9 ? "%+.4f" : "%+.3e";
    return String.format(java.util.Locale.ROOT, form, value);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
