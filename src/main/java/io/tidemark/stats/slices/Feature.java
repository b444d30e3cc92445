package io.tidemark.stats.slices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A feature's codes that enough rows have, numbered anew; all others share the number behind them.
 *
 * @param index in the rows
 * @param codes by number
 * @param numbers by code
 */
record Feature(int index, int[] codes, int[] numbers) {
  /** How many codes have support. */
  int supported() {
    return codes.length;
  }

  /** How many numbers there are. */
  int width() {
    return codes.length + 1;
  }

  Predicate predicate(int number) {
    return new Predicate(index, codes[number]);
  }

  /** Features that have a code with support; slices of one predicate go into the ranking. */
  static List<Feature> of(CodedRows rows, ErrorUnits errors, int minSupport, Ranking ranking) {
    List<Feature> features = new ArrayList<>();
    for (int index = 0; index < rows.features(); index++) {
      Tally tally = tally(rows, errors, index);
      int[] codes = new int[rows.codes(index)];
      int[] numbers = new int[codes.length];
      int supported = 0;
      Arrays.fill(numbers, -1);
      for (int code = 0; code < numbers.length; code++) {
        if (tally.size(code) >= minSupport) {
          ranking.offer(tally.size(code), tally.sum(code), List.of(new Predicate(index, code)));
          codes[supported] = code;
          numbers[code] = supported++;
        }
      }
      for (int code = 0; code < numbers.length; code++) {
        numbers[code] = numbers[code] < 0 ? supported : numbers[code];
      }
      if (supported > 0) {
        features.add(new Feature(index, Arrays.copyOf(codes, supported), numbers));
      }
    }
    return features;
  }

  private static Tally tally(CodedRows rows, ErrorUnits errors, int index) {
    Tally tally = new Tally(rows.kind(), rows.codes(index));
    int[] itself = new int[rows.codes(index)];
    Arrays.setAll(itself, code -> code);
    int[] cells = new int[RowBlocks.SIZE];
    RowBlocks.forEach(
        rows.size(),
        (from, count) -> {
          rows.column(index).lookUp(from, RowBlocks.all(), count, itself, cells);
          tally.add(cells, errors.units(), from, count);
        });
    return tally;
  }
}
