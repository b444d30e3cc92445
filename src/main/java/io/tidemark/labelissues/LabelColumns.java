package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.Redaction;
import io.tidemark.profile.BlankColumns;
import io.tidemark.profile.RowInputs;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.labelissues.LabelFilter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Where labels, the classes' probabilities and the inputs stand in a model's rows.
 *
 * @param positive of a binary model; null of others
 * @param classes of a model with more; empty of a binary one
 * @param scores slots of the classes' probabilities, or of the positive class's alone; none: the
 *     log has no probabilities
 * @param inputs what names rows' inputs
 * @param bySelfConfidence whether doubtful rows are those of the least probable labels, which may
 *     be the most probable ones all the same; else those for which another one is more probable
 * @param blanks carried columns that nobody is ever shown, and which are not kept
 */
record LabelColumns(
    EventLabels labels,
    String positive,
    List<String> classes,
    List<Integer> scores,
    RowInputs inputs,
    boolean bySelfConfidence,
    BlankColumns blanks)
    implements Serializable {

  LabelColumns {
    classes = List.copyOf(classes);
    scores = List.copyOf(scores);
  }

  static LabelColumns of(MonitoringSpec spec, Redaction redaction) {
    EventLayout layout = EventLayout.of(spec);
    List<String> classes = new ArrayList<>();
    List<Integer> scores = new ArrayList<>();
    String positive = spec.task() == Task.BINARY ? spec.events().prediction().positive() : null;
    if (positive != null && layout.indexOf("prediction.score") >= 0) {
      scores.add(layout.slot(layout.indexOf("prediction.score")));
    }
    for (String each : spec.events().prediction().scores().keySet()) {
      classes.add(each);
      scores.add(layout.slot(layout.indexOf("prediction.score." + each)));
    }
    return new LabelColumns(
        EventLabels.of(spec),
        positive,
        classes,
        scores,
        RowInputs.of(spec),
        spec.labelIssues().filter() == LabelFilter.LOW_SELF_CONFIDENCE,
        BlankColumns.of(spec, redaction));
  }

  /** How many classes have a probability; 0 where the log has none. */
  int count() {
    return scores.isEmpty() ? 0 : classes.isEmpty() ? 2 : classes.size();
  }

  /** The code of a label's class; -1: the model does not know it. Of a binary model 0 is no. */
  int code(String label) {
    if (positive != null) {
      return ClassText.same(label, positive) ? 1 : 0;
    }
    for (int code = 0; code < classes.size(); code++) {
      if (ClassText.same(label, classes.get(code))) {
        return code;
      }
    }
    return -1;
  }

  /** A class where no label says how it is spelled. */
  String name(int code) {
    if (positive != null) {
      String other =
          switch (ClassText.key(positive)) {
            case "1" -> "0";
            case "0" -> "1";
            default -> "not " + positive;
          };
      return code == 1 ? positive : other;
    }
    return classes.get(code);
  }
}
