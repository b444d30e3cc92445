package io.tidemark.event;

import java.util.Arrays;

/**
 * Puts rows together by column: what is monitored of them and, if it is wanted, carried columns;
 * not their ids and joined labels. Not safe for use by several threads.
 */
public final class BatchBuilder {
  private static final int START_ROWS = 32;

  /** So many different texts of a column are remembered from one batch to the next at most. */
  private static final int MOST_TEXTS = 1 << 12;

  private final EventLayout layout;
  private final boolean extras;

  /** Of versions, categories and carried columns. */
  private final TextCodes[] texts;

  private long[] times = new long[START_ROWS];

  // Row by row: a row is added at one place and not at a place a column.
  private double[] numbers;
  private int[] codes;
  private int rows;

  /**
   * @param extras whether carried columns are wanted
   */
  public BatchBuilder(EventLayout layout, boolean extras) {
    this.layout = layout;
    this.extras = extras;
    this.texts = new TextCodes[1 + layout.categories() + (extras ? layout.extras().size() : 0)];
    Arrays.setAll(texts, i -> new TextCodes());
    this.numbers = new double[START_ROWS * layout.numbers()];
    this.codes = new int[START_ROWS * texts.length];
  }

  /**
   * Adds a row. A batch has no place for categories that could not be read: rows that have any must
   * stay rows.
   *
   * @param event with no invalid value
   */
  public void add(InferenceEvent event) {
    if (rows == times.length) {
      times = Arrays.copyOf(times, 2 * rows);
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
      codes = Arrays.copyOf(codes, 2 * codes.length);
    }
    times[rows] = event.timeMicros();
    System.arraycopy(event.numbers(), 0, numbers, rows * layout.numbers(), layout.numbers());
    int at = rows * texts.length;
    codes[at] = texts[0].code(event.version());
    int text = 1;
    for (String category : event.categories()) {
      codes[at + text] = texts[text].code(category);
      text++;
    }
    if (extras) {
      for (String extra : event.extras()) {
        codes[at + text] = texts[text].code(extra);
        text++;
      }
    }
    rows++;
  }

  public int rows() {
    return rows;
  }

  /** The rows that were added since the builder was cleared, with ids or null. */
  EventBatch batch(TextColumn ids) {
    double[][] columns = new double[layout.numbers()][];
    for (int slot = 0; slot < columns.length; slot++) {
      double[] column = new double[rows];
      for (int row = 0, at = slot; row < rows; row++, at += columns.length) {
        column[row] = numbers[at];
      }
      columns[slot] = column;
    }
    return new EventBatch(
        layout,
        ids,
        Arrays.copyOf(times, rows),
        text(0),
        columns,
        new boolean[layout.numbers()][],
        texts(1, layout.categories()),
        texts(1 + layout.categories(), texts.length - 1 - layout.categories()));
  }

  /** The rows that were added since the builder was cleared, without ids. */
  public EventBatch batch() {
    return batch(null);
  }

  private TextColumn[] texts(int from, int count) {
    TextColumn[] columns = new TextColumn[count];
    Arrays.setAll(columns, i -> text(from + i));
    return columns;
  }

  private TextColumn text(int text) {
    int[] column = new int[rows];
    for (int row = 0, at = text; row < rows; row++, at += texts.length) {
      column[row] = codes[at];
    }
    return new TextColumn(texts[text].values(), column);
  }

  /** Forgets the rows. Codes stay, so that a next batch has the same tables of values. */
  public void clear() {
    rows = 0;
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].size() > MOST_TEXTS) {
        texts[i] = new TextCodes();
      }
    }
  }
}
