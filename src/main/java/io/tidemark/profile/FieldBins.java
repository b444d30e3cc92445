package io.tidemark.profile;

import io.tidemark.spec.Field;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import java.io.Serializable;
import java.util.TreeSet;

/**
 * The binning choices of one field, fixed when the baseline is built (METHODS 1).
 *
 * @param quantile numeric: {@code quantile(20)}; null for categorical fields and for a numeric
 *     field without a single finite value
 * @param doane numeric: NannyML's histogram edges
 * @param fine numeric: 10,000 equal widths over the baseline's range, or null unless a method needs
 *     them
 * @param dictionary categorical: the baseline's values
 * @param truncated categorical: the baseline has more values than the dictionary holds
 */
public record FieldBins(
    Field field, Grid quantile, Grid doane, Grid fine, Dictionary dictionary, boolean truncated)
    implements Serializable {

  /** Every edge that any of the grids needs. */
  public CutPoints cutPoints() {
    TreeSet<Double> edges = new TreeSet<>();
    for (Grid grid : new Grid[] {quantile, doane, fine}) {
      if (grid != null) {
        for (double edge : grid.edges()) {
          edges.add(edge == 0 ? 0.0 : edge); // no negative zero beside zero
        }
      }
    }
    return new CutPoints(edges.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
