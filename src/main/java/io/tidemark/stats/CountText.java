package io.tidemark.stats;

import java.util.Locale;

/** Counts with their nouns, as messages tell them: 1 row, 2 rows, 1,000 rows. */
public final class CountText {
  private CountText() {}

  /**
   * @param noun in the singular, of the plural that an s makes
   */
  public static String of(long count, String noun) {
    return of(count, noun, noun + "s");
  }

  public static String of(long count, String one, String several) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : several);
  }
}
