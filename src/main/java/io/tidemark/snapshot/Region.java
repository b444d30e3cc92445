package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.schema.RegionKind;
import io.tidemark.schema.Slice;
import java.util.List;

/**
 * Rows of a model version that are in some cells of its fields.
 *
 * @param cells all of which its rows are in; none: all rows
 * @param findingId the finding that told of it; null: none did
 * @param weak what is known of it as a weak slice; null: it is none
 */
record Region(RegionKind kind, List<FieldCell> cells, String findingId, Slice weak) {
  static final Region ALL = new Region(RegionKind.all, List.of(), null, null);

  Region {
    cells = List.copyOf(cells);
  }

  static Region of(WeakSlice slice) {
    return new Region(RegionKind.weak, slice.cells(), slice.findingId(), slice.found());
  }

  boolean holds(InferenceEvent row, List<FieldCells> fields) {
    return FieldCell.allHold(cells, row, fields);
  }
}
