package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.Golden;
import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.labelissues.Contradiction.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContradictionTest {
  private record Row(String label, long time, String name, boolean conflicting) {}

  private static final MergeLaws<InputLabels, Row> LAWS =
      new MergeLaws<>(
          InputLabels::new,
          (state, row) -> state.add(row.label(), row.time(), row.name(), row.conflicting()),
          InputLabels::merge,
          InputLabels::write,
          InputLabels::read);

  /** Labels of a letter each, at the times 0, 1, 2 and so on. */
  private static InputLabels labels(String letters) {
    InputLabels labels = new InputLabels();
    for (int i = 0; i < letters.length(); i++) {
      labels.add(letters.substring(i, i + 1), i, "id" + i, false);
    }
    return labels;
  }

  private static Contradiction of(String letters) {
    return Contradiction.of(labels(letters), 1);
  }

  @Test
  void oneLabelIsConsistent() {
    assertThat(of("").verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(of("AAAA").verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(of("AAAA").before()).isNull();
  }

  @Test
  void labelsThatTakeTurnsAreAmbiguous() {
    for (String letters : List.of("ABA", "ABAB", "AABBABAB", "ABC" + "ABC", "AABBCCA")) {
      assertThat(of(letters).verdict()).as(letters).isEqualTo(Verdict.AMBIGUOUS);
    }
  }

  @Test
  void aLabelThatChangedIsFlipped() {
    Contradiction flipped = of("BBBAAAA");
    assertThat(flipped)
        .isEqualTo(new Contradiction(Verdict.FLIPPED, "B", "A", 3, 0, flipped.chance()));
    assertThat(flipped.chance()).isCloseTo(2 / 35.0, within(1e-15)); // of C(7, 3)
    assertThat(of("AB").chance()).isEqualTo(1);
    assertThat(of("AAAAABBBBB").chance()).isCloseTo(2 / 252.0, within(1e-15));
    // Six orders of three labels, of 6! / 2!³ arrangements.
    Contradiction twice = of("CCAABB");
    assertThat(twice.before()).isEqualTo("A");
    assertThat(twice.after()).isEqualTo("B");
    assertThat(twice.sinceMicros()).isEqualTo(4);
    assertThat(twice.chance()).isCloseTo(6 / 90.0, within(1e-15));
  }

  @Test
  void aLevelAsksForMoreRows() {
    assertThat(Contradiction.of(labels("AAABBB"), .05).verdict()).isEqualTo(Verdict.AMBIGUOUS);
    assertThat(Contradiction.of(labels("AAAABBBB"), .05).verdict()).isEqualTo(Verdict.FLIPPED);
  }

  @Test
  void theSameTimeIsAmbiguous() {
    InputLabels labels = new InputLabels();
    labels.add("A", 5, "a", false);
    labels.add("B", 5, "b", false);
    assertThat(Contradiction.of(labels, 1).verdict()).isEqualTo(Verdict.AMBIGUOUS);
  }

  @Test
  void sourcesThatConflictAreAmbiguousWhateverTheTimes() {
    InputLabels labels = labels("AAAAABBBBB");
    assertThat(Contradiction.of(labels, 1).verdict()).isEqualTo(Verdict.FLIPPED);
    labels.add("B", 10, "id10", true);
    assertThat(Contradiction.of(labels, 1).verdict()).isEqualTo(Verdict.AMBIGUOUS);
    InputLabels one = new InputLabels();
    one.add("A", 0, "id", true);
    assertThat(Contradiction.of(one, 1).verdict()).isEqualTo(Verdict.AMBIGUOUS);
  }

  @Test
  void fewExceptionsAreAllowedWhereRowsAreMany() {
    String tenths = "A".repeat(9) + "B" + "A" + "B".repeat(9);
    Contradiction flipped = of(tenths);
    assertThat(flipped.verdict()).isEqualTo(Verdict.FLIPPED);
    assertThat(flipped.before()).isEqualTo("A");
    assertThat(flipped.exceptions()).isEqualTo(1); // a late A, or an early B
    assertThat(flipped.chance()).isCloseTo(2 * 20 / 184756.0, within(1e-15));
    assertThat(of("B".repeat(9) + "A" + "B" + "A".repeat(9)).before()).isEqualTo("B");
    // Three a side of forty are, of ten they are not; nor is one of nine.
    String three = "A".repeat(37) + "BBB" + "AAA" + "B".repeat(37);
    assertThat(of("BBB" + three + "AAA").verdict()).isEqualTo(Verdict.AMBIGUOUS);
    assertThat(of("B" + "A".repeat(40) + "BB" + "AAA" + "B".repeat(40)).exceptions()).isEqualTo(3);
    assertThat(of("A".repeat(8) + "BB" + "AA" + "B".repeat(8)).verdict())
        .isEqualTo(Verdict.AMBIGUOUS);
    assertThat(of("A".repeat(8) + "B" + "A" + "B".repeat(8)).verdict())
        .isEqualTo(Verdict.AMBIGUOUS);
  }

  /** The share of random orders with so few exceptions is what is said. */
  @Test
  void chanceIsThatOfRandomOrders() {
    Random random = new Random(3);
    int clean = 0;
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      int left = 4;
      StringBuilder letters = new StringBuilder();
      for (int rest = 8; rest > 0; rest--) {
        boolean a = random.nextInt(rest) < left;
        left -= a ? 1 : 0;
        letters.append(a ? 'A' : 'B');
      }
      clean += of(letters.toString()).verdict() == Verdict.FLIPPED ? 1 : 0;
    }
    assertThat(clean / (double) draws).isCloseTo(2 / 70.0, within(.004));
  }

  @Test
  void whatIsTold() {
    InputLabels labels = labels("BABAA");
    assertThat(labels.rows()).isEqualTo(5);
    assertThat(labels.labels()).containsExactly("A", "B");
    assertThat(labels.count("A")).isEqualTo(3);
    assertThat(labels.first("A")).isEqualTo(1);
    assertThat(labels.last("A")).isEqualTo(4);
    assertThat(labels.examples("A")).containsExactly("id1", "id3", "id4");
    assertThat(labels("AAAAAAAAA").examples("A")).containsExactly("id0", "id1", "id2");
  }

  @Test
  void moreLabelsThanAreToldApart() {
    InputLabels labels = labels("ZYXWVUTSRQPONMLKJIHGFEDCBA");
    assertThat(labels.labels()).hasSize(InputLabels.LABELS).contains("A").doesNotContain("Z");
    assertThat(labels.others()).isEqualTo(10);
    assertThat(Contradiction.of(labels, 1).verdict()).isEqualTo(Verdict.AMBIGUOUS);
  }

  @Property(tries = 100)
  void isOrderFree(
      @ForAll @IntRange(max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 26) int labels,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Row> drawn = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String label = Character.toString('A' + random.nextInt(labels));
      String name = random.nextInt(20) == 0 ? "\ud800" + i : "é" + random.nextInt(30);
      drawn.add(new Row(label, random.nextInt(40) - 20, name, random.nextInt(10) == 0));
    }
    LAWS.hold(drawn, seed);
    assertThat(Contradiction.of(LAWS.of(drawn), .05).chance()).isBetween(0.0, 1.0);
  }

  @Test
  void storedForm() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rows.add(new Row("A", 1000L * i, "id" + i, false));
    }
    rows.add(new Row("é", -1, "x", true));
    Golden.isHex(
        LAWS.encode(LAWS.of(rows)),
        """
        07 01 02
        01 41 06
        0000000000000000 00000000000003e8 00000000000007d0 0000000000000bb8
        00000000000007d0 0000000000000bb8 0000000000000fa0 0000000000001388
        03 03696430 03696431 03696432
        01 e901 01 ffffffffffffffff 01 0178
        """);
  }
}
