package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.TopMovers.Mover;
import org.junit.jupiter.api.Test;

class TopMoversTest {
  private static final String[] LABELS = {"a", "b", "c", "d"};

  @Test
  void largestChangeFirstTiesByPosition() {
    assertThat(TopMovers.top(LABELS, new long[] {10, 20, 30, 40}, new long[] {3, 1, 3, 3}, 3))
        .containsExactly(new Mover("a", .1, .3), new Mover("b", .2, .1), new Mover("d", .4, .3));
  }

  @Test
  void unmovedCellsAreNoMovers() {
    assertThat(TopMovers.top(LABELS, new long[] {1, 1, 1, 0}, new long[] {2, 2, 2, 0}, 9))
        .isEmpty();
  }

  @Test
  void aSideWithoutRowsHasNoShares() {
    assertThat(TopMovers.top(LABELS, new long[] {1, 3, 0, 0}, new long[4], 1))
        .containsExactly(new Mover("b", .75, 0));
    assertThat(TopMovers.top(LABELS, new long[4], new long[4], 1)).isEmpty();
  }
}
