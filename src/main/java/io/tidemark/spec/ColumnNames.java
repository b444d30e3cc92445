package io.tidemark.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that one thing goes by: a feature and the column that it is read from, the events' id
 * and that of the label source, the log's label and the source's. Who hides one of them hides what
 * they all show.
 */
final class ColumnNames {
  private final List<Set<String>> names = new ArrayList<>();

  ColumnNames(EventsSpec events, LabelsSpec labels, List<Field> fields) {
    add(events.id(), labels == null ? null : labels.id(), "row_id");
    if (events.label() != null || labels != null) {
      add(events.label(), labels == null ? null : labels.value(), "label");
    }
    if (events.versioned()) {
      add(events.modelVersion(), "model_version");
    }
    for (Field field : fields) {
      add(field.name(), field.path());
    }
  }

  private void add(String... group) {
    Set<String> set = new HashSet<>();
    for (String name : group) {
      if (name != null) {
        set.add(name);
      }
    }
    names.add(set);
  }

  /** These names and all others of what they name. */
  Set<String> all(Collection<String> some) {
    Set<String> all = new HashSet<>(some);
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Set<String> group : names) {
        if (group.stream().anyMatch(all::contains)) {
          grows |= all.addAll(group);
        }
      }
    }
    return all;
  }
}
