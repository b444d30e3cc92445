package io.tidemark.stats.slices;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows drawn by a seeded generator. */
final class RandomRows {
  /** A row's error by its codes. */
  interface Errors {
    double draw(int[] codes, SplittableRandom random);
  }

  private RandomRows() {}

  /**
   * @param skew the codes' power law: 1 for even ones
   */
  static CodedRows draw(
      long seed, int size, int[] codes, double skew, ErrorKind kind, Errors errors) {
    SplittableRandom random = new SplittableRandom(seed);
    CodedRows.Builder rows = CodedRows.builder(kind, codes);
    for (int row = 0; row < size; row++) {
      int[] drawn = new int[codes.length];
      Arrays.setAll(drawn, one -> (int) (codes[one] * StrictMath.pow(random.nextDouble(), skew)));
      rows.add(errors.draw(drawn, random), drawn);
    }
    return rows.build();
  }

  /** A mistake with a chance that the codes decide. */
  interface Chance {
    double of(int[] codes);
  }

  static Errors mistakes(Chance chance) {
    return (codes, random) -> random.nextDouble() < chance.of(codes) ? 1 : 0;
  }

  static int[] codes(int features, int codes) {
    return IntStream.generate(() -> codes).limit(features).toArray();
  }

  /** The same rows in another order. */
  static CodedRows shuffled(CodedRows rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, rows.size()).toArray();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
    CodedRows.Builder shuffled =
        CodedRows.builder(
            rows.kind(), IntStream.range(0, rows.features()).map(rows::codes).toArray());
    for (int row : order) {
      shuffled.add(
          rows.error(row),
          IntStream.range(0, rows.features()).map(feature -> rows.code(row, feature)).toArray());
    }
    return shuffled.build();
  }
}
