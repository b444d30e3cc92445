package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Varint;
import io.tidemark.stats.labelissues.InputLabels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows with the same inputs: their labels, and of each label a whole row, that of the least name;
 * one whose label a trusted source has given only where there is no other.
 */
final class InputRows {
  private final InputLabels labels;

  /** By the label's key; no more than labels are told apart. */
  private final TreeMap<String, Named> examples = new TreeMap<>();

  /** A row by its name. */
  record Named(String name, InferenceEvent event) implements Comparable<Named> {
    /** Whether a trusted source has given its label: nobody has to look at it any more. */
    boolean settled() {
      return event.trusted() != null;
    }

    private static int order(boolean settled, String name, Named other) {
      int order = Boolean.compare(settled, other.settled());
      return order != 0 ? order : name.compareTo(other.name);
    }

    @Override
    public int compareTo(Named other) {
      int order = order(settled(), name, other);
      return order != 0 || event == other.event
          ? order
          : RowHash.content(event).compareTo(RowHash.content(other.event));
    }
  }

  InputRows() {
    this(new InputLabels());
  }

  private InputRows(InputLabels labels) {
    this.labels = labels;
  }

  void add(LabelledRow row) {
    String name = row.name();
    String key = ClassText.key(row.label);
    labels.add(key, row.time, name, row.disputed);
    Named before = examples.get(key);
    if (before == null || Named.order(row.settled, name, before) <= 0) {
      example(key, new Named(name, row.event()));
    }
  }

  private void example(String key, Named row) {
    examples.merge(key, row, InputRows::first);
    if (examples.size() > labels.labels().size()) {
      examples.keySet().retainAll(labels.labels());
    }
  }

  private static Named first(Named one, Named other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  void merge(InputRows other) {
    labels.merge(other.labels);
    other.examples.forEach((key, row) -> examples.merge(key, row, InputRows::first));
    examples.keySet().retainAll(labels.labels());
  }

  InputLabels labels() {
    return labels;
  }

  /** Of one of the labels; null of another. */
  Named example(String label) {
    return examples.get(label);
  }

  void write(DataOutput out) throws IOException {
    labels.write(out);
    Varint.write(examples.size(), out);
    for (Map.Entry<String, Named> each : examples.entrySet()) {
      InferenceEventCoder.write(each.getValue().event(), out);
    }
  }

  static InputRows read(DataInput in) throws IOException {
    InputRows read = new InputRows(InputLabels.read(in));
    int size = Varint.readInt(InputLabels.LABELS, in);
    if (size != read.labels.labels().size()) {
      throw new IOException(size + " rows of " + read.labels.labels().size() + " labels");
    }
    for (String label : read.labels.labels()) {
      InferenceEvent event = InferenceEventCoder.read(in);
      read.examples.put(label, new Named(RowHash.name(event), event));
    }
    return read;
  }
}
