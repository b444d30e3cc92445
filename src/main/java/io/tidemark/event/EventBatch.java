package io.tidemark.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a log by column, for folds that count columns faster than rows. The arrays belong to the
 * reader, which fills them anew with the next batch: nobody keeps or changes them.
 *
 * @param layout which slot holds which field
 * @param ids null where the spec declares none
 * @param times event times by row, microseconds since the epoch
 * @param versions model versions; null where the spec declares none, and a missing one is ""
 * @param numbers by slot, then by row; NaN: missing or invalid
 * @param invalid by slot of the numbers, then by row; null: no value of the slot is
 * @param categories by slot
 * @param extras carried columns by slot
 * @param labels true labels that were joined to the rows; null: none were
 * @param labelTimes when they were given, by row; null where {@code labels} is
 * @param disputed rows whose labels contradict each other; null: none does
 */
public record EventBatch(
    EventLayout layout,
    TextColumn ids,
    long[] times,
    TextColumn versions,
    double[][] numbers,
    boolean[][] invalid,
    TextColumn[] categories,
    TextColumn[] extras,
    TextColumn labels,
    long[] labelTimes,
    boolean[] disputed) {

  /** Rows without joined labels. */
  public EventBatch(
      EventLayout layout,
      TextColumn ids,
      long[] times,
      TextColumn versions,
      double[][] numbers,
      boolean[][] invalid,
      TextColumn[] categories,
      TextColumn[] extras) {
    this(layout, ids, times, versions, numbers, invalid, categories, extras, null, null, null);
  }

  /**
   * What is monitored of rows, as columns: without ids, carried columns and what was joined. A
   * batch has no place for categories that could not be read: rows that have any must stay rows.
   *
   * @param events with no invalid value
   */
  public static EventBatch of(EventLayout layout, List<InferenceEvent> events) {
    int rows = events.size();
    double[][] numbers = new double[layout.numbers()][rows];
    long[] times = new long[rows];
    Column[] categories = columns(layout.categories(), rows);
    Column versions = new Column(rows);
    for (int row = 0; row < rows; row++) {
      InferenceEvent event = events.get(row);
      times[row] = event.timeMicros();
      versions.set(row, event.version());
      for (int i = 0; i < numbers.length; i++) {
        numbers[i][row] = event.numbers()[i];
      }
      for (int i = 0; i < categories.length; i++) {
        categories[i].set(row, event.categories()[i]);
      }
    }
    return new EventBatch(
        layout,
        null,
        times,
        versions.text(),
        numbers,
        new boolean[layout.numbers()][],
        texts(categories),
        new TextColumn[0]);
  }

  /** A text column in the making. */
  private static final class Column {
    private final Map<String, Integer> codeOf = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final int[] codes;

    Column(int rows) {
      this.codes = new int[rows];
    }

    void set(int row, String text) {
      if (text == null) {
        codes[row] = -1;
        return;
      }
      Integer code = codeOf.putIfAbsent(text, values.size());
      if (code == null) {
        codes[row] = values.size();
        values.add(text);
      } else {
        codes[row] = code;
      }
    }

    TextColumn text() {
      return new TextColumn(values.toArray(new String[0]), codes);
    }
  }

  private static Column[] columns(int count, int rows) {
    Column[] columns = new Column[count];
    Arrays.setAll(columns, i -> new Column(rows));
    return columns;
  }

  private static TextColumn[] texts(Column[] columns) {
    return Arrays.stream(columns).map(Column::text).toArray(TextColumn[]::new);
  }

  /** The same rows with joined labels. */
  public EventBatch withLabels(TextColumn texts, long[] micros) {
    return withLabels(texts, micros, disputed);
  }

  /** The same rows with what the join found of each. */
  public EventBatch withLabels(TextColumn texts, long[] micros, boolean[] contradicted) {
    return new EventBatch(
        layout,
        ids,
        times,
        versions,
        numbers,
        invalid,
        categories,
        extras,
        texts,
        micros,
        contradicted);
  }

  /** The label that was joined to a row, or null. */
  public String label(int row) {
    return labels == null ? null : labels.text(row);
  }

  public boolean disputed(int row) {
    return disputed != null && disputed[row];
  }

  public String id(int row) {
    return ids == null ? null : ids.text(row);
  }

  public String version(int row) {
    String version = versions == null ? null : versions.text(row);
    return version == null ? "" : version;
  }

  /** One row by itself. */
  public InferenceEvent event(int row) {
    double[] rowNumbers = new double[numbers.length];
    for (int i = 0; i < rowNumbers.length; i++) {
      rowNumbers[i] = numbers[i][row];
    }
    String label = label(row);
    return new InferenceEvent(
        id(row),
        times[row],
        version(row),
        rowNumbers,
        texts(categories, row),
        invalid(row),
        texts(extras, row),
        label,
        label == null ? 0 : labelTimes[row],
        disputed(row));
  }

  private static String[] texts(TextColumn[] columns, int row) {
    String[] texts = new String[columns.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = columns[i].text(row);
    }
    return texts;
  }

  private long[] invalid(int row) {
    long[] bits = null;
    for (int field = 0; field < layout.fields().size(); field++) {
      if (layout.fields().get(field).numeric()) {
        boolean[] marks = invalid[layout.slot(field)];
        if (marks != null && marks[row]) {
          bits = bits == null ? new long[(layout.fields().size() + 63) >> 6] : bits;
          bits[field >> 6] |= 1L << (field & 63);
        }
      }
    }
    return bits;
  }
}
