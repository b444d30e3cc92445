package io.tidemark.simulate;

import java.util.EnumMap;
import java.util.Map;

/** What was written, counted: exact, and the same in whatever order files are done. */
final class Tally {
  final Map<RowKind, Long> kinds = new EnumMap<>(RowKind.class);

  /** Good rows by window, by window and true class, and by window where the model was right. */
  final long[] rows;

  final long[][] groups;
  final long[] right;

  /** Labelled rows by what is planted with their labels. */
  final Map<LabelFault, Long> labels = new EnumMap<>(LabelFault.class);

  Tally(int windows, int groups) {
    this.rows = new long[windows];
    this.groups = new long[windows][groups];
    this.right = new long[windows];
  }

  void count(Row row, Outcomes outcomes) {
    kinds.merge(row.kind, 1L, Long::sum);
    if (row.kind == RowKind.GOOD) {
      rows[row.window]++;
      groups[row.window][outcomes.group(row.truth)]++;
      right[row.window] += outcomes.right(row.scores, row.truth) ? 1 : 0;
      if (row.labelled) {
        labels.merge(row.fault, 1L, Long::sum);
      }
    }
  }

  /** Adds another's counts; safe for files that are done at the same time. */
  synchronized void add(Tally other) {
    other.kinds.forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    for (int window = 0; window < rows.length; window++) {
      rows[window] += other.rows[window];
      right[window] += other.right[window];
      for (int group = 0; group < groups[window].length; group++) {
        groups[window][group] += other.groups[window][group];
      }
    }
    other.labels.forEach((fault, count) -> labels.merge(fault, count, Long::sum));
  }
}
