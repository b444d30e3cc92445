package io.tidemark.stats;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Strictly increasing edges e₀ &lt; … &lt; e₍ₘ₋₁₎ that part the numbers into 2m + 1 cells: cell 2i
 * + 1 is exactly the value eᵢ, cell 2i the open interval below it, the last cell all above. With
 * values on an edge counted apart, bins closed on either side can be read from one count vector.
 */
public final class CutPoints implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MIN_GRID = 16;
  private static final int MAX_GRID = 1 << 17;

  /** So many more grid cells than edges, that most hold none and need no search. */
  private static final int GRID_CELLS_PER_EDGE = 8;

  private final double[] edges;
  private final transient double origin;
  private final transient double scale;

  /** starts[g]: how many edges lie in grid cells before g. */
  private final transient int[] starts;

  /**
   * Cut points at the given edges, which may be none.
   *
   * @throws IllegalArgumentException if they are not finite and strictly increasing
   */
  public CutPoints(double[] edges) {
    this.edges = new double[edges.length];
    for (int i = 0; i < edges.length; i++) {
      this.edges[i] = edges[i] + 0.0; // -0.0 is 0.0
      if (!Double.isFinite(edges[i]) || (i > 0 && !(edges[i - 1] < edges[i]))) {
        throw new IllegalArgumentException(
            "Edges must be finite and strictly increasing, not " + edges[i] + " at " + i);
      }
    }
    int wanted =
        Math.max(MIN_GRID, (int) Math.min(MAX_GRID, (long) edges.length * GRID_CELLS_PER_EDGE));
    int size = edges.length == 0 ? 0 : Integer.highestOneBit(wanted * 2 - 1);
    origin = edges.length == 0 ? 0 : this.edges[0];
    scale = edges.length == 0 ? 0 : size / (edges[edges.length - 1] - origin);
    starts = new int[size + 1];
    for (double edge : this.edges) {
      starts[guide(edge) + 1]++;
    }
    for (int g = 0; g < size; g++) {
      starts[g + 1] += starts[g];
    }
  }

  /**
   * The grid cell of a number. However it rounds or overflows it never falls when x rises: so edges
   * in an earlier grid cell are smaller and edges in a later one larger than x, for certain.
   */
  private int guide(double x) {
    int g = (int) ((x - origin) * scale);
    return Math.max(0, Math.min(starts.length - 2, g));
  }

  /**
   * The cell of a number; infinities lie in the outer cells.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  public int cell(double x) {
    if (Double.isNaN(x)) {
      throw new IllegalArgumentException("NaN lies in no cell");
    }
    if (edges.length == 0) {
      return 0;
    }
    int g = guide(x);
    int low = starts[g];
    int high = starts[g + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (edges[middle] < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < edges.length && edges[low] == x ? 2 * low + 1 : 2 * low;
  }

  public int cells() {
    return 2 * edges.length + 1;
  }

  public double[] edges() {
    return edges.clone();
  }

  double edge(int i) {
    return edges[i];
  }

  /** The place of an edge among the edges, or -1. */
  int indexOf(double edge) {
    int cell = cell(edge);
    return (cell & 1) == 1 ? cell / 2 : -1;
  }

  boolean isBelow(double x) {
    return edges.length > 0 && x < edges[0];
  }

  boolean isAbove(double x) {
    return edges.length > 0 && x > edges[edges.length - 1];
  }

  private Object readResolve() {
    return new CutPoints(edges);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof CutPoints other && Arrays.equals(edges, other.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  @Override
  public String toString() {
    return "CutPoints" + Arrays.toString(edges);
  }
}
