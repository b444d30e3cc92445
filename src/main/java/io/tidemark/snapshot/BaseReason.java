package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldCells;
import io.tidemark.spec.Field;

/**
 * Rows of all kinds, whatever happened: the label's value × the score's cell, so that rare labels
 * and rare scores are there. All strata alike, but none more than it has: small ones whole, the
 * rest shared.
 */
final class BaseReason implements SamplingReason {
  /** Candidates a snapshot row: rows are chosen among windows that nobody can foresee. */
  private static final int FACTOR = 2;

  /** Label values with strata of their own; a model with more classes shares the last one. */
  private static final int MOST_LABELS = 20;

  @Override
  public String name() {
    return "base";
  }

  @Override
  public long candidates(long share) {
    return FACTOR * share;
  }

  @Override
  public EventStrata strata(Model model) {
    LabelCells label = LabelCells.joined(model.spec());
    FieldCells score = null;
    for (int i = 0; i < model.layout().fields(); i++) {
      Field field = model.layout().layout().fields().get(i);
      if (field.role() == Field.Role.LABEL) {
        label = LabelCells.inLog(model.spec(), model.cells(i));
      }
      if (field.role() == Field.Role.PREDICTION && score == null) {
        score = model.cells(i);
      }
    }
    return new LabelByScore(
        label,
        score,
        1 + Math.min(MOST_LABELS, label.cells()),
        1 + (score == null ? 0 : (score.cells() + 1) / 2));
  }

  /**
   * @param score null: the model has none
   */
  private record LabelByScore(LabelCells label, FieldCells score, int labelCells, int scoreCells)
      implements EventStrata {
    @Override
    public int count() {
      return labelCells * scoreCells;
    }

    @Override
    public int most() {
      return 1;
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      int labelCell = Math.min(labelCells - 1, 1 + label.cellOf(event));
      int scoreCell = score == null ? 0 : (score.cellOf(event) + 2) / 2;
      into[0] = labelCell * scoreCells + Math.min(scoreCells - 1, scoreCell);
      return 1;
    }
  }

  @Override
  public void allot(Allotment allotment) {
    EvenShares.take(allotment, allotment.rows(), stratum -> true);
  }
}
