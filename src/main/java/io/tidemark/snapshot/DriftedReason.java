package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.FieldCells;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows from the cells that grew in a field that rang. Strata are each cell of each field, so that
 * whichever field drifts, such rows are at hand.
 */
final class DriftedReason implements SamplingReason {
  /** Candidates a snapshot row: rows are chosen among cells, too, that nobody can foresee. */
  private static final int FACTOR = 4;

  @Override
  public String name() {
    return "drifted";
  }

  @Override
  public long candidates(long share) {
    return FACTOR * share;
  }

  @Override
  public CellsOfFields strata(Model model) {
    List<FieldCells> fields = new ArrayList<>();
    for (int i = 0; i < model.layout().fields(); i++) {
      fields.add(model.cells(i));
    }
    return new CellsOfFields(fields);
  }

  /** Each cell of each field, field by field. */
  static final class CellsOfFields implements EventStrata {
    private static final long serialVersionUID = 1;

    private final List<FieldCells> fields;
    private final int[] firsts;

    private CellsOfFields(List<FieldCells> fields) {
      this.fields = fields;
      this.firsts = new int[fields.size() + 1];
      for (int i = 0; i < fields.size(); i++) {
        firsts[i + 1] = firsts[i] + fields.get(i).cells();
      }
    }

    @Override
    public int count() {
      return firsts[fields.size()];
    }

    @Override
    public int most() {
      return fields.size();
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      int found = 0;
      for (int field = 0; field < fields.size(); field++) {
        int cell = fields.get(field).cellOf(event);
        if (cell >= 0) {
          into[found++] = stratum(field, cell);
        }
      }
      return found;
    }

    int stratum(int field, int cell) {
      return firsts[field] + cell;
    }

    int cells(int field) {
      return fields.get(field).cells();
    }
  }

  /**
   * Each alarm has the same share of the rows, dealt to its cells in proportion to their growth.
   */
  @Override
  public void allot(Allotment allotment) {
    int rows = allotment.rows();
    for (DriftedField field : allotment.drifted()) {
      WindowKey window = field.window();
      StrataGroup group = allotment.candidates().get(window);
      if (group == null) {
        continue;
      }
      CellsOfFields cells = (CellsOfFields) group.kinds();
      if (field.growth().length != cells.cells(field.field())) {
        continue;
      }
      double grown = 0;
      for (double growth : field.growth()) {
        grown += Math.max(0, growth);
      }
      for (int cell = 0; cell < field.growth().length; cell++) {
        double share = grown == 0 ? 0 : Math.max(0, field.growth()[cell]) / grown;
        int quota = (int) (share * rows / allotment.drifted().size());
        int stratum = cells.stratum(field.field(), cell);
        if (quota > 0 && group.strata().containsKey(stratum)) {
          allotment.take(window, stratum, quota);
          allotment.because(field.findingId());
        }
      }
    }
  }
}
