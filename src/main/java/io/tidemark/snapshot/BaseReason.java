package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.FieldCells;
import io.tidemark.snapshot.StrataGroup.Stratum;
import io.tidemark.spec.Field;
import java.util.Map;

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
    int rows = allotment.left();
    int[] available =
        allotment.candidates().values().stream()
            .flatMap(group -> group.strata().values().stream())
            .mapToInt(Stratum::available)
            .toArray();
    int level = level(available, rows);
    long used = 0;
    for (int has : available) {
      used += Math.min(has, level);
    }
    long left = rows - used;
    for (Map.Entry<WindowKey, StrataGroup> window : allotment.candidates().entrySet()) {
      for (Map.Entry<Integer, Stratum> stratum : window.getValue().strata().entrySet()) {
        int has = stratum.getValue().available();
        int quota = Math.min(has, level);
        if (has > level && left > 0) {
          quota++;
          left--;
        }
        if (quota > 0) {
          allotment.take(window.getKey(), stratum.getKey(), quota);
        }
      }
    }
  }

  /** The largest level at which strata, each up to it, need no more than so many rows. */
  private static int level(int[] available, int rows) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      long used = 0;
      for (int has : available) {
        used += Math.min(has, middle);
      }
      if (used <= rows) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
