package io.tidemark.baseline;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.OutcomeFigures;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.PerformanceReference.Figure;
import io.tidemark.profile.PerformanceReference.Labels;
import io.tidemark.profile.PerformanceReference.Segment;
import io.tidemark.profile.PerformanceReference.Usual;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.stats.performance.BinarySamplingErrors;
import io.tidemark.stats.performance.ClassSamplingErrors;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.RegressionSamplingErrors;
import io.tidemark.stats.performance.SamplingError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.values.KV;

/** From the reference windows' outcomes to what windows are held against. */
final class MeasureReference {
  private final OutcomeLayout layout;
  private final WindowOutcomes total;
  private final TreeMap<Long, WindowOutcomes> windows = new TreeMap<>();
  private final Map<Metric, SamplingError> errors = new EnumMap<>(Metric.class);

  private MeasureReference(
      OutcomeLayout layout, Collection<KV<WindowKey, WindowOutcomes>> outcomes) {
    this.layout = layout;
    this.total = new WindowOutcomes(layout);
    for (KV<WindowKey, WindowOutcomes> window : outcomes) {
      // Versions of one reference are one baseline.
      windows
          .computeIfAbsent(window.getKey().start(), start -> new WindowOutcomes(layout))
          .merge(window.getValue());
      total.merge(window.getValue());
    }
  }

  static PerformanceReference of(
      OutcomeLayout layout, Collection<KV<WindowKey, WindowOutcomes>> outcomes) {
    return new MeasureReference(layout, outcomes).measure();
  }

  private PerformanceReference measure() {
    List<Segment> segments = new ArrayList<>();
    List<ProfileLayout.Segment> names = layout.profile().segmentNames();
    for (int i = 0; i < names.size(); i++) {
      SegmentOutcomes outcomes = total.segment(i);
      if (outcomes != null && outcomes.labelled() > 0) {
        int field = names.get(i).field();
        String feature = field < 0 ? "" : layout.profile().layout().fields().get(field).name();
        segments.add(segment(i, feature, field < 0 ? "" : names.get(i).value(), outcomes));
      }
    }
    return new PerformanceReference(layout.model(), total.cells(), segments);
  }

  private Segment segment(int index, String feature, String value, SegmentOutcomes outcomes) {
    OutcomeFigures figures = new OutcomeFigures(outcomes);
    Map<Long, OutcomeFigures> byWindow = new TreeMap<>();
    windows.forEach(
        (start, window) -> {
          if (window.segment(index) != null) {
            byWindow.put(start, new OutcomeFigures(window.segment(index)));
          }
        });
    List<Usual> metrics = new ArrayList<>();
    for (Metric metric : OutcomeFigures.metrics(layout.task())) {
      List<Figure> values = new ArrayList<>();
      byWindow.forEach(
          (start, window) ->
              values.add(
                  new Figure(
                      start,
                      windows.get(start).segment(index).rows(),
                      windows.get(start).segment(index).labelled(),
                      window.realised(metric).value(),
                      window.estimated(metric).value())));
      metrics.add(
          new Usual(
              metric,
              figures.realised(metric).value(),
              figures.estimated(metric).value(),
              error(metric, index, outcomes),
              values));
    }
    List<long[]> labels = new ArrayList<>();
    windows.values().stream()
        .filter(window -> window.segment(index) != null)
        .forEach(window -> labels.add(window.segment(index).labels()));
    return new Segment(
        feature,
        value,
        outcomes.rows(),
        outcomes.labelled(),
        metrics,
        new Labels(outcomes.labels(), labels));
  }

  /** What has no closed form is taken from all rows: a bootstrap for each segment takes long. */
  private SamplingError error(Metric metric, int segment, SegmentOutcomes outcomes) {
    if (segment > 0 && metric.bootstrapped()) {
      return errors.get(metric);
    }
    SamplingError error =
        switch (layout.task()) {
          case BINARY -> BinarySamplingErrors.of(metric, outcomes.binary());
          case MULTICLASS -> ClassSamplingErrors.of(metric, outcomes.classes());
          case REGRESSION -> RegressionSamplingErrors.of(metric, outcomes.numbers());
        };
    if (segment == 0) {
      errors.put(metric, error);
    }
    return error;
  }
}
