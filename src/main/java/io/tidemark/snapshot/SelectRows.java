package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.WindowKey;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Chooses a period's rows from its pools, once.
 *
 * <p>Every stratum that is to contribute q rows gets a threshold: the priority of its (q+1)-th row,
 * or all. A row is in if its priority is below the threshold of any of its strata, and because all
 * strata share the one priority, the chance of that is the largest of the thresholds; its inverse
 * is the row's weight, so that weighted sums estimate the period's totals. (Bottom-k samples with
 * coordinated ranks and rank conditioning: Edith Cohen and Haim Kaplan, "Leveraging discarded
 * samples for tighter estimation of multiple-set aggregates", 2009.)
 */
final class SelectRows {
  private static final double ALL = 1;

  private final SnapshotSpec snapshot;
  private final SortedMap<WindowKey, StratifiedSample> pools;
  private final EventLabels labels;
  private final List<Chosen> reasons = new ArrayList<>();

  private SelectRows(
      SnapshotSpec snapshot,
      SortedMap<WindowKey, StratifiedSample> pools,
      List<DriftedField> drifted,
      EventLabels labels) {
    this.snapshot = snapshot;
    this.pools = pools;
    this.labels = labels;
    List<DriftedField> sorted = new ArrayList<>(drifted);
    sorted.sort(DriftedField.ORDER);
    for (int place = 0; place < SamplingReasons.ALL.size(); place++) {
      reasons.add(new Chosen(place, sorted));
    }
  }

  /**
   * @param rows in the order of (time, name)
   * @param causes ids of the findings that rows were chosen for, sorted
   * @param disputed how many rows of the period are set apart because their labels contradict each
   *     other
   */
  record Selection(List<SnapshotRow> rows, Set<String> causes, long disputed) {}

  static Selection of(
      SnapshotSpec snapshot,
      SortedMap<WindowKey, StratifiedSample> pools,
      List<DriftedField> drifted,
      EventLabels labels) {
    SelectRows select = new SelectRows(snapshot, pools, drifted, labels);
    List<SnapshotRow> rows = List.of();
    Set<String> causes = new TreeSet<>();
    for (int place : SamplingReasons.byPrecedence()) {
      Chosen chosen = select.reasons.get(place);
      chosen.left = snapshot.rows() - rows.size();
      SamplingReasons.ALL.get(place).allot(chosen);
      rows = select.selected();
      causes.addAll(chosen.causes);
    }
    long disputed = pools.values().stream().mapToLong(StratifiedSample::disputed).sum();
    return new Selection(rows, causes, disputed);
  }

  /** What one reason takes, as thresholds of its strata. */
  private final class Chosen implements SamplingReason.Allotment {
    private final int place;
    private final List<DriftedField> drifted;
    private final SortedMap<WindowKey, StrataGroup> candidates = new TreeMap<>();
    private final Map<WindowKey, double[]> thresholds = new HashMap<>(); // 0 to 1, by stratum
    private final Set<String> causes = new TreeSet<>();
    private int left;

    Chosen(int place, List<DriftedField> drifted) {
      this.place = place;
      this.drifted = drifted;
      pools.forEach((window, pool) -> candidates.put(window, pool.groups().get(place)));
    }

    @Override
    public int rows() {
      return snapshot.rows();
    }

    @Override
    public int left() {
      return left;
    }

    @Override
    public List<DriftedField> drifted() {
      return drifted;
    }

    @Override
    public SortedMap<WindowKey, StrataGroup> candidates() {
      return candidates;
    }

    @Override
    public void take(WindowKey window, int stratum, int quota) {
      StrataGroup group = candidates.get(window);
      Long priority = group.strata().get(stratum).priorityBehind(quota);
      double threshold = priority == null ? ALL : fraction(priority);
      double[] ofWindow =
          thresholds.computeIfAbsent(window, any -> new double[group.kinds().count()]);
      ofWindow[stratum] = Math.max(ofWindow[stratum], threshold);
    }

    @Override
    public void because(String findingId) {
      causes.add(findingId);
    }

    /** The largest threshold of an event's strata. */
    double threshold(WindowKey window, InferenceEvent event) {
      double[] ofWindow = thresholds.get(window);
      if (ofWindow == null) {
        return 0;
      }
      EventStrata kinds = candidates.get(window).kinds();
      int[] strata = new int[kinds.most()];
      double largest = 0;
      for (int i = kinds.of(event, strata) - 1; i >= 0; i--) {
        largest = Math.max(largest, ofWindow[strata[i]]);
      }
      return largest;
    }
  }

  /** A priority as a number from 0 to 1. */
  private static double fraction(long priority) {
    return (priority >>> 11) * 0x1.0p-53;
  }

  private List<SnapshotRow> selected() {
    List<SnapshotRow> rows = new ArrayList<>();
    for (Map.Entry<WindowKey, StratifiedSample> pool : pools.entrySet()) {
      for (Candidate candidate : pool.getValue().candidates()) {
        SnapshotRow row = row(pool.getKey(), candidate);
        if (row != null) {
          rows.add(row);
        }
      }
    }
    return withoutCopies(rows);
  }

  private SnapshotRow row(WindowKey window, Candidate candidate) {
    InferenceEvent event = candidate.event();
    double priority = fraction(candidate.priority());
    double largest = 0;
    List<String> why = new ArrayList<>();
    for (Chosen reason : reasons) {
      double threshold = reason.threshold(window, event);
      largest = Math.max(largest, threshold);
      if (priority < threshold) {
        why.add(SamplingReasons.ALL.get(reason.place).name());
      }
    }
    if (why.isEmpty()) {
      return null;
    }
    Collections.sort(why);
    String split = labels.text(event) == null ? "unlabelled" : split(candidate.name());
    return new SnapshotRow(candidate.name(), event, why, 1 / largest, split);
  }

  /** A function of the row's name alone, so that no row ever changes sides. */
  private String split(String name) {
    Hash128 hash =
        Hash128.of(
            ("split|" + snapshot.seed() + "|" + name)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    double place = fraction(hash.high());
    if (place < snapshot.split().train()) {
      return "train";
    }
    return place < snapshot.split().train() + snapshot.split().validation() ? "validation" : "test";
  }

  /** Of rows that agree in time and content and differ at most in id the first by name stays. */
  private static List<SnapshotRow> withoutCopies(List<SnapshotRow> rows) {
    rows.sort(
        Comparator.comparingLong((SnapshotRow row) -> row.event().timeMicros())
            .thenComparing(SnapshotRow::name)
            .thenComparing(row -> RowHash.content(row.event())));
    Set<Hash128> seen = new HashSet<>();
    rows.removeIf(row -> !seen.add(RowHash.content(row.event())));
    return rows;
  }
}
