package io.tidemark.stats.slices;

import java.util.Locale;

/** What became of a slice since the period before. */
public enum SliceChange {
  /**
   * Its errors are larger than they were, and then it did not stand out; or it had fewer rows then
   * than a slice needs.
   */
  NEW,
  /** It stood out already, and its errors are larger now. */
  WORSE,
  /** Its errors are no larger than they were, as far as the rows tell. */
  AS_BEFORE,
  /** It stood out, and does not any more. */
  GONE;

  /** As outputs have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
