package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.FieldState;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayout.Segment;
import io.tidemark.profile.StatisticRows;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every comparison of one window with its baseline, judged but for persistence, which needs the
 * windows before. Not thread-safe: it keeps what follows from the baseline between windows.
 */
final class CompareWindow {
  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final Baselines baselines;
  private final PresetRule rule;
  private final CompareField fields;
  private final CompareRates rates;
  private final WindowJudge judge;
  private final Map<Place, FieldBaseline> references = new HashMap<>();

  private record Place(String baseline, int segment, int field) {}

  CompareWindow(MonitoringSpec spec, Redaction redaction, Baselines baselines) {
    this.spec = spec;
    this.redaction = redaction;
    this.baselines = baselines;
    this.rule = PresetRule.of(spec.drift(), new FieldRules());
    this.fields = new CompareField(spec.drift(), rule);
    this.rates = new CompareRates(rule);
    this.judge = new WindowJudge(spec.drift());
  }

  List<Comparison> compare(WindowKey key, WindowProfile profile, boolean complete) {
    PendingFindings drafts = new PendingFindings(spec, redaction, key, profile.rows(), complete);
    List<PendingFinding> found = new ArrayList<>();
    Baseline baseline = baselines.of(key.version());
    if (baseline == null) {
      found.add(
          drafts
              .begin(FindingKind.schema, "", "", "schema", -1, 0, profile.rows())
              .conclude(
                  true,
                  "there is no baseline for model version '"
                      + key.version()
                      + "' and none for all versions; build one with 'tidemark baseline'"));
    } else {
      compare(drafts, baseline, profile, found);
      removed(drafts, baseline, profile, found);
      found.addAll(CompareMeaning.of(drafts, spec, redaction, profile));
      found.add(CompareVolume.compare(drafts, spec.drift(), baseline, profile.rows()));
      judge.conclude(found);
      found.addAll(rule.summaries(drafts, found, baseline.rows()));
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (PendingFinding draft : found) {
      draft.finding.setExceeded(draft.finding.getAlarm());
      comparisons.add(new Comparison(draft.finding, key.start(), draft.field, draft.growth));
    }
    return comparisons;
  }

  private void compare(
      PendingFindings drafts,
      Baseline baseline,
      WindowProfile profile,
      List<PendingFinding> found) {
    ProfileLayout layout = profile.layout();
    List<Segment> segments = layout.segmentNames();
    for (int segment = 0; segment < segments.size(); segment++) {
      String name = StatisticRows.segmentName(layout, segments.get(segment), redaction);
      for (int i = 0; i < layout.fields(); i++) {
        FieldState state = profile.state(segment, i);
        if (state == null) {
          continue; // the segment has no rows in this window
        }
        Field field = layout.layout().fields().get(i);
        FieldBaseline reference = reference(baseline, layout, segments.get(segment), segment, i);
        if (reference != null) {
          found.addAll(fields.compare(drafts, name, field, i, reference, state));
          found.addAll(rates.compare(drafts, name, field, i, reference, state));
        } else if (segment == 0) {
          found.add(
              drafts
                  .begin(FindingKind.schema, "", field.name(), "schema", i, 0, state.valid())
                  .conclude(
                      true,
                      "the baseline has no such field; build it anew with 'tidemark baseline'"));
        }
      }
    }
  }

  /** Features that the baseline has and the spec no longer does: nobody watches them. */
  private static void removed(
      PendingFindings drafts,
      Baseline baseline,
      WindowProfile profile,
      List<PendingFinding> found) {
    Set<String> names = new HashSet<>();
    profile.layout().layout().fields().forEach(field -> names.add(field.name()));
    for (FieldBins reference : baseline.fields()) {
      Field field = reference.field();
      if (field.role() == Field.Role.FEATURE && !names.contains(field.name())) {
        found.add(
            drafts
                .begin(FindingKind.schema, "", field.name(), "schema", -1, baseline.rows(), 0)
                .conclude(
                    true,
                    "the baseline has this feature and the spec does not: it is not watched; build"
                        + " the baseline anew with 'tidemark baseline' if that is meant"));
      }
    }
  }

  private FieldBaseline reference(
      Baseline baseline, ProfileLayout layout, Segment segment, int index, int field) {
    return references.computeIfAbsent(
        new Place(baseline.hash(), index, field),
        place -> FieldBaseline.of(baseline, layout, segment, field));
  }
}
