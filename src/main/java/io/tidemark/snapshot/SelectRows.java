package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.WindowKey;
import io.tidemark.snapshot.RowPool.Candidate;
import io.tidemark.snapshot.RowPool.Stratum;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
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
  static final String BASE = "base";
  static final String DRIFTED = "drifted";

  /** At most this share of the rows goes to what drifted, 1 in so many. */
  private static final int DRIFT_SHARE = 2;

  private static final double ALL = 1;

  private final SnapshotSpec snapshot;
  private final SortedMap<WindowKey, RowPool> pools;
  private final Set<String> causes = new TreeSet<>();

  // The thresholds of each pool's strata, 0 to 1.
  private final Map<WindowKey, Map<Integer, Double>> baseThresholds = new HashMap<>();
  private final Map<WindowKey, Map<Integer, Double>> driftThresholds = new HashMap<>();

  private SelectRows(SnapshotSpec snapshot, SortedMap<WindowKey, RowPool> pools) {
    this.snapshot = snapshot;
    this.pools = pools;
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
      SortedMap<WindowKey, RowPool> pools,
      List<DriftedField> drifted,
      EventLabels labels) {
    SelectRows select = new SelectRows(snapshot, pools);
    int driftRows = drifted.isEmpty() ? 0 : snapshot.rows() / DRIFT_SHARE;
    select.allotDrift(drifted, driftRows);
    int taken = select.selected(labels).size();
    select.allotBase(snapshot.rows() - taken);
    long disputed = pools.values().stream().mapToLong(RowPool::disputed).sum();
    return new Selection(select.selected(labels), select.causes, disputed);
  }

  /**
   * Each alarm has the same share of the rows, dealt to its cells in proportion to their growth.
   */
  private void allotDrift(List<DriftedField> drifted, int rows) {
    List<DriftedField> sorted = new ArrayList<>(drifted);
    sorted.sort(DriftedField.ORDER);
    for (DriftedField field : sorted) {
      WindowKey key = new WindowKey(field.version(), field.windowStart());
      RowPool pool = pools.get(key);
      if (pool == null || field.growth().length != pool.strata().cells(field.field())) {
        continue;
      }
      double grown = 0;
      for (double growth : field.growth()) {
        grown += Math.max(0, growth);
      }
      for (int cell = 0; cell < field.growth().length; cell++) {
        double share = grown == 0 ? 0 : Math.max(0, field.growth()[cell]) / grown;
        int quota = (int) (share * rows / sorted.size());
        int id = pool.strata().drift(field.field(), cell);
        Stratum stratum = pool.driftStrata().get(id);
        if (quota > 0 && stratum != null) {
          raise(driftThresholds, key, id, threshold(stratum, quota));
          causes.add(field.findingId());
        }
      }
    }
  }

  /** All base strata alike, but none more than it has: small ones whole, the rest shared. */
  private void allotBase(int rows) {
    int[] available =
        pools.values().stream()
            .flatMap(pool -> pool.baseStrata().values().stream())
            .mapToInt(SelectRows::available)
            .toArray();
    int level = level(available, rows);
    long used = 0;
    for (int has : available) {
      used += Math.min(has, level);
    }
    long left = rows - used;
    for (Map.Entry<WindowKey, RowPool> pool : pools.entrySet()) {
      for (Map.Entry<Integer, Stratum> stratum : pool.getValue().baseStrata().entrySet()) {
        int has = available(stratum.getValue());
        int quota = Math.min(has, level);
        if (has > level && left > 0) {
          quota++;
          left--;
        }
        if (quota > 0) {
          raise(
              baseThresholds,
              pool.getKey(),
              stratum.getKey(),
              threshold(stratum.getValue(), quota));
        }
      }
    }
  }

  /** The largest level at which strata, each up to it, need no more than so many rows. */
  private static int level(int[] available, int rows) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      long used = 0;
      for (int has : available) {
        used += Math.min(has, middle);
      }
      if (used <= rows) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** A stratum that lost rows needs its last one to tell the threshold of the others. */
  private static int available(Stratum stratum) {
    return stratum.held.size() - (stratum.truncated ? 1 : 0);
  }

  private static double threshold(Stratum stratum, int quota) {
    if (quota >= stratum.held.size()) {
      return stratum.truncated ? fraction(stratum.held.last().priority()) : ALL;
    }
    int rank = 0;
    for (Candidate candidate : stratum.held) {
      if (rank++ == quota) {
        return fraction(candidate.priority());
      }
    }
    throw new IllegalStateException("a stratum holds fewer rows than it says");
  }

  private static void raise(
      Map<WindowKey, Map<Integer, Double>> thresholds, WindowKey key, int id, double threshold) {
    thresholds.computeIfAbsent(key, any -> new TreeMap<>()).merge(id, threshold, Math::max);
  }

  /** A priority as a number from 0 to 1. */
  private static double fraction(long priority) {
    return (priority >>> 11) * 0x1.0p-53;
  }

  private List<SnapshotRow> selected(EventLabels labels) {
    List<SnapshotRow> rows = new ArrayList<>();
    for (Map.Entry<WindowKey, RowPool> pool : pools.entrySet()) {
      for (Candidate candidate : pool.getValue().candidates()) {
        SnapshotRow row = row(pool.getKey(), pool.getValue().strata(), candidate, labels);
        if (row != null) {
          rows.add(row);
        }
      }
    }
    return withoutCopies(rows);
  }

  private SnapshotRow row(WindowKey key, Strata strata, Candidate candidate, EventLabels labels) {
    InferenceEvent event = candidate.event();
    double priority = fraction(candidate.priority());
    double base = at(baseThresholds, key, strata.base(event));
    double drift = 0;
    for (int field = 0; field < strata.fieldCount(); field++) {
      int id = strata.drift(event, field);
      drift = id < 0 ? drift : Math.max(drift, at(driftThresholds, key, id));
    }
    List<String> reasons = new ArrayList<>();
    if (priority < base) {
      reasons.add(BASE);
    }
    if (priority < drift) {
      reasons.add(DRIFTED);
    }
    if (reasons.isEmpty()) {
      return null;
    }
    String split = labels.text(event) == null ? "unlabelled" : split(candidate.name());
    return new SnapshotRow(candidate.name(), event, reasons, 1 / Math.max(base, drift), split);
  }

  private static double at(Map<WindowKey, Map<Integer, Double>> all, WindowKey key, int id) {
    Map<Integer, Double> thresholds = all.get(key);
    return thresholds == null ? 0 : thresholds.getOrDefault(id, 0.0);
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
