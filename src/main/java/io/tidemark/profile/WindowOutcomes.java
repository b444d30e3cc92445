package io.tidemark.profile;

import io.tidemark.stats.performance.CellErrors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The outcomes of one window's predictions: of all rows and of each segment, and the errors by cell
 * of the baseline's partition. Merging is exact in any order.
 */
public final class WindowOutcomes {
  private final OutcomeLayout layout;
  private final SegmentOutcomes[] segments;
  private CellErrors cells;

  public WindowOutcomes(OutcomeLayout layout) {
    this.layout = layout;
    this.segments = new SegmentOutcomes[layout.profile().segmentCount()];
    this.segments[0] = new SegmentOutcomes(layout, 0);
    this.cells = new CellErrors(layout.model().partition().cells());
  }

  public OutcomeLayout layout() {
    return layout;
  }

  /** Outcomes of a segment in the order of the profile's; null where it has no rows. */
  public SegmentOutcomes segment(int segment) {
    return segments[segment];
  }

  /** Errors of all labelled rows: 1 for a wrong class, the size of a number's error. */
  public CellErrors cells() {
    return cells;
  }

  /** Adds the row that the reader has turned to. */
  public void add(OutcomeReader row) {
    segments[0].add(row);
    if (row.labelled) {
      cells.add(row.cell, row.error);
    }
    for (int segment : row.segments()) {
      if (segment > 0) {
        if (segments[segment] == null) {
          segments[segment] = new SegmentOutcomes(layout, segment);
        }
        segments[segment].add(row);
      }
    }
  }

  /** Takes the other's rows in and returns itself; the other stays as it is. */
  public WindowOutcomes merge(WindowOutcomes other) {
    for (int segment = 0; segment < segments.length; segment++) {
      SegmentOutcomes theirs = other.segments[segment];
      if (theirs != null) {
        if (segments[segment] == null) {
          segments[segment] = new SegmentOutcomes(layout, segment);
        }
        segments[segment].merge(theirs);
      }
    }
    cells.merge(other.cells);
    return this;
  }

  void write(DataOutput out) throws IOException {
    for (SegmentOutcomes segment : segments) {
      out.writeBoolean(segment != null);
      if (segment != null) {
        segment.write(out);
      }
    }
    cells.write(out);
  }

  static WindowOutcomes read(OutcomeLayout layout, DataInput in) throws IOException {
    WindowOutcomes outcomes = new WindowOutcomes(layout);
    for (int segment = 0; segment < outcomes.segments.length; segment++) {
      if (in.readBoolean()) {
        outcomes.segments[segment] = SegmentOutcomes.read(layout, segment, in);
      }
    }
    outcomes.cells = CellErrors.read(layout.model().partition().cells(), in);
    return outcomes;
  }
}
