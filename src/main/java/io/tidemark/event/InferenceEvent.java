package io.tidemark.event;

/**
 * One row of an inference log, compact: an {@link EventLayout} says which slot holds which column.
 *
 * <p>The arrays are shared, not copied, and must not be changed after construction.
 *
 * @param id null where the spec declares none; rows are then named by {@link RowHash}
 * @param timeMicros event time, microseconds since the epoch
 * @param version model version, "" without one
 * @param numbers NaN: missing (or invalid, see there)
 * @param categories null: missing (or invalid)
 * @param invalid a bit a field of the layout whose value could not be read; null: none
 * @param extras carried columns as text; null: missing
 * @param label the true label that was joined to the row, as text; null: none. A label that the log
 *     itself carries is one of its fields: {@link EventLabels} knows both
 * @param labelMicros when the joined label was given, microseconds since the epoch; 0 without one
 * @param disputed labels of the row contradict each other, and no trusted source has decided: it is
 *     shown what came first, and nobody trains on it
 * @param trusted the label that a trusted source gave, or null; it stands for all others
 * @param sources what the sources of its labels say, where several do and somebody looks at it;
 *     null: nothing is told
 */
public record InferenceEvent(
    String id,
    long timeMicros,
    String version,
    double[] numbers,
    String[] categories,
    long[] invalid,
    String[] extras,
    String label,
    long labelMicros,
    boolean disputed,
    TrustedLabel trusted,
    SourceLabels sources) {

  public InferenceEvent {
    disputed = disputed && trusted == null;
  }

  /**
   * A label of a source that is trusted.
   *
   * @param micros when it was given, microseconds since the epoch
   */
  public record TrustedLabel(String text, long micros) {}

  /** A row without a joined label. */
  public InferenceEvent(
      String id,
      long timeMicros,
      String version,
      double[] numbers,
      String[] categories,
      long[] invalid,
      String[] extras) {
    this(id, timeMicros, version, numbers, categories, invalid, extras, null, 0, false, null, null);
  }

  /** The same row with other carried columns. */
  public InferenceEvent withExtras(String... others) {
    return new InferenceEvent(
        id,
        timeMicros,
        version,
        numbers,
        categories,
        invalid,
        others,
        label,
        labelMicros,
        disputed,
        trusted,
        sources);
  }

  /** The same row with a joined label. */
  public InferenceEvent withLabel(String text, long micros) {
    return withLabel(text, micros, disputed);
  }

  /**
   * The same row with what the join found.
   *
   * @param text null: no label
   */
  public InferenceEvent withLabel(String text, long micros, boolean contradicted) {
    return labelled(text, micros, contradicted, trusted, sources);
  }

  /** The same row with the label that a trusted source gave; null: none did. */
  public InferenceEvent withTrusted(TrustedLabel given) {
    return labelled(label, labelMicros, disputed, given, sources);
  }

  /** The same row with what the sources of its labels say; null: nothing is told. */
  public InferenceEvent withSources(SourceLabels said) {
    return said == sources ? this : labelled(label, labelMicros, disputed, trusted, said);
  }

  private InferenceEvent labelled(
      String text, long micros, boolean contradicted, TrustedLabel given, SourceLabels said) {
    return new InferenceEvent(
        id,
        timeMicros,
        version,
        numbers,
        categories,
        invalid,
        extras,
        text,
        micros,
        contradicted,
        given,
        said);
  }

  public boolean invalid(int field) {
    return invalid != null && (invalid[field >> 6] >>> (field & 63) & 1) != 0;
  }
}
