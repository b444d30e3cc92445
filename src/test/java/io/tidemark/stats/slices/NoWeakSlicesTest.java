package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.slices.RandomRows.Errors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Errors that have nothing to do with the features give no significant slice. Looked for without
 * regard to size, as small slices are off the most by chance.
 */
class NoWeakSlicesTest {
  private static final int SEEDS = 40;

  /** How many of the seeds name a slice at .05. */
  private static long named(int size, ErrorKind kind, Errors errors) {
    return IntStream.range(0, SEEDS)
        .filter(
            seed -> {
              CodedRows rows = RandomRows.draw(seed, size, RandomRows.codes(8, 6), 2, kind, errors);
              WeakSlices found = new SliceLine(1, 32, 3, 10).search(rows);
              assertThat(found.slices()).isNotEmpty();
              return found.slices().stream().anyMatch(slice -> slice.adjusted() <= .05);
            })
        .count();
  }

  @Test
  void mistakes() {
    assertThat(named(2000, ErrorKind.MISTAKE, RandomRows.mistakes(codes -> .02)))
        .isLessThanOrEqualTo(2);
    assertThat(named(2000, ErrorKind.MISTAKE, RandomRows.mistakes(codes -> .9)))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void losses() {
    assertThat(named(2000, ErrorKind.LOSS, (codes, random) -> random.nextDouble()))
        .isLessThanOrEqualTo(2);
    assertThat(
            named(
                2000,
                ErrorKind.LOSS,
                (codes, random) -> {
                  double loss = -StrictMath.log(1 - random.nextDouble());
                  return loss * loss;
                }))
        .isLessThanOrEqualTo(2);
  }
}
