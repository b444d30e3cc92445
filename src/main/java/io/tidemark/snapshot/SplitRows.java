package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.ValueText;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which rows are to train on, to choose among models by, and to test on. By a hash of what groups
 * rows, its seed and nothing else, so that no group is ever in two splits, in whatever snapshots;
 * or by time: the first of the snapshot's labelled rows are to train on and the last to test on,
 * all rows of a group where its first one is.
 */
final class SplitRows {
  static final String TRAIN = "train";

  private final SnapshotSpec snapshot;
  private final EventLabels labels;
  private final Group group;

  /** What names the rows that must not be parted. */
  private interface Group {
    /** Null: the row is alone. */
    String of(InferenceEvent event);
  }

  SplitRows(MonitoringSpec spec) {
    this.snapshot = spec.snapshot();
    this.labels = EventLabels.of(spec);
    this.group = group(spec, EventLayout.of(spec));
  }

  private static Group group(MonitoringSpec spec, EventLayout layout) {
    String column = spec.snapshot().group();
    EventsSpec events = spec.events();
    if (column == null || column.equals(events.id())) {
      return event -> null; // a row's name is its id
    }
    if (column.equals(events.modelVersion())) {
      return InferenceEvent::version;
    }
    if (column.equals(events.time())) {
      return event -> Long.toString(event.timeMicros());
    }
    int extra = layout.extras().indexOf(column);
    if (extra >= 0) {
      return event -> event.extras()[extra];
    }
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.name().equals(column) || field.path().equals(column)) {
        int slot = layout.slot(i);
        return field.numeric()
            ? event -> number(event.numbers()[slot])
            : event -> event.categories()[slot];
      }
    }
    throw new IllegalArgumentException("no column " + column);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? null : ValueText.of(value);
  }

  private String groupOf(SnapshotRow row) {
    String own = group.of(row.event());
    // What is told by its group is never told by its name.
    return own == null ? "|" + row.name() : "|" + snapshot.group() + "|" + own;
  }

  /**
   * @param rows in the order of (time, name)
   */
  List<SnapshotRow> split(List<SnapshotRow> rows) {
    long labelled = rows.stream().filter(row -> labels.has(row.event())).count();
    Map<String, String> ofGroups = new HashMap<>();
    List<SnapshotRow> split = new ArrayList<>(rows.size());
    long place = 0;
    for (SnapshotRow row : rows) {
      String into = "unlabelled";
      if (labels.text(row.event()) != null) {
        double at = (double) place++ / labelled;
        into =
            snapshot.split().byTime()
                ? ofGroups.computeIfAbsent(groupOf(row), any -> at(at))
                : at(hash(groupOf(row)));
      }
      split.add(
          new SnapshotRow(row.name(), row.event(), row.reasons(), row.weight(), into, row.slice()));
    }
    return split;
  }

  /**
   * Which rows that are not of the log may be trained on: those of groups of which no row is ever
   * in another split. A row without a group is alone.
   *
   * @param split what was chosen of the log
   */
  Predicate<SnapshotRow> trainable(List<SnapshotRow> split) {
    if (!snapshot.split().byTime()) {
      return row -> group.of(row.event()) == null || at(hash(groupOf(row))).equals(TRAIN);
    }
    Set<String> others = new HashSet<>();
    for (SnapshotRow row : split) {
      if (labels.has(row.event()) && !row.split().equals(TRAIN)) {
        others.add(groupOf(row));
      }
    }
    return row -> !others.contains(groupOf(row));
  }

  private double hash(String named) {
    String text = "split|" + snapshot.seed() + named;
    return SelectRows.fraction(Hash128.of(text.getBytes(StandardCharsets.UTF_8)).high());
  }

  private String at(double place) {
    double train = snapshot.split().train();
    if (place < train) {
      return TRAIN;
    }
    return place < train + snapshot.split().validation() ? "validation" : "test";
  }
}
