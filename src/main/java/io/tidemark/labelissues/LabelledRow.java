package io.tidemark.labelissues;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.event.SourceLabels;
import io.tidemark.stats.Hash128;

/**
 * Reads of one row at a time what tells whether its label is right. The same object is filled anew
 * with each row.
 */
final class LabelledRow {
  private final LabelColumns columns;
  private InferenceEvent event;
  private EventBatch batch;
  private int at;

  /** Null without one; then nothing else is read. */
  String label;

  /** Of the label's class; -1: the model does not know it. */
  int code;

  /** One a class; null: not all of them are there. */
  double[] probabilities;

  /**
   * By how much the label's probability is above the largest other one, or below 1 where that alone
   * counts; NaN without. The less, the more doubtful.
   */
  double standing;

  /** Of the row, microseconds since the epoch: what is labelled changes then, whoever is late. */
  long time;

  /** Whether the row's own labels contradict each other. */
  boolean disputed;

  /** Whether a trusted source has given the label. */
  boolean settled;

  /** What several sources say of it; null: there is one, or nothing is told. */
  SourceLabels sources;

  LabelledRow(LabelColumns columns) {
    this.columns = columns;
  }

  void turnTo(InferenceEvent row) {
    event = row;
    batch = null;
    label = columns.labels().text(row);
    if (label != null) {
      time = row.timeMicros();
      disputed = row.disputed();
      settled = row.trusted() != null;
      sources = row.sources();
      score();
    }
  }

  void turnTo(EventBatch rows, int row) {
    event = null;
    batch = rows;
    at = row;
    label = columns.labels().text(rows, row);
    if (label != null) {
      time = rows.times()[row];
      disputed = rows.disputed(row);
      settled = rows.trusted(row) != null;
      sources = rows.sources(row);
      score();
    }
  }

  private double number(int slot) {
    return event == null ? batch.numbers()[slot][at] : event.numbers()[slot];
  }

  private void score() {
    code = columns.code(label);
    probabilities = null;
    standing = Double.NaN;
    int classes = columns.count();
    if (classes == 0) {
      return;
    }
    double[] read = new double[classes];
    for (int i = 0; i < columns.scores().size(); i++) {
      double score = number(columns.scores().get(i));
      if (!(score >= 0 && score <= 1)) {
        return;
      }
      read[i] = score;
    }
    if (columns.classes().isEmpty()) {
      read = new double[] {1 - read[0], read[0]};
    }
    probabilities = read;
    if (code >= 0) {
      double other = 0;
      for (int i = 0; i < classes; i++) {
        other = i == code ? other : Math.max(other, read[i]);
      }
      standing = read[code] - (columns.bySelfConfidence() ? 1 : other);
    }
  }

  /** All of the row that may be kept. */
  InferenceEvent event() {
    return columns.blanks().without(whole());
  }

  private InferenceEvent whole() {
    return event == null ? batch.event(at) : event;
  }

  /** See {@link RowHash#name}. */
  String name() {
    String id = event == null ? batch.id(at) : event.id();
    return id == null ? RowHash.name(whole()) : id;
  }

  /** Of the id; where the log has none, of the row. */
  long hash() {
    if (event != null) {
      return hash(event);
    }
    return batch.id(at) == null ? hash(batch.event(at)) : batch.ids().hash(at).high();
  }

  private static long hash(InferenceEvent row) {
    return (row.id() == null ? RowHash.content(row) : RowHash.ofId(row.id())).high();
  }

  /**
   * Names the row's inputs: the same for all rows with the same values. Null where one of them
   * could not be read, or all of them are missing: then nobody knows what the label is of.
   */
  Hash128 inputs() {
    return event == null ? columns.inputs().of(batch, at) : columns.inputs().of(event);
  }
}
