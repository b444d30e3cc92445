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
 * one whose label a trusted source has given only where there is no other. Most inputs have one
 * row, of which no more than itself is kept.
 */
final class InputRows {
  /** Of a text; none is that long. */
  private static final int MOST_BYTES = 1 << 30;

  /** Null: there is no row yet, or more than one. */
  private Only only;

  /** Null: there is no more than one row. */
  private InputLabels labels;

  /** By the label's key; no more than labels are told apart. */
  private final TreeMap<String, Named> examples = new TreeMap<>();

  /**
   * The only row of its inputs.
   *
   * @param label its key
   */
  private record Only(String label, long time, boolean disputed, Named row) {
    void addTo(InputLabels labels) {
      labels.add(label, time, row.name(), disputed);
    }
  }

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

  void add(LabelledRow row) {
    String name = row.name();
    String key = ClassText.key(row.label);
    if (only == null && labels == null) {
      only =
          new Only(
              key, row.time, row.disputed, new Named(row.settled, name, KeptRow.of(row.event())));
      return;
    }
    expand();
    labels.add(key, row.time, name, row.disputed);
    Named before = examples.get(key);
    if (before == null || Named.order(row.settled, name, before) <= 0) {
      example(key, new Named(row.settled, name, KeptRow.of(row.event())));
    }
  }

  /** Makes room for a second row. */
  private void expand() {
    if (labels == null) {
      labels = new InputLabels();
      if (only != null) {
        only.addTo(labels);
        examples.put(only.label(), only.row());
        only = null;
      }
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
    expand();
    if (other.only != null) {
      other.only.addTo(labels);
      example(other.only.label(), other.only.row());
    } else {
      labels.merge(other.labels);
      other.examples.forEach(this::example);
    }
  }

  /** Whether there is one row, whose own labels say one thing. */
  boolean single() {
    return only != null && !only.disputed();
  }

  /** Takes the labels into others. */
  void addTo(InputLabels all) {
    if (only != null) {
      only.addTo(all);
    } else {
      all.merge(labels);
    }
  }

  InputLabels labels() {
    InputLabels all = new InputLabels();
    addTo(all);
    return all;
  }

  /** Of one of the labels; null of another. */
  Named example(String label) {
    if (only != null) {
      return label.equals(only.label()) ? only.row() : null;
    }
    return examples.get(label);
  }

  void write(DataOutput out) throws IOException {
    out.writeBoolean(only != null);
    if (only != null) {
      text(only.label(), out);
      out.writeLong(only.time());
      out.writeBoolean(only.disputed());
      write(only.row(), out);
      return;
    }
    labels.write(out);
    Varint.write(examples.size(), out);
    for (Named each : examples.values()) {
      write(each, out);
    }
  }

  private static void write(Named row, DataOutput out) throws IOException {
    out.writeBoolean(row.settled());
    text(row.name(), out);
    row.row().write(out);
  }

  private static Named named(DataInput in) throws IOException {
    return new Named(in.readBoolean(), text(in), KeptRow.read(in));
  }

  private static void text(String text, DataOutput out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Varint.write(utf8.length, out);
    out.write(utf8);
  }

  private static String text(DataInput in) throws IOException {
    byte[] utf8 = new byte[Varint.readInt(MOST_BYTES, in)];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  static InputRows read(DataInput in) throws IOException {
    InputRows read = new InputRows();
    if (in.readBoolean()) {
      read.only = new Only(text(in), in.readLong(), in.readBoolean(), named(in));
      return read;
    }
    read.labels = InputLabels.read(in);
    int size = Varint.readInt(InputLabels.LABELS, in);
    if (size != read.labels.labels().size()) {
      throw new IOException(size + " rows of " + read.labels.labels().size() + " labels");
    }
    for (String label : read.labels.labels()) {
      read.examples.put(label, named(in));
    }
    return read;
  }
}
