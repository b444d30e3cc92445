package io.tidemark.profile;

/**
 * How much of a window there is, all versions together.
 *
 * @param labelled rows with a label
 */
public record Held(long rows, long labelled) {
  public static final Held NONE = new Held(0, 0);

  public Held plus(Held other) {
    return new Held(rows + other.rows, labelled + other.labelled);
  }
}
