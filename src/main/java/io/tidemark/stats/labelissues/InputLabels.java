package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The labels that rows with the same normalised inputs were given: of each how many, when, and some
 * rows. Bounded whatever comes: of more than {@link #LABELS} different labels the first in the
 * order of texts are told apart. Order-free: a label among the first of all is among those of every
 * part, so nothing of it is lost. Not safe for use by several threads.
 */
public final class InputLabels {
  /** Labels that are told apart. */
  public static final int LABELS = 16;

  private final TreeMap<String, LabelTimes> labels = new TreeMap<>();
  private long rows;
  private long disputed;

  /**
   * Adds a labelled row.
   *
   * @param label one text for all spellings of a class
   * @param timeMicros when the label was given
   * @param name of the row, one of those that may be shown
   * @param conflicting whether the row's own labels differ, such as those of two sources
   */
  public void add(String label, long timeMicros, String name, boolean conflicting) {
    rows++;
    disputed += conflicting ? 1 : 0;
    LabelTimes times = held(label);
    if (times != null) {
      times.add(timeMicros, name);
    }
  }

  /** That of a label; null where there are enough before it. */
  private LabelTimes held(String label) {
    LabelTimes times = labels.get(label);
    boolean full = labels.size() == LABELS;
    if (times != null || (full && label.compareTo(labels.lastKey()) > 0)) {
      return times;
    }
    if (full) {
      labels.pollLastEntry();
    }
    times = new LabelTimes();
    labels.put(label, times);
    return times;
  }

  public void merge(InputLabels other) {
    rows += other.rows;
    disputed += other.disputed;
    other.labels.forEach(
        (label, theirs) -> {
          LabelTimes times = held(label);
          if (times != null) {
            times.merge(theirs);
          }
        });
  }

  /** Labelled rows. */
  public long rows() {
    return rows;
  }

  /** Rows whose own labels differ. */
  public long disputed() {
    return disputed;
  }

  /** Rows of labels beyond those that are told apart. */
  public long others() {
    return rows - labels.values().stream().mapToLong(LabelTimes::count).sum();
  }

  /** The labels that are told apart. */
  public Collection<String> labels() {
    return Collections.unmodifiableSet(labels.keySet());
  }

  /** Rows of one of the {@link #labels()}. */
  public long count(String label) {
    return labels.get(label).count();
  }

  /** When it was given first, microseconds. */
  public long first(String label) {
    return labels.get(label).first(0);
  }

  /** When it was given last, microseconds. */
  public long last(String label) {
    return labels.get(label).last(0);
  }

  /** Some of its rows: those of the smallest names. */
  public Collection<String> examples(String label) {
    return Collections.unmodifiableSet(labels.get(label).examples());
  }

  SortedMap<String, LabelTimes> times() {
    return labels;
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    Varint.write(rows, out);
    Varint.write(disputed, out);
    Varint.write(labels.size(), out);
    for (Map.Entry<String, LabelTimes> label : labels.entrySet()) {
      Texts.write(label.getKey(), out);
      label.getValue().write(out);
    }
  }

  public static InputLabels read(DataInput in) throws IOException {
    InputLabels read = new InputLabels();
    read.rows = Varint.read(in);
    read.disputed = Varint.read(in);
    int labels = Varint.readInt(LABELS, in);
    for (int i = 0; i < labels; i++) {
      read.labels.put(Texts.read(in), LabelTimes.read(in));
    }
    return read;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof InputLabels other
        && rows == other.rows
        && disputed == other.disputed
        && labels.equals(other.labels);
  }

  @Override
  public int hashCode() {
    return labels.hashCode();
  }

  @Override
  public String toString() {
    return "InputLabels[rows=" + rows + ", labels=" + labels.keySet() + "]";
  }
}
