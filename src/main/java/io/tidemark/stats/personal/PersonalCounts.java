package io.tidemark.stats.personal;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How many values of a column hold personal data, by its kind. A function of the values, in
 * whatever order.
 *
 * <p>Values that are digits alone may be ids, of which one in ten is right by Luhn's rule: of those
 * that begin as a card's number does, half have to be right, or so many more than a tenth that
 * chance does not do it (four standard deviations). Else they are none.
 */
public final class PersonalCounts {
  /** Share of numbers that are right by chance. */
  private static final double CHANCE = .1;

  private static final double DEVIATIONS = 4;

  private final Map<PersonalKind, Long> values = new EnumMap<>(PersonalKind.class);
  private long rows;
  private long numbers;
  private long right;

  /**
   * Adds a row's value.
   *
   * @param text null: it has none
   */
  public void add(String text) {
    if (text == null) {
      return;
    }
    if (PersonalData.isNumber(text)) {
      String digits = text.strip();
      if (CardNumbers.isOfNetwork(digits)) {
        numbers++;
        right += CardNumbers.isRight(digits) ? 1 : 0;
      }
      return;
    }
    Set<PersonalKind> kinds = PersonalData.in(text);
    kinds.forEach(kind -> values.merge(kind, 1L, Long::sum));
    rows += kinds.isEmpty() ? 0 : 1;
  }

  private long cards() {
    double chance = CHANCE * numbers + DEVIATIONS * Math.sqrt(CHANCE * (1 - CHANCE) * numbers);
    return 2 * right >= numbers || right > chance ? right : 0;
  }

  /** Rows that hold any. */
  public long rows() {
    return rows + cards();
  }

  /** Rows that hold a kind, of those kinds that there are, in their order. */
  public Map<PersonalKind, Long> kinds() {
    Map<PersonalKind, Long> kinds = new EnumMap<>(values);
    if (cards() > 0) {
      kinds.merge(PersonalKind.CARD, cards(), Long::sum);
    }
    return kinds;
  }
}
