package io.tidemark.drift;

import io.tidemark.flow.Fleet;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.telemetry.StreamMetric;
import io.tidemark.telemetry.SubjectMetrics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Tells the distances of a model's latest window as gauges. Keyed by the model, so that they are
 * told in one place: windows are judged in many, and each would go on telling the last of its own.
 * Emits the ends of the windows that came.
 */
final class ReportDriftFn extends DoFn<KV<String, KV<Long, List<Finding>>>, Long> {
  private static final long serialVersionUID = 1;
  private static final Set<FindingKind> DISTANCES =
      EnumSet.of(FindingKind.data_drift, FindingKind.prediction_drift, FindingKind.label_drift);

  @StateId("latest")
  private final StateSpec<ValueState<Long>> latestSpec = StateSpecs.value(VarLongCoder.of());

  private final Fleet<ReportDrift.OfModel> models;

  ReportDriftFn(Fleet<ReportDrift.OfModel> models) {
    this.models = models;
  }

  /**
   * Of a window's comparisons those to tell: one a subject, of all segments together.
   *
   * @param findings a subject's own method before those that are evaluated beside it
   */
  static List<Finding> told(List<Finding> findings, SubjectMetrics subjects) {
    Set<String> awaited = new HashSet<>(subjects.subjects());
    List<Finding> told = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.getSegment().isEmpty()
          && DISTANCES.contains(finding.getKind())
          && awaited.remove(finding.getSubject())
          && finding.getValue() != null) {
        told.add(finding);
      }
    }
    return told;
  }

  @ProcessElement
  public void process(
      @Element KV<String, KV<Long, List<Finding>>> window,
      @StateId("latest") ValueState<Long> latest,
      OutputReceiver<Long> out) {
    long end = window.getValue().getKey();
    Long before = latest.read();
    // A correction of an older window is in its findings; the gauges stay with the latest.
    if (before == null || end >= before) {
      latest.write(end);
      String model = window.getKey();
      StreamMetric.LAST_WINDOW_SECONDS.gaugeOf(model).set(Math.floorDiv(end, 1_000_000L));
      for (Finding finding : window.getValue().getValue()) {
        models
            .of(model)
            .subjects()
            .drift(finding.getSubject(), finding.getValue(), finding.getThreshold());
      }
    }
    out.output(end);
  }
}
