package io.tidemark.event;

import io.tidemark.event.InferenceEvent.TrustedLabel;

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
 * @param trusted labels that a trusted source gave, by row; null: no row of the batch has one
 * @param sources what several sources say, by row; null: of no row of the batch it is told
 */
public record EventBatch(
    EventLayout layout,
    IdColumn ids,
    long[] times,
    TextColumn versions,
    double[][] numbers,
    boolean[][] invalid,
    TextColumn[] categories,
    TextColumn[] extras,
    TextColumn labels,
    long[] labelTimes,
    boolean[] disputed,
    TrustedLabel[] trusted,
    SourceLabels[] sources) {

  /** Rows without joined labels. */
  public EventBatch(
      EventLayout layout,
      IdColumn ids,
      long[] times,
      TextColumn versions,
      double[][] numbers,
      boolean[][] invalid,
      TextColumn[] categories,
      TextColumn[] extras) {
    this(
        layout,
        ids,
        times,
        versions,
        numbers,
        invalid,
        categories,
        extras,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same rows with joined labels. */
  public EventBatch withLabels(TextColumn texts, long[] micros) {
    return withLabels(texts, micros, disputed, trusted, sources);
  }

  /** The same rows with what the join found of each. */
  public EventBatch withLabels(
      TextColumn texts,
      long[] micros,
      boolean[] contradicted,
      TrustedLabel[] given,
      SourceLabels[] said) {
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
        contradicted,
        given,
        said);
  }

  /** The label that was joined to a row, or null. */
  public String label(int row) {
    return labels == null ? null : labels.text(row);
  }

  public boolean disputed(int row) {
    return disputed != null && disputed[row];
  }

  /** The label that a trusted source gave, or null. */
  public TrustedLabel trusted(int row) {
    return trusted == null ? null : trusted[row];
  }

  /** What several sources say of a row, or null. */
  public SourceLabels sources(int row) {
    return sources == null ? null : sources[row];
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
        disputed(row),
        trusted(row),
        sources(row));
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
