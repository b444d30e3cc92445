package io.tidemark.drift;

import io.tidemark.schema.Finding;
import io.tidemark.stats.DriftRule.Judgement;

/** A finding whose verdict waits for the other tests of its window. */
final class PendingFinding {
  final Finding finding;
  final int field;
  double[] growth = {};

  /** Tests with one of their own belong to a family that is judged together; NaN: no such test. */
  double familyP = Double.NaN;

  /** What the family's verdict needs; null for rules with thresholds of their own. */
  Judgement judgement;

  /** How a distance is told as the finding's value; null: as it is. */
  java.util.function.DoubleUnaryOperator valueOfDistance;

  /** What is to be said behind whatever the reason will be. */
  String note = "";

  PendingFinding(Finding finding, int field) {
    this.finding = finding;
    this.field = field;
  }

  /** Whether the method is the field's own, not one listed beside it. */
  boolean presetsOwn;

  /** A verdict that stands on its own. */
  PendingFinding conclude(boolean alarm, String reason) {
    finding.setAlarm(alarm);
    finding.setReason(reason + note);
    return this;
  }

  boolean awaitsFamily() {
    return !Double.isNaN(familyP);
  }
}
