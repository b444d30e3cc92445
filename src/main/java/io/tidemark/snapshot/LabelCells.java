package io.tidemark.snapshot;

import io.tidemark.event.ClassText;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldCells;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which cell of labels an event falls in: where the log itself carries labels those of its column,
 * also for labels that are joined; else the classes that the spec names, and one for all others.
 *
 * @param field the label's column in the log, or null
 * @param classes of joined labels, where there is no such column
 */
record LabelCells(EventLabels labels, FieldCells field, List<String> classes, boolean none)
    implements Serializable {

  static LabelCells inLog(MonitoringSpec spec, FieldCells field) {
    return new LabelCells(EventLabels.of(spec), field, List.of(), false);
  }

  /** Cells of joined labels alone; none where the spec has no label source. */
  static LabelCells joined(MonitoringSpec spec) {
    List<String> classes = new ArrayList<>();
    if (spec.task() == Task.BINARY && spec.events().prediction().positive() != null) {
      classes.add(spec.events().prediction().positive());
    }
    classes.addAll(spec.events().prediction().scores().keySet());
    return new LabelCells(EventLabels.of(spec), null, List.copyOf(classes), spec.labels() == null);
  }

  int cells() {
    if (field != null) {
      return field.cells();
    }
    return none ? 0 : classes.size() + 1;
  }

  /** -1: no label. */
  int cellOf(InferenceEvent event) {
    if (field == null) {
      return ofClass(labels.text(event));
    }
    boolean own = event.trusted() == null && labels.own(event) != null;
    return own || !labels.has(event)
        ? field.cellOf(event)
        : field.cellOf(labels.text(event), labels.number(event));
  }

  private int ofClass(String label) {
    if (none || label == null) {
      return -1;
    }
    int known = 0;
    while (known < classes.size() && !ClassText.same(classes.get(known), label)) {
      known++;
    }
    return known;
  }
}
