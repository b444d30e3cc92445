package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of slices from one period to the next. */
class ComparePeriodsTest {
  private static final int ROWS = 1000;
  private static final ComparePeriods COMPARE = new ComparePeriods(SliceLine::forRows);

  /**
   * Rows of a feature with four values.
   *
   * @param mistakes in a hundred rows of each value
   */
  private static CodedRows rows(int rows, int... mistakes) {
    CodedRows.Builder builder = CodedRows.builder(ErrorKind.MISTAKE, mistakes.length);
    for (int i = 0; i < rows; i++) {
      int value = i % mistakes.length;
      builder.add(i / mistakes.length % 100 < mistakes[value] ? 1 : 0, value);
    }
    return builder.build();
  }

  private static List<String> states(CodedRows now, CodedRows before) {
    List<String> states = new ArrayList<>();
    WeakSlices found = SliceLine.forRows(now.size()).search(now);
    for (ComparedSlice slice : COMPARE.compare(now, found, before)) {
      int value = slice.name().predicates().get(0).code();
      states.add(value + " " + (slice.change() == null ? "alone" : slice.change().word()));
    }
    return states;
  }

  @Test
  void withoutAPeriodBeforeThereIsNoState() {
    assertThat(states(rows(ROWS, 5, 5, 5, 60), null)).containsExactly("3 alone");
    assertThat(states(rows(ROWS, 5, 5, 5, 60), rows(0, 0, 0, 0, 0))).containsExactly("3 alone");
  }

  @Test
  void whatBegins() {
    assertThat(states(rows(ROWS, 5, 5, 5, 60), rows(ROWS, 5, 5, 5, 5))).containsExactly("3 new");
  }

  @Test
  void whatGoesOn() {
    CodedRows same = rows(ROWS, 5, 5, 5, 60);
    assertThat(states(same, same)).containsExactly("3 as_before");
    assertThat(states(rows(ROWS, 5, 5, 5, 50), same)).containsExactly("3 as_before");
  }

  @Test
  void whatBecomesWorse() {
    assertThat(states(rows(ROWS, 5, 5, 5, 80), rows(ROWS, 5, 5, 5, 40))).containsExactly("3 worse");
  }

  @Test
  void whatEndsIsToldAfterWhatIsNamed() {
    assertThat(states(rows(ROWS, 5, 60, 5, 5), rows(ROWS, 5, 5, 5, 60)))
        .containsExactly("1 new", "3 gone");
  }

  /** Of a slice that had too few rows to be named nobody can say that it was so before. */
  @Test
  void whatHadTooFewRowsIsNew() {
    CodedRows.Builder before = CodedRows.builder(ErrorKind.MISTAKE, 4);
    for (int i = 0; i < ROWS; i++) {
      int value = i < 10 ? 3 : i % 3;
      before.add(value == 3 || i % 20 == 0 ? 1 : 0, value);
    }
    assertThat(states(rows(ROWS, 5, 5, 5, 60), before.build())).containsExactly("3 new");
  }
}
