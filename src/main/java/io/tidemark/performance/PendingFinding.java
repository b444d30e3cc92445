package io.tidemark.performance;

import io.tidemark.schema.Finding;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.ReferenceRange;

/** A finding whose verdict waits for the other tests of its window. */
final class PendingFinding {
  final Finding finding;

  /** NaN where it is not defined. */
  final double value;

  /** 1 if only a fall is bad, -1 if only a rise is, 0 for both. */
  int better;

  /** Null: there is nothing to hold it against. */
  ReferenceRange usual;

  /** Sampling error of the value. */
  double error = Double.NaN;

  /** What it differs from: the usual value. */
  double centre = Double.NaN;

  /** Smaller changes are of no consequence. */
  double effect;

  /** A further bound on the size of the value itself; 0: none. */
  double atLeast;

  double p = Double.NaN;

  /** The metric whose realised value less its estimate this is; null: something else. */
  Metric gapOf;

  PendingFinding(Finding finding, double value) {
    this.finding = finding;
    this.value = value;
    finding.setValue(Double.isFinite(value) ? value : null);
  }

  PendingFinding conclude(boolean alarm, String reason) {
    finding.setAlarm(alarm);
    finding.setExceeded(alarm);
    finding.setReason(reason);
    return this;
  }

  /** Whether there is a test to judge with the others. */
  boolean tested() {
    return !Double.isNaN(p);
  }

  /** By how much the value is worse than usual. */
  double worse() {
    return better == 0 ? Math.abs(value - centre) : better * (centre - value);
  }
}
