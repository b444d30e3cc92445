package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import java.io.Serializable;
import java.util.Arrays;

/** Which cell of a field an event falls in. */
public interface FieldCells extends Serializable {
  /**
   * The cells of a field, by its place in the layout.
   *
   * @param reference the field's bins, null where the baseline has not the field
   */
  static FieldCells of(ProfileLayout profile, FieldBins reference, int index) {
    EventLayout layout = profile.layout();
    int slot = layout.slot(index);
    if (!layout.fields().get(index).numeric()) {
      return categorical(slot, profile.dictionaries().get(index));
    }
    Grid grid = reference == null ? null : reference.quantile();
    if (grid == null) {
      return none();
    }
    double[] edges = grid.edges();
    return numeric(slot, Arrays.copyOfRange(edges, 1, edges.length));
  }

  int cells();

  /** -1: the value is missing. */
  int cellOf(InferenceEvent event);

  /** The cell of a value, as text and as a number: each kind of field takes its own. */
  int cellOf(String text, double number);

  /**
   * Cells (−∞, e0], (e0, e1], ..., above the last edge.
   *
   * @param slot in the event's numbers
   */
  static FieldCells numeric(int slot, double[] edges) {
    return new Numeric(slot, edges);
  }

  /**
   * A cell a known value and one for all others.
   *
   * @param slot in the event's categories
   */
  static FieldCells categorical(int slot, Dictionary known) {
    return new Categorical(slot, known);
  }

  /** Every value in one cell, for fields that the baseline knows nothing of. */
  static FieldCells none() {
    return new None();
  }

  /** See {@link #numeric}. */
  record Numeric(int slot, double[] edges) implements FieldCells {
    @Override
    public int cells() {
      return edges.length + 1;
    }

    @Override
    public int cellOf(InferenceEvent event) {
      return cellOf(null, event.numbers()[slot]);
    }

    @Override
    public int cellOf(String text, double x) {
      if (Double.isNaN(x)) {
        return -1;
      }
      int low = 0;
      int length = edges.length;
      while (length > 0) {
        int half = length >>> 1;
        if (edges[low + half] < x) {
          low += half + 1;
          length -= half + 1;
        } else {
          length = half;
        }
      }
      return low;
    }
  }

  /** See {@link #categorical}. */
  record Categorical(int slot, Dictionary known) implements FieldCells {
    @Override
    public int cells() {
      return known.size() + 1;
    }

    @Override
    public int cellOf(InferenceEvent event) {
      return cellOf(event.categories()[slot], Double.NaN);
    }

    @Override
    public int cellOf(String value, double number) {
      if (value == null) {
        return -1;
      }
      int code = known.code(value);
      return code < 0 ? known.size() : code;
    }
  }

  /** See {@link #none}. */
  record None() implements FieldCells {
    @Override
    public int cells() {
      return 1;
    }

    @Override
    public int cellOf(InferenceEvent event) {
      return -1;
    }

    @Override
    public int cellOf(String text, double number) {
      return -1;
    }
  }
}
