package io.tidemark.drift;

import io.tidemark.schema.Finding;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a series of findings ring only where k of the last n windows exceeded: the n that end with
 * the window, by time, whether the series has a finding in each or not.
 */
record PersistenceRule(DriftSpec.Persistence rule, WindowSpec window) implements Serializable {

  /** A spec's; empty where each window stands for itself. */
  static Optional<PersistenceRule> of(MonitoringSpec spec) {
    DriftSpec drift = spec.drift();
    boolean looksBack = drift.preset() == DriftSpec.Preset.TIDEMARK && drift.persistence().of() > 1;
    return looksBack
        ? Optional.of(new PersistenceRule(drift.persistence(), spec.window()))
        : Optional.empty();
  }

  /** Whether a series of findings exceeded its threshold in a window. */
  interface Exceeded {
    boolean test(long windowStart, String series) throws IOException;
  }

  /** The series that exceed in a window. */
  static Set<String> exceeded(List<Comparison> found) {
    Set<String> series = new HashSet<>();
    for (Comparison each : found) {
      if (each.finding().getExceeded()) {
        series.add(ComparisonKey.of(each.finding()));
      }
    }
    return series;
  }

  /** How many windows a window looks back at, itself included. */
  int windows() {
    return rule.of();
  }

  /** The verdicts on a window's comparisons. */
  List<Comparison> judge(List<Comparison> found, long windowStart, Exceeded exceeded)
      throws IOException {
    List<Comparison> judged = new ArrayList<>();
    for (Comparison each : found) {
      judged.add(
          each.finding().getExceeded()
              ? verdict(each, count(ComparisonKey.of(each.finding()), windowStart, exceeded))
              : each);
    }
    return judged;
  }

  private int count(String series, long last, Exceeded exceeded) throws IOException {
    int count = 0;
    long start = last;
    for (int back = 0; back < rule.of(); back++) {
      count += exceeded.test(start, series) ? 1 : 0;
      start = window.startOf(start - 1);
    }
    return count;
  }

  private Comparison verdict(Comparison comparison, int count) {
    // Elements belong to the runner: the verdict goes into a copy.
    Finding finding = Finding.newBuilder(comparison.finding()).build();
    boolean persists = count >= rule.windows();
    finding.setAlarm(persists);
    finding.setReason(
        (persists ? "" : "not persistent: ")
            + "in "
            + count
            + " of the last "
            + rule.of()
            + " windows"
            + (persists ? "; " : ", " + rule.windows() + " are needed; ")
            + finding.getReason());
    return new Comparison(
        finding, comparison.windowStart(), comparison.field(), comparison.growth());
  }
}
