package io.tidemark.performance;

import io.tidemark.event.Redaction;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Mover;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.BetweenWindowVariation;
import io.tidemark.stats.Distances;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.DriftRule.Judgement;
import io.tidemark.stats.JudgeFamily;
import io.tidemark.stats.MeanAndDeviation;
import io.tidemark.stats.Moments;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.TopMovers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The drift of labels that come from a source of their own: P(y) of those that have come so far. A
 * log's own labels are fields like others, and judged with them. Not thread-safe: it keeps what
 * follows from the baseline between windows.
 */
final class LabelDrift {
  private static final int TOP_MOVERS = 5;

  /** Labels that come first are not those that come later: most of them have to be there. */
  private static final double ENOUGH = .8;

  private final MonitoringSpec spec;
  private final DriftSpec drift;
  private final boolean hidden;
  private final Map<String, BetweenWindowVariation> variations = new HashMap<>();

  private LabelDrift(MonitoringSpec spec, Redaction redaction) {
    this.spec = spec;
    this.drift = spec.drift();
    this.hidden = redaction.hides("label");
  }

  /** Null where labels are a field of the log, or there are none. */
  static LabelDrift of(MonitoringSpec spec, Redaction redaction) {
    boolean joined = spec.labels() != null && spec.events().label() == null;
    return joined ? new LabelDrift(spec, redaction) : null;
  }

  /** A finding that awaits its family; the judgement is null where it is concluded already. */
  record Tested(Finding finding, Judgement judgement) {}

  /**
   * @param segment as it is shown
   * @param usual of the segment; null: the baseline has no labels of it
   * @param place names the segment among all of the baseline
   */
  Tested compare(
      PendingFindings drafts,
      String segment,
      OutcomeLayout layout,
      SegmentOutcomes outcomes,
      Baseline baseline,
      PerformanceReference.Segment usual,
      String place) {
    PendingFinding draft =
        drafts.begin(
            FindingKind.label_drift,
            segment,
            "label",
            "jensen_shannon",
            usual == null ? 0 : usual.labelled(),
            outcomes.labelled(),
            Double.NaN);
    String untested = untested(layout, outcomes, usual);
    if (untested != null) {
      return new Tested(draft.conclude(false, untested).finding, null);
    }
    long[] reference = usual.labels().total();
    long[] window = outcomes.labels();
    explain(draft.finding, layout, reference, window);
    if (drift.preset() != Preset.TIDEMARK) {
      return new Tested(byPreset(draft, usual, window), null);
    }
    boolean ordered = layout.model().labels() != null;
    BetweenWindowVariation variation =
        variations.computeIfAbsent(
            place,
            key ->
                BetweenWindowVariation.of(
                    reference,
                    usual.labels().windows(),
                    ordered,
                    drift.minRows(),
                    baseline.spansDay()));
    Judgement judgement = DriftRule.judge(reference, window, ordered, variation);
    draft.finding.setValue(finite(judgement.distance()));
    draft.finding.setEffect(finite(judgement.effect()));
    draft.finding.setPValue(finite(judgement.pValue()));
    if (judgement.outcome() != DriftRule.Outcome.TESTED) {
      draft.conclude(false, "no_test: " + judgement.outcome().text());
      return new Tested(draft.finding, null);
    }
    return new Tested(draft.finding, judgement);
  }

  private static String untested(
      OutcomeLayout layout, SegmentOutcomes outcomes, PerformanceReference.Segment usual) {
    if (usual == null || usual.labels().total().length != layout.labelCells()) {
      return "no_baseline: the baseline has no labels of these rows; build it with labels to"
          + " compare";
    }
    if (outcomes.labelled() == 0) {
      return "no_labels: no label of this window has come";
    }
    double coverage = (double) outcomes.labelled() / outcomes.rows();
    double usually = (double) usual.labelled() / usual.rows();
    return coverage >= ENOUGH * usually
        ? null
        : "labels_incomplete: "
            + ShortNumber.of(coverage)
            + " of the predictions have a label, in the baseline "
            + ShortNumber.of(usually)
            + "; the labels that come first need not be like the others";
  }

  private void explain(Finding finding, OutcomeLayout layout, long[] reference, long[] window) {
    if (hidden) {
      return;
    }
    String[] cells = new String[window.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = layout.labelCell(i);
    }
    List<Mover> movers = new ArrayList<>();
    for (TopMovers.Mover mover : TopMovers.top(cells, reference, window, TOP_MOVERS)) {
      movers.add(new Mover(mover.bin(), mover.baseline(), mover.window()));
    }
    finding.setTopMovers(movers);
  }

  private Finding byPreset(
      PendingFinding draft, PerformanceReference.Segment usual, long[] window) {
    long[] reference = usual.labels().total();
    double distance = Distances.jensenShannon(reference, window);
    draft.finding.setValue(finite(distance));
    if (drift.preset() != Preset.NANNYML) {
      return draft.conclude(false, "reported only: the preset has no rule for it").finding;
    }
    Moments usually = new Moments();
    for (long[] counts : usual.labels().windows()) {
      if (Arrays.stream(counts).sum() > 0) {
        usually.add(Distances.jensenShannon(reference, counts));
      }
    }
    double deviation = Math.sqrt(usually.populationVariance());
    double threshold = MeanAndDeviation.of(usually).withDeviation(deviation).above();
    draft.finding.setThreshold(finite(threshold));
    boolean alarm = distance > threshold;
    return draft.conclude(
            alarm,
            ShortNumber.of(distance)
                + (alarm ? " > " : " <= ")
                + ShortNumber.of(threshold)
                + ", mean + 3 sd of the baseline's windows")
        .finding;
  }

  /** Concludes the window's findings together: a family of their own, as labels come late. */
  void conclude(List<Tested> found) {
    List<Tested> family = found.stream().filter(each -> each.judgement() != null).toList();
    JudgeFamily.of(family, each -> each.judgement().pValue(), drift.fdr(), this::conclude);
  }

  private void conclude(Tested tested, double adjusted, double cut) {
    Finding finding = tested.finding();
    finding.setAdjustedP(adjusted);
    finding.setThreshold(finite(tested.judgement().thresholdAt(cut, drift.effect())));
    DriftRule.Verdict verdict =
        tested
            .judgement()
            .verdict(finding.getNWindow(), drift.minRows(), drift.effect(), adjusted, drift.fdr());
    new PendingFinding(finding, finding.getValue()).conclude(verdict.alarm(), verdict.reason());
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
