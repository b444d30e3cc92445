package io.tidemark.profile;

import io.tidemark.event.InferenceEvent;
import java.io.Serializable;
import java.util.List;

/**
 * A cell of one of a layout's fields.
 *
 * @param field its place in the layout
 * @param cell as {@link FieldCells} has them; {@link #MISSING}: no readable value
 */
public record FieldCell(int field, int cell) implements Serializable {
  public static final int MISSING = -1;

  /**
   * Whether a row is in it.
   *
   * @param cells of the layout's fields, in its order
   */
  public boolean holds(InferenceEvent row, List<FieldCells> cells) {
    return cells.get(field).cellOf(row) == cell;
  }

  /** Whether a row is in all of some cells. */
  public static boolean allHold(
      List<FieldCell> region, InferenceEvent row, List<FieldCells> cells) {
    for (FieldCell cell : region) {
      if (!cell.holds(row, cells)) {
        return false;
      }
    }
    return true;
  }
}
