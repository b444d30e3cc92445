package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.event.Redaction;
import io.tidemark.spec.Field;
import io.tidemark.stats.Dictionary;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cells of the inputs over which a change of performance is told apart: coarse bins of some
 * fields, crossed. Fixed when the baseline is built.
 *
 * @param dimensions none: one cell
 */
public record InputCells(List<Dimension> dimensions) implements Serializable {
  private static final long serialVersionUID = 1;

  /** All rows in one cell, which attributes every change to the relation. */
  public static final InputCells NONE = new InputCells(List.of());

  /** More cells would each have too few rows to have an error to speak of. */
  public static final int MOST_CELLS = 200;

  public InputCells {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * One field's bins. Missing and unreadable values are a bin of their own, the last.
   *
   * @param field its name
   * @param edges numeric: ascending; bins are (-inf, e1], (e1, e2], ... (ek, inf); null:
   *     categorical
   * @param values categorical: each a bin, then one for all others; null: numeric
   */
  public record Dimension(String field, List<Double> edges, Dictionary values)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public static Dimension numeric(String field, double[] edges) {
      return new Dimension(field, Arrays.stream(edges).boxed().toList(), null);
    }

    public static Dimension categorical(String field, List<String> values) {
      return new Dimension(field, null, Dictionary.of(values));
    }

    public int cells() {
      return (edges != null ? edges.size() : values.size()) + 2;
    }

    private String label(int cell, Field column, Redaction redaction) {
      if (cell == cells() - 1) {
        return field + " missing";
      }
      if (redaction.hides(column) && edges != null) {
        return field + " bin " + cell;
      }
      if (edges == null) {
        String shown = cell == values.size() ? "other" : redaction.show(column, values.value(cell));
        return field + "=" + (shown == null ? "value " + cell : shown);
      }
      if (edges.isEmpty()) {
        return field + " any";
      }
      return cell == 0
          ? field + " <= " + edges.get(0)
          : cell == edges.size()
              ? field + " > " + edges.get(cell - 1)
              : field + " (" + edges.get(cell - 1) + ", " + edges.get(cell) + "]";
    }
  }

  /** Number of cells. */
  public int cells() {
    int cells = 1;
    for (Dimension dimension : dimensions) {
      cells *= dimension.cells();
    }
    return cells;
  }

  /** Whether the events have every field, as the type that it is here. */
  public boolean fits(EventLayout layout) {
    for (Dimension dimension : dimensions) {
      int at = layout.indexOf(dimension.field());
      if (at < 0 || layout.fields().get(at).numeric() != (dimension.edges() != null)) {
        return false;
      }
    }
    return true;
  }

  /** A cell in words, such as {@code income <= 20.0, region=north}. */
  public String label(int cell, EventLayout layout, Redaction redaction) {
    List<String> parts = new ArrayList<>();
    int rest = cell;
    for (int i = dimensions.size() - 1; i >= 0; i--) {
      Dimension dimension = dimensions.get(i);
      Field column = layout.fields().get(layout.indexOf(dimension.field()));
      parts.add(0, dimension.label(rest % dimension.cells(), column, redaction));
      rest /= dimension.cells();
    }
    return parts.isEmpty() ? "all rows" : String.join(", ", parts);
  }

  /** Finds the cells of rows of a layout that {@link #fits} it. */
  public Finder finder(EventLayout layout) {
    return new Finder(this, layout);
  }

  /** A partition over the slots of a layout. */
  public static final class Finder {
    private final int[] slots;
    private final int[] cells;
    private final double[][] edges;
    private final Dictionary[] values;

    private Finder(InputCells partition, EventLayout layout) {
      int count = partition.dimensions.size();
      slots = new int[count];
      cells = new int[count];
      edges = new double[count][];
      values = new Dictionary[count];
      for (int i = 0; i < count; i++) {
        Dimension dimension = partition.dimensions.get(i);
        slots[i] = layout.slot(layout.indexOf(dimension.field()));
        cells[i] = dimension.cells();
        values[i] = dimension.values();
        edges[i] =
            dimension.edges() == null
                ? null
                : dimension.edges().stream().mapToDouble(Double::doubleValue).toArray();
      }
    }

    /** The cell of a row. */
    public int cell(OutcomeReader.Values row) {
      int cell = 0;
      for (int i = 0; i < slots.length; i++) {
        int bin = edges[i] != null ? bin(row.number(slots[i]), i) : bin(row.category(slots[i]), i);
        cell = cell * cells[i] + bin;
      }
      return cell;
    }

    private int bin(double value, int dimension) {
      if (Double.isNaN(value)) {
        return cells[dimension] - 1;
      }
      int at = Arrays.binarySearch(edges[dimension], value + 0.0);
      return at >= 0 ? at : -at - 1;
    }

    private int bin(String value, int dimension) {
      if (value == null) {
        return cells[dimension] - 1;
      }
      int code = values[dimension].code(value);
      return code >= 0 ? code : cells[dimension] - 2;
    }
  }
}
