package io.tidemark.baseline;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.FieldBins;
import io.tidemark.spec.Field;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Grids;
import io.tidemark.stats.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From the sampled reference rows to every field's bins (METHODS 1). */
final class ChooseBins {
  /** Bins of the default grid. */
  static final int QUANTILES = 20;

  /** Bins of NannyML's Kolmogorov-Smirnov and Wasserstein on large baselines. */
  static final int FINE = 10_000;

  /** Categories that are counted each by itself; the rest of a field's values are one. */
  static final int MAX_CATEGORIES = 1000;

  /**
   * Rows that a value of a field with more categories than that must have to be one of them. Which
   * of many rare values come out on top is luck, and luck does not last: each of their windows
   * would hold less of them than the baseline.
   */
  static final int LEAST_ROWS_OF_MANY = 100;

  private final RowSample sample;
  private final boolean fineNeeded;
  private final List<InferenceEvent> events;

  private ChooseBins(RowSample sample, boolean fineNeeded) {
    this.sample = sample;
    this.fineNeeded = fineNeeded;
    this.events = sample.events();
  }

  /**
   * @param fineNeeded a method of the spec needs the 10,000 fine bins
   */
  static List<FieldBins> from(RowSample sample, boolean fineNeeded) {
    ChooseBins choice = new ChooseBins(sample, fineNeeded);
    List<FieldBins> fields = new ArrayList<>();
    List<Field> columns = sample.layout().fields();
    for (int i = 0; i < columns.size(); i++) {
      int slot = sample.layout().slot(i);
      fields.add(
          columns.get(i).numeric()
              ? choice.numeric(columns.get(i), slot)
              : choice.categorical(columns.get(i), slot));
    }
    return fields;
  }

  private FieldBins numeric(Field field, int slot) {
    Moments moments = sample.moments(slot);
    double[] sorted = sorted(slot);
    if (moments.count() == 0 || sorted.length == 0) {
      return new FieldBins(field, null, null, null, null, false);
    }
    double min = moments.min();
    double max = moments.max();
    Grid doane =
        sample.complete() ? Grids.doane(sorted) : Grids.doane(sorted, moments.count(), min, max);
    Grid fine =
        fineNeeded && sample.rows() >= Baseline.EXACT_ROWS
            ? Grids.equalWidth(min, max, FINE)
            : null;
    Grid quantile = Grids.quantile(withRange(sorted, min, max), QUANTILES);
    return new FieldBins(field, quantile, doane, fine, null, false);
  }

  /** The sample reaches to the ends of all rows' range, so that no reference row is outside. */
  private static double[] withRange(double[] sorted, double min, double max) {
    double[] reaching = sorted.clone();
    reaching[0] = min;
    reaching[reaching.length - 1] = max;
    return reaching;
  }

  private double[] sorted(int slot) {
    double[] values = new double[events.size()];
    int count = 0;
    for (InferenceEvent event : events) {
      double value = event.numbers()[slot];
      if (Double.isFinite(value)) {
        values[count++] = value == 0 ? 0.0 : value;
      }
    }
    double[] finite = Arrays.copyOf(values, count);
    Arrays.sort(finite);
    return finite;
  }

  private FieldBins categorical(Field field, int slot) {
    Map<String, Integer> counts = new TreeMap<>();
    for (InferenceEvent event : events) {
      String value = event.categories()[slot];
      if (value != null) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    List<Map.Entry<String, Integer>> byCount = new ArrayList<>(counts.entrySet());
    byCount.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()));
    List<String> known = new ArrayList<>();
    for (Map.Entry<String, Integer> value :
        byCount.subList(0, Math.min(MAX_CATEGORIES, byCount.size()))) {
      if (byCount.size() <= MAX_CATEGORIES || value.getValue() >= LEAST_ROWS_OF_MANY) {
        known.add(value.getKey());
      }
    }
    boolean truncated = known.size() < byCount.size();
    return new FieldBins(field, null, null, null, Dictionary.of(known), truncated);
  }
}
