package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.DoubtedRows;
import io.tidemark.profile.FieldCells;
import io.tidemark.profile.RowInputs;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** A threshold that is above every priority. */
  static final double ALL = 1;

  /** Of filling up; each leaves a part of what lacked before. */
  private static final int MOST_STEPS = 10;

  private final SnapshotSpec snapshot;
  private final SortedMap<WindowKey, StratifiedSample> pools;
  private final List<WeakSlice> slices;
  private final List<Chosen> reasons = new ArrayList<>();
  private final long doubted;
  private final Optional<NearDuplicates> near;
  private long alike; // of what was selected last

  private SelectRows(
      MonitoringSpec spec,
      SortedMap<WindowKey, StratifiedSample> pools,
      List<DriftedField> drifted,
      PeriodGrounds grounds) {
    this.snapshot = spec.snapshot();
    this.pools = pools;
    this.slices = grounds.slices();
    List<DriftedField> sorted = new ArrayList<>(drifted);
    sorted.sort(DriftedField.ORDER);
    List<String> kept = PoolSettings.kept(snapshot);
    for (SamplingReason reason : SamplingReasons.of(snapshot)) {
      reasons.add(new Chosen(kept.indexOf(reason.candidatesOf()), reason, sorted));
    }
    this.doubted = setApart(spec, grounds.doubted());
    this.near = near(spec, pools.values());
  }

  /**
   * @param chosen of the log, in the order of (time, name)
   * @param causes ids of the findings that rows were chosen for, sorted
   * @param disputed how many rows of the period are set apart because their labels contradict each
   *     other
   * @param doubted how many rows that might have been chosen are set apart because people are to
   *     look at their labels first
   * @param alike how many rows stand for themselves no more, but for the one that they are like
   * @param slices that rows were chosen of, in their order
   * @param augmented rows that were made or collected on request
   */
  record Selection(
      List<SnapshotRow> chosen,
      Set<String> causes,
      long disputed,
      long doubted,
      long alike,
      List<SliceRows> slices,
      TakeAugmented.Taken augmented) {

    /** All of the snapshot, in the order of (time, name). */
    List<SnapshotRow> rows() {
      if (augmented.taken().isEmpty()) {
        return chosen;
      }
      List<SnapshotRow> all = new ArrayList<>(chosen);
      all.addAll(augmented.taken());
      all.sort(ORDER);
      return all;
    }
  }

  private static final Comparator<SnapshotRow> ORDER =
      Comparator.comparingLong((SnapshotRow row) -> row.event().timeMicros())
          .thenComparing(SnapshotRow::name)
          .thenComparing(row -> RowHash.content(row.event()));

  /** A slice and how many rows of it were chosen for being of a weak slice. */
  record SliceRows(WeakSlice slice, long rows) {}

  /**
   * @param pools of which doubted rows are taken out
   */
  static Selection of(
      MonitoringSpec spec,
      SortedMap<WindowKey, StratifiedSample> pools,
      List<DriftedField> drifted,
      PeriodGrounds grounds) {
    SelectRows select = new SelectRows(spec, pools, drifted, grounds);
    SplitRows splits = new SplitRows(spec);
    TakeAugmented augmented =
        new TakeAugmented(spec, grounds.augmented(), splits, select.candidates());
    Both both = select.beside(augmented.likely(), splits, augmented);
    long disputed = pools.values().stream().mapToLong(StratifiedSample::disputed).sum();
    return new Selection(
        both.rows,
        select.causes(),
        disputed,
        select.doubted,
        select.alike,
        select.slicesOf(both.rows),
        both.made);
  }

  /** What was chosen of the log, and what beside it. */
  private record Both(List<SnapshotRow> rows, TakeAugmented.Taken made) {
    int taken() {
      return made.taken().size();
    }
  }

  /**
   * As many rows that were made as there may be, and of the log's what is left of the snapshot: the
   * fewer of the ones, the more of the others, and the more of these, the more of those may be.
   *
   * @param most rows that were made
   */
  private Both beside(int most, SplitRows splits, TakeAugmented augmented) {
    Both all = trying(most, splits, augmented);
    if (all.taken() == most) {
      return all;
    }
    int low = all.taken(); // so many may be, for there are more of the log's then
    int high = most - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (trying(middle, splits, augmented).taken() == middle) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return trying(low, splits, augmented); // as the last, for that is what is told of
  }

  private Both trying(int made, SplitRows splits, TakeAugmented augmented) {
    List<SnapshotRow> rows = splits.split(choose(snapshot.rows() - made));
    return new Both(rows, augmented.beside(rows, made));
  }

  /** Names of the rows that may be chosen. */
  private Set<String> candidates() {
    Set<String> names = new HashSet<>();
    pools.values().forEach(pool -> pool.candidates().forEach(each -> names.add(each.name())));
    return names;
  }

  /**
   * @param most rows
   */
  private List<SnapshotRow> choose(int most) {
    List<SnapshotRow> rows = List.of();
    reasons.forEach(Chosen::clear);
    for (int place : SamplingReasons.byPrecedence(reasons.size())) {
      Chosen chosen = reasons.get(place);
      int left = most - rows.size();
      chosen.rows = place == 0 ? left : Math.min(left, chosen.most());
      chosen.reason.allot(chosen);
      rows = selected();
    }
    return filled(rows, most);
  }

  private Set<String> causes() {
    Set<String> causes = new TreeSet<>();
    reasons.forEach(chosen -> causes.addAll(chosen.causes));
    return causes;
  }

  private List<SliceRows> slicesOf(List<SnapshotRow> rows) {
    Map<String, List<FieldCells>> cells = new HashMap<>();
    pools.forEach((window, pool) -> cells.put(window.version(), pool.strata().cells()));
    List<SliceRows> chosen = new ArrayList<>();
    for (WeakSlice slice : slices) {
      long count =
          rows.stream()
              .filter(row -> row.reasons().contains(WeakSliceReason.NAME))
              .filter(row -> row.event().version().equals(slice.version()))
              .filter(row -> slice.holds(row.event(), cells.get(slice.version())))
              .count();
      if (count > 0) {
        chosen.add(new SliceRows(slice, count));
      }
    }
    return chosen;
  }

  private static Optional<NearDuplicates> near(
      MonitoringSpec spec, Collection<StratifiedSample> pools) {
    if (!spec.snapshot().removesNearDuplicates()) {
      return Optional.empty();
    }
    List<InferenceEvent> candidates = new ArrayList<>();
    pools.forEach(pool -> pool.candidates().forEach(each -> candidates.add(each.event())));
    return Optional.of(new NearDuplicates(spec, spec.snapshot().nearTolerance(), candidates));
  }

  /**
   * Takes doubted rows out of the pools. Where the model errs beyond chance it is more likely wrong
   * than a label that it contradicts.
   */
  private long setApart(MonitoringSpec spec, DoubtedRows doubted) {
    if (doubted.isEmpty()) {
      return 0;
    }
    RowInputs inputs = RowInputs.of(spec);
    EventLabels labels = EventLabels.of(spec);
    long apart = 0;
    for (Map.Entry<WindowKey, StratifiedSample> pool : pools.entrySet()) {
      apart +=
          pool.getValue()
              .remove(
                  row ->
                      row.trusted() == null
                          && (doubted.byInputs(row, inputs, labels)
                              || (doubted.byModel(row) && slice(pool.getKey(), row) == null)));
    }
    return apart;
  }

  /** The worst slice that a row is in; null: none. */
  private WeakSlice slice(WindowKey window, InferenceEvent row) {
    for (WeakSlice slice : slices) {
      if (slice.version().equals(window.version())
          && slice.holds(row, pools.get(window).strata().cells())) {
        return slice;
      }
    }
    return null;
  }

  /**
   * Lets the base take more where some of what it took was taken already: each row more that it
   * takes is one row more at most, so what lacks is never overshot.
   */
  private List<SnapshotRow> filled(List<SnapshotRow> first, int most) {
    List<SnapshotRow> rows = first;
    Chosen base = reasons.get(0);
    long available = EvenShares.available(base);
    for (int step = 0; step < MOST_STEPS; step++) {
      int lacking = most - rows.size();
      if (lacking <= 0 || base.rows >= available) {
        return rows;
      }
      base.rows += lacking;
      base.thresholds.clear();
      base.reason.allot(base);
      rows = selected();
    }
    return rows;
  }

  /** What one reason takes, as thresholds of its strata. */
  private final class Chosen implements SamplingReason.Allotment {
    private final SamplingReason reason;
    private final List<DriftedField> drifted;
    private final SortedMap<WindowKey, StrataGroup> candidates = new TreeMap<>();
    private final Map<WindowKey, double[]> thresholds = new HashMap<>(); // 0 to 1, by stratum
    private final Map<WeakSlice, SortedMap<WindowKey, Double>> ofSlices = new HashMap<>();
    private final Set<String> causes = new TreeSet<>();
    private int rows;

    /**
     * @param place of the reason's candidates in the pools
     */
    Chosen(int place, SamplingReason reason, List<DriftedField> drifted) {
      this.reason = reason;
      this.drifted = drifted;
      pools.forEach((window, pool) -> candidates.put(window, pool.groups().get(place)));
    }

    int most() {
      return snapshot.most(reason.name());
    }

    void clear() {
      thresholds.clear();
      ofSlices.clear();
      causes.clear();
      rows = 0;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public List<DriftedField> drifted() {
      return drifted;
    }

    @Override
    public List<WeakSlice> slices() {
      return slices;
    }

    @Override
    public SortedMap<WindowKey, StrataGroup> base() {
      return reasons.get(0).candidates;
    }

    @Override
    public Strata strata(WindowKey window) {
      return pools.get(window).strata();
    }

    @Override
    public void take(WeakSlice slice, SortedMap<WindowKey, Double> below) {
      ofSlices.put(slice, below);
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

    /** The largest threshold of an event's strata and slices. */
    double threshold(WindowKey window, InferenceEvent event) {
      double largest = ofSlices(window, event);
      double[] ofWindow = thresholds.get(window);
      if (ofWindow == null) {
        return largest;
      }
      EventStrata kinds = candidates.get(window).kinds();
      int[] strata = new int[kinds.most()];
      for (int i = kinds.of(event, strata) - 1; i >= 0; i--) {
        largest = Math.max(largest, ofWindow[strata[i]]);
      }
      return largest;
    }

    private double ofSlices(WindowKey window, InferenceEvent event) {
      double largest = 0;
      if (!ofSlices.isEmpty() && strata(window).labelled(event)) {
        for (Map.Entry<WeakSlice, SortedMap<WindowKey, Double>> each : ofSlices.entrySet()) {
          double below = each.getValue().getOrDefault(window, 0.);
          if (below > largest && each.getKey().holds(event, strata(window).cells())) {
            largest = below;
          }
        }
      }
      return largest;
    }
  }

  /** A priority as a number from 0 to 1, which it is below. */
  static double fraction(long priority) {
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
    List<SnapshotRow> different = withoutCopies(rows);
    List<SnapshotRow> left = near.map(each -> each.without(different)).orElse(different);
    alike = different.size() - left.size();
    return left;
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
        why.add(reason.reason.name());
      }
    }
    if (why.isEmpty()) {
      return null;
    }
    Collections.sort(why);
    WeakSlice slice = slice(window, event);
    return new SnapshotRow(
        candidate.name(), event, why, 1 / largest, null, slice == null ? null : slice.words());
  }

  /** Of rows that agree in time and content and differ at most in id the first by name stays. */
  private static List<SnapshotRow> withoutCopies(List<SnapshotRow> rows) {
    rows.sort(ORDER);
    Set<Hash128> seen = new HashSet<>();
    rows.removeIf(row -> !seen.add(RowHash.content(row.event())));
    return rows;
  }
}
