package io.tidemark.retrain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Performance;
import io.tidemark.schema.PerformanceSource;
import io.tidemark.schema.Slice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.performance.Metric;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which of a spec's conditions hold in a period by itself, as what is below the output tells it:
 * there it is the same whoever wrote it, and whatever else a run has read.
 */
final class Conditions {
  /** Findings or figures that a reason lists; how many there are it says. */
  private static final int LISTED = 100;

  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::getWindowStart)
          .thenComparing(Finding::getModelVersion)
          .thenComparing(Finding::getSegment)
          .thenComparing(Finding::getSubject)
          .thenComparing(Finding::getMethod)
          .thenComparing(Finding::getId);

  private final MonitoringSpec spec;
  private final String output;
  private final PublishedSnapshot snapshot;
  private final List<Finding> alarms = new ArrayList<>();
  private final List<Performance> figures = new ArrayList<>();
  private boolean over = true;

  private Conditions(MonitoringSpec spec, String output, PublishedSnapshot snapshot) {
    this.spec = spec;
    this.output = output;
    this.snapshot = snapshot;
  }

  /** Reads what was found in a snapshot's period. */
  static Conditions read(MonitoringSpec spec, String output, PublishedSnapshot snapshot)
      throws IOException {
    Conditions conditions = new Conditions(spec, output, snapshot);
    ReadTable<Finding> findings = ReadTable.of(Table.FINDINGS, Finding.class, output, spec.model());
    ReadTable<Performance> performance =
        ReadTable.of(Table.PERFORMANCE, Performance.class, output, spec.model());
    long start = spec.window().startOf(snapshot.start());
    while (start < snapshot.end()) {
      List<Finding> found = findings.window(start);
      // Each window that is there has one, also one without rows.
      conditions.over &= found.stream().anyMatch(Conditions::ofRows);
      found.stream().filter(Finding::getAlarm).forEach(conditions.alarms::add);
      if (!spec.retrain().bounds().isEmpty()) {
        conditions.figures.addAll(performance.window(start));
      }
      start = spec.window().endOf(start);
    }
    conditions.alarms.sort(ORDER);
    return conditions;
  }

  /**
   * Of the window itself, and not of labels that came in it, or of a period that begins with it.
   */
  private static boolean ofRows(Finding finding) {
    return finding.getKind() != FindingKind.concept_drift
        && finding.getKind() != FindingKind.weak_slice;
  }

  /** Whether all windows of the period are there. */
  boolean over() {
    return over;
  }

  /** Adds a reason for each condition that holds. */
  void addTo(ArrayNode reasons) throws IOException {
    if (spec.retrain().conceptDrift()) {
      addAlarms(reasons, "concept_drift", of(FindingKind.concept_drift));
    }
    if (spec.retrain().performanceBelow() && spec.retrain().bounds().isEmpty()) {
      addAlarms(
          reasons,
          "performance_below",
          of(FindingKind.performance).stream().filter(Conditions::forTheWorse).toList());
    } else if (spec.retrain().performanceBelow()) {
      addFigures(reasons);
    }
    if (spec.retrain().newSlice()) {
      addAlarms(reasons, "new_slice", newSlices());
    }
  }

  private List<Finding> of(FindingKind kind) {
    return alarms.stream().filter(each -> each.getKind() == kind).toList();
  }

  /** Presets may ring on either side of what is usual. */
  private static boolean forTheWorse(Finding finding) {
    int better = Metric.of(finding.getMethod()).map(Metric::better).orElse(0);
    Double value = finding.getValue();
    Double upper = finding.getThreshold();
    Double lower = finding.getLowerThreshold();
    boolean high = value != null && upper != null && value > upper;
    boolean low = value != null && lower != null && value < lower;
    return better == 0 || (better > 0 ? !high : !low);
  }

  private List<Finding> newSlices() throws IOException {
    List<Slice> fresh =
        ReadTable.of(Table.SLICES, Slice.class, output, spec.model())
            .window(snapshot.start())
            .stream()
            .filter(slice -> "new".equals(slice.getState()))
            .toList();
    return of(FindingKind.weak_slice).stream()
        .filter(
            finding ->
                fresh.stream()
                    .anyMatch(
                        slice ->
                            slice.getSlice().equals(finding.getSubject())
                                && slice.getModelVersion().equals(finding.getModelVersion())
                                && slice.getPeriodStart().equals(finding.getWindowStart())))
        .toList();
  }

  private static void addAlarms(ArrayNode reasons, String condition, List<Finding> found) {
    if (found.isEmpty()) {
      return;
    }
    ObjectNode reason = reasons.addObject().put("condition", condition);
    reason.put("count", found.size());
    ArrayNode list = reason.putArray("findings");
    for (Finding each : found.subList(0, Math.min(LISTED, found.size()))) {
      list.addObject()
          .put("id", each.getId())
          .put("kind", each.getKind().toString())
          .put("model_version", each.getModelVersion())
          .put("window_start", each.getWindowStart().toString())
          .put("window_end", each.getWindowEnd().toString())
          .put("segment", each.getSegment())
          .put("subject", each.getSubject())
          .put("method", each.getMethod())
          .put("value", each.getValue());
    }
  }

  /** Realised figures of all rows of a window; with fewer labels than drift needs rows none. */
  private void addFigures(ArrayNode reasons) {
    SortedMap<String, Double> bounds = spec.retrain().bounds();
    List<Performance> below =
        figures.stream()
            .filter(figure -> figure.getSource() == PerformanceSource.realized)
            .filter(figure -> figure.getSegment().isEmpty() && figure.getValue() != null)
            .filter(figure -> figure.getLabelledRows() >= spec.drift().minRows())
            .filter(figure -> bounds.containsKey(figure.getMetric()))
            .filter(figure -> isBelow(figure, bounds))
            .sorted(
                Comparator.comparing(Performance::getWindowStart)
                    .thenComparing(Performance::getModelVersion)
                    .thenComparing(Performance::getMetric))
            .toList();
    if (below.isEmpty()) {
      return;
    }
    ObjectNode reason = reasons.addObject().put("condition", "performance_below");
    ObjectNode asked = reason.putObject("bounds");
    for (Map.Entry<String, Double> bound : bounds.entrySet()) {
      asked.put(bound.getKey(), bound.getValue());
    }
    reason.put("count", below.size());
    ArrayNode list = reason.putArray("figures");
    for (Performance each : below.subList(0, Math.min(LISTED, below.size()))) {
      list.addObject()
          .put("metric", each.getMetric())
          .put("model_version", each.getModelVersion())
          .put("window_start", each.getWindowStart().toString())
          .put("window_end", each.getWindowEnd().toString())
          .put("value", each.getValue())
          .put("sampling_error", each.getSamplingError())
          .put("labelled_rows", each.getLabelledRows());
    }
  }

  private static boolean isBelow(Performance figure, SortedMap<String, Double> bounds) {
    int better = Metric.of(figure.getMetric()).map(Metric::better).orElse(0);
    return better * (figure.getValue() - bounds.get(figure.getMetric())) < 0;
  }

  /** The windows' time as it is shown. */
  static String shown(long micros) {
    return WindowSpec.instant(micros).toString();
  }
}
