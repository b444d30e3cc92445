package io.tidemark.profile;

import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.performance.Calibrator;
import io.tidemark.stats.performance.ClassCalibrator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What windows' outcomes are gathered with, fixed when the baseline is built.
 *
 * @param classes that a multiclass model tells apart; empty for other tasks
 * @param calibrator of a binary model's scores; null: there is no estimate
 * @param classCalibrator of a multiclass model's scores; null: there is no estimate
 * @param labels bins of the labels where they are numbers; null: they are classes, or unknown
 */
public record OutcomeModel(
    Dictionary classes,
    Calibrator calibrator,
    ClassCalibrator classCalibrator,
    InputCells partition,
    Grid labels)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Further classes of a model without scores are not told apart. */
  private static final int MOST_CLASSES = 100;

  /** Without a labelled reference: outcomes can be counted, nothing can be estimated. */
  static OutcomeModel unknown(MonitoringSpec spec, ProfileLayout layout) {
    return new OutcomeModel(classes(spec, layout), null, null, InputCells.NONE, null);
  }

  /**
   * The classes of a multiclass model: those that have scores, else the first predicted ones in the
   * order of their names that the reference knows.
   */
  public static Dictionary classes(MonitoringSpec spec, ProfileLayout layout) {
    if (spec.task() != Task.MULTICLASS) {
      return Dictionary.of(List.of());
    }
    if (!spec.events().prediction().scores().isEmpty()) {
      return Dictionary.of(spec.events().prediction().scores().keySet());
    }
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < layout.fields(); i++) {
      Field field = layout.layout().fields().get(i);
      if (field.role() == Field.Role.PREDICTION && !field.numeric()) {
        Dictionary known = layout.dictionaries().get(i);
        for (int code = 0; code < Math.min(MOST_CLASSES, known.size()); code++) {
          classes.add(known.value(code));
        }
      }
    }
    return Dictionary.of(classes);
  }

  /** Whether labels can be expected of predictions without them. */
  public boolean estimates() {
    return calibrator != null || classCalibrator != null;
  }
}
