package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.Varint;
import io.tidemark.stats.labelissues.InputLabels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Rows with the same inputs: their labels, and of each label a whole row, that of the least name;
 * one whose label a trusted source has given only where there is no other.
 */
final class InputRows {
  /** Of a name; none is that long. */
  private static final int MOST_BYTES = 1 << 30;

  private final InputLabels labels;

  /** By the label's key; no more than labels are told apart. */
  private final TreeMap<String, Named> examples = new TreeMap<>();

  /**
   * A row by its name.
   *
   * @param settled whether a trusted source has given its label: nobody has to look at it any more
   */
  record Named(boolean settled, String name, KeptRow row) implements Comparable<Named> {
    private static int order(boolean settled, String name, Named other) {
      int order = Boolean.compare(settled, other.settled());
      return order != 0 ? order : name.compareTo(other.name);
    }

    InferenceEvent event() {
      return row.event();
    }

    @Override
    public int compareTo(Named other) {
      int order = order(settled, name, other);
      return order != 0 ? order : row.compareContent(other.row);
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
      example(key, new Named(row.settled, name, KeptRow.of(row.event())));
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
    for (Named each : examples.values()) {
      out.writeBoolean(each.settled());
      byte[] name = each.name().getBytes(StandardCharsets.UTF_8);
      Varint.write(name.length, out);
      out.write(name);
      each.row().write(out);
    }
  }

  static InputRows read(DataInput in) throws IOException {
    InputRows read = new InputRows(InputLabels.read(in));
    int size = Varint.readInt(InputLabels.LABELS, in);
    if (size != read.labels.labels().size()) {
      throw new IOException(size + " rows of " + read.labels.labels().size() + " labels");
    }
    for (String label : read.labels.labels()) {
      boolean settled = in.readBoolean();
      byte[] name = new byte[Varint.readInt(MOST_BYTES, in)];
      in.readFully(name);
      Named row = new Named(settled, new String(name, StandardCharsets.UTF_8), KeptRow.read(in));
      read.examples.put(label, row);
    }
    return read;
  }
}
