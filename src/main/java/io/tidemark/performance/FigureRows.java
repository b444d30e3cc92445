package io.tidemark.performance;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.PerformanceReference.Usual;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.schema.Performance;
import io.tidemark.schema.PerformanceSource;
import io.tidemark.schema.ReliabilityBin;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.performance.Measured;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.Reliability;
import io.tidemark.stats.performance.Thresholds;
import java.util.ArrayList;
import java.util.List;

/** Rows of the performance table. */
final class FigureRows {
  private final MonitoringSpec spec;
  private final WindowKey key;
  private final boolean complete;

  FigureRows(MonitoringSpec spec, WindowKey key, boolean complete) {
    this.spec = spec;
    this.key = key;
    this.complete = complete;
  }

  /**
   * A figure but for its alarm.
   *
   * @param leftOut rows that this metric alone leaves out
   * @param usual null: the baseline knows nothing of it
   */
  Performance row(
      String segment,
      Metric metric,
      PerformanceSource source,
      Measured measured,
      SegmentOutcomes outcomes,
      long leftOut,
      Usual usual) {
    long behind = source == PerformanceSource.realized ? outcomes.labelled() : outcomes.rows();
    Performance row = new Performance();
    row.setModel(spec.model());
    row.setModelVersion(key.version());
    row.setWindowStart(WindowSpec.instant(key.start()));
    row.setWindowEnd(WindowSpec.instant(spec.window().endOf(key.start())));
    row.setRevision(behind);
    row.setComplete(complete);
    row.setSegment(segment);
    row.setMetric(metric.id());
    row.setSource(source);
    row.setValue(finite(measured.value()));
    row.setBound(Double.isFinite(measured.bound()) ? measured.bound() : 0);
    if (usual != null) {
      Thresholds thresholds = Thresholds.of(metric, usual.realised());
      row.setLowerThreshold(finite(thresholds.lower()));
      row.setUpperThreshold(finite(thresholds.upper()));
      row.setSamplingError(finite(usual.error().at(behind)));
    }
    row.setRows(outcomes.rows());
    row.setLabelledRows(outcomes.labelled());
    row.setLabelCoverage(finite((double) outcomes.labelled() / outcomes.rows()));
    row.setLabelDelayP50S(finite(outcomes.delay(.5)));
    row.setLabelDelayP95S(finite(outcomes.delay(.95)));
    row.setUnscoredRows(outcomes.unscored() + leftOut);
    row.setUnscoredReason(reason(outcomes, leftOut));
    row.setBins(List.of());
    return row;
  }

  /** Null where no row is left out. */
  private static String reason(SegmentOutcomes outcomes, long leftOut) {
    List<String> reasons = new ArrayList<>();
    if (outcomes.unscored() > 0) {
      reasons.add(
          outcomes.task() == Task.REGRESSION
              ? outcomes.unscored() + " without a finite prediction and label"
              : outcomes.unscored() + " without a score from 0 to 1, not in figures of scores");
    }
    if (leftOut > 0) {
      reasons.add(
          leftOut + " whose error is no finite share of the truth, which is 0 or next to it");
    }
    return reasons.isEmpty() ? null : String.join("; ", reasons);
  }

  /** The bins of a calibration error. */
  void addBins(Performance row, Reliability reliability) {
    List<ReliabilityBin> bins = new ArrayList<>();
    reliability
        .bins()
        .forEach(
            bin -> bins.add(new ReliabilityBin(bin.rows(), bin.meanScore(), bin.positiveRate())));
    row.setBins(bins);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
