package io.tidemark.ingest.format;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.TextColumn;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventTime;
import java.util.Arrays;

/**
 * What stands in a batch for columns that a file lacks: the one value that the file's path gives
 * all its rows, or none. Made when it is first asked for: most files lack nothing.
 */
final class AbsentColumns {
  private static final TextColumn NO_TEXT = TextColumn.missing(ColumnBatch.ROWS);

  private final EventColumns columns;
  private final InferenceEvent given;
  private final boolean timed;
  private final double[][] numbers;
  private final boolean[][] invalid;
  private final TextColumn[] categories;
  private final TextColumn[] extras;
  private long[] times;

  AbsentColumns(EventColumns columns, String path) {
    EventAssembler row = new EventAssembler(columns, path);
    this.columns = columns;
    this.given = row.event();
    this.timed = row.isTimed();
    this.numbers = new double[given.numbers().length][];
    this.invalid = new boolean[numbers.length][];
    this.categories = new TextColumn[given.categories().length];
    this.extras = new TextColumn[given.extras().length];
  }

  double[] numbers(int slot) {
    if (numbers[slot] == null) {
      numbers[slot] = new double[ColumnBatch.ROWS];
      Arrays.fill(numbers[slot], given.numbers()[slot]);
      for (EventColumns.Use use : columns.columns()) {
        boolean its = use.kind() == EventColumns.Kind.NUMBER && use.slot() == slot;
        if (its && given.invalid(use.field())) {
          invalid[slot] = new boolean[ColumnBatch.ROWS];
          Arrays.fill(invalid[slot], true);
        }
      }
    }
    return numbers[slot];
  }

  /** Of the numbers of a slot; null: none is. */
  boolean[] invalid(int slot) {
    numbers(slot); // marks them
    return invalid[slot];
  }

  TextColumn category(int slot) {
    if (categories[slot] == null) {
      categories[slot] = text(given.categories()[slot]);
    }
    return categories[slot];
  }

  TextColumn extra(int slot) {
    if (extras[slot] == null) {
      extras[slot] = text(given.extras()[slot]);
    }
    return extras[slot];
  }

  /** Null where the spec declares no ids. */
  TextColumn ids() {
    return columns.hasId() ? text(given.id()) : null;
  }

  /** Null where the rows have none. */
  TextColumn versions() {
    return given.version().isEmpty() ? null : text(given.version());
  }

  long[] times() {
    if (times == null) {
      times = new long[ColumnBatch.ROWS];
      Arrays.fill(times, timed ? given.timeMicros() : EventTime.MISSING);
    }
    return times;
  }

  private static TextColumn text(String value) {
    return value == null
        ? NO_TEXT
        : new TextColumn(new String[] {value}, new int[ColumnBatch.ROWS]);
  }
}
