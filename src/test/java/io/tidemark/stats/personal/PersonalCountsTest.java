package io.tidemark.stats.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a column's values come to. */
class PersonalCountsTest {
  private static PersonalCounts of(List<String> values) {
    PersonalCounts counts = new PersonalCounts();
    values.forEach(counts::add);
    return counts;
  }

  /** A number that begins as a Visa's. */
  private static String number(Random random, boolean right) {
    StringBuilder digits = new StringBuilder("4");
    for (int i = 0; i < 14; i++) {
      digits.append(random.nextInt(10));
    }
    for (int last = 0; last < 10; last++) {
      if (CardNumbers.isRight(digits.toString() + last) == right) {
        return digits.append(last).toString();
      }
    }
    throw new AssertionError("one of ten is right");
  }

  private static List<String> numbers(int right, int wrong, long seed) {
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < right + wrong; i++) {
      values.add(number(random, i < right));
    }
    Collections.shuffle(values, random);
    return values;
  }

  @Test
  void countsRowsByKindOnceEach() {
    List<String> values = new ArrayList<>();
    values.add(null);
    values.add("nothing");
    values.add("a@example.com b@example.com");
    values.add("a@example.com or +49 30 1234567");
    values.add("4111111111111111");
    PersonalCounts counts = of(values);
    assertThat(counts.kinds())
        .isEqualTo(Map.of(PersonalKind.CARD, 1L, PersonalKind.EMAIL, 2L, PersonalKind.PHONE, 1L));
    assertThat(counts.rows()).isEqualTo(3);
    Collections.reverse(values);
    assertThat(of(values).kinds().toString()).isEqualTo(counts.kinds().toString());
    assertThat(of(List.of("x")).kinds()).isEmpty();
  }

  /** Ids of 16 digits are right by Luhn's rule one time in ten, and cards always. */
  @ParameterizedTest
  @ValueSource(ints = {20, 100, 1_000, 10_000})
  void idsThatAreRightByChanceAreNoCards(int rows) {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<String> values = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        values.add(Long.toString(1_000_000_000_000_000L + random.nextLong(9_000_000_000_000_000L)));
      }
      assertThat(of(values).kinds()).as(rows + " rows, seed " + seed).isEmpty();
    }
    assertThat(of(numbers(rows, 0, 1)).kinds()).isEqualTo(Map.of(PersonalKind.CARD, (long) rows));
  }

  @Test
  void cardsAmongIdsAreFoundWhereChanceDoesNotExplainThem() {
    assertThat(of(numbers(1, 0, 1)).rows()).isEqualTo(1);
    assertThat(of(numbers(1, 1, 1)).rows()).isEqualTo(1);
    assertThat(of(numbers(1, 9, 1)).rows()).isZero();
    assertThat(of(numbers(30, 70, 1)).rows()).isEqualTo(30);
    assertThat(of(numbers(15, 85, 1)).rows()).isZero();
    // In words, or in the groups of a card, one is enough.
    List<String> some = numbers(0, 100, 1);
    some.add("4111 1111 1111 1111");
    assertThat(of(some).kinds()).isEqualTo(Map.of(PersonalKind.CARD, 1L));
  }
}
