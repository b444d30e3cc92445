package io.tidemark.profile;

import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a baseline's rows are in each cell of each field of a layout, as {@link FieldCells} has
 * them, and, in a last place, how often they have no readable value.
 *
 * @param fields null where the baseline has not the field
 */
public record CellShares(List<double[]> fields) implements Serializable {

  /**
   * @param baseline null: nothing is known
   */
  public static CellShares of(Baseline baseline, ProfileLayout layout) {
    List<double[]> fields = new ArrayList<>();
    for (int i = 0; i < layout.fields(); i++) {
      FieldBaseline field =
          baseline == null
              ? null
              : FieldBaseline.of(baseline, layout, layout.segmentNames().get(0), i);
      fields.add(field == null ? null : shares(field, layout.dictionaries().get(i)));
    }
    return new CellShares(fields);
  }

  /**
   * @param values of a categorical field, in the order of its cells
   */
  private static double[] shares(FieldBaseline field, Dictionary values) {
    FieldState total = field.total();
    long[] counts = values == null ? ofBins(field) : ofValues(field, values);
    if (counts == null) {
      return null;
    }
    double[] shares = new double[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      shares[i] = (double) counts[i] / total.rows();
    }
    shares[counts.length] = (double) (total.rows() - total.valid()) / total.rows();
    return shares;
  }

  private static long[] ofValues(FieldBaseline field, Dictionary values) {
    long[] counts = new long[values.size() + 1];
    long known = 0;
    for (int code = 0; code < values.size(); code++) {
      counts[code] = field.count(values.value(code));
      known += counts[code];
    }
    counts[values.size()] = field.total().valid() - known;
    return counts;
  }

  private static long[] ofBins(FieldBaseline field) {
    Grid grid = field.grid(false);
    if (grid == null) {
      return null;
    }
    long[] bins = field.counts(grid);
    long[] counts = new long[bins.length - 1];
    for (int i = 0; i < bins.length; i++) {
      counts[Math.max(0, i - 1)] += bins[i]; // what is below the first bin is in it, too
    }
    return counts;
  }

  /** From 0 to 1; NaN where the baseline has not the field. */
  public double of(FieldCell cell) {
    double[] shares = fields.get(cell.field());
    return shares == null
        ? Double.NaN
        : shares[cell.cell() == FieldCell.MISSING ? shares.length - 1 : cell.cell()];
  }
}
