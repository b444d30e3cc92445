package io.tidemark.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The curated training set that a run leaves behind.
 *
 * @param period a whole multiple of the window with the same origin
 * @param rows at most so many in all
 * @param split shares that sum to 1
 * @param columns log columns carried along beside the declared ones, as text
 * @param outcomes the log's own label and prediction columns that a snapshot is to have beside its
 *     {@code label}, sorted; the others are in none, for the truth stands in one column
 * @param mask columns replaced by their HMAC, or by null without a key, in every output
 * @param exclude columns that appear in no output
 * @param allowPersonal columns that are shown although values of them look like personal data
 * @param seed of the sampling and of the split
 * @param group column whose rows of one value are in one split; null: the row's id
 * @param quotas share of the rows that a reason gets at most, by its name; empty: up to half for
 *     what drifted, and a quarter for weak slices. The base gets what others leave
 * @param nearTolerance by which numbers of near duplicates differ, in the field's interquartile
 *     ranges; negative: near duplicates stay
 * @param augmented share of the rows to train on that may have been made or collected on request,
 *     below 1
 * @param halfWidth that the 95 % interval of a region's mean error is to have at most, of
 *     regression as a share of the mean error of all rows; 0: no rows are asked for
 */
public record SnapshotSpec(
    WindowSpec period,
    int rows,
    Split split,
    List<String> columns,
    List<String> outcomes,
    List<String> mask,
    List<String> exclude,
    List<String> allowPersonal,
    long seed,
    String group,
    SortedMap<String, Double> quotas,
    double nearTolerance,
    double augmented,
    double halfWidth)
    implements Serializable {

  /** Where a spec says nothing of near duplicates. */
  static final double DEFAULT_NEAR_TOLERANCE = .001;

  /** Where near duplicates stay. */
  public static final double KEEP_NEAR_DUPLICATES = -1;

  /** Where a spec says nothing of what is to be acquired. */
  public static final double DEFAULT_HALF_WIDTH = .05;

  /** Where a spec says nothing of augmented rows. */
  public static final double DEFAULT_AUGMENTED = .2;

  /** Why rows are in a snapshot that are not of the log: they were made or collected on request. */
  public static final String AUGMENTED = "augmented";

  /** Why rows of the log may be chosen. */
  public static final List<String> REASONS =
      List.of("base", "weak_slice", "drifted", "uncertain", "error", "new_category");

  /** Where a spec says nothing of quotas. */
  private static final SortedMap<String, Double> DEFAULT_QUOTAS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(Map.of("base", .25, "drifted", .5, "weak_slice", .25)));

  private SortedMap<String, Double> usedQuotas() {
    return quotas.isEmpty() ? DEFAULT_QUOTAS : quotas;
  }

  /** Why rows are chosen, sorted; the base always is a reason. */
  public SortedSet<String> reasons() {
    SortedSet<String> reasons = new TreeSet<>(usedQuotas().keySet());
    reasons.add("base");
    return reasons;
  }

  /** Whether rows that are the same but for noise are there once. */
  public boolean removesNearDuplicates() {
    return nearTolerance >= 0;
  }

  /** Whether it is said what is to be labelled, collected or made. */
  public boolean requestsRows() {
    return halfWidth > 0;
  }

  /** Rows that a reason may take at most. */
  public int most(String reason) {
    return (int) (usedQuotas().getOrDefault(reason, 1.) * rows);
  }

  /** The same with another carried column, the last. */
  SnapshotSpec carrying(String column) {
    List<String> more = new ArrayList<>(columns);
    more.add(column);
    return new SnapshotSpec(
        period,
        rows,
        split,
        List.copyOf(more),
        outcomes,
        mask,
        exclude,
        allowPersonal,
        seed,
        group,
        quotas,
        nearTolerance,
        augmented,
        halfWidth);
  }

  /**
   * Shares of the labelled rows.
   *
   * @param byTime the first rows are to train on and the last to test on; else by a hash
   */
  public record Split(double train, double validation, double test, boolean byTime)
      implements Serializable {}
}
