package io.tidemark.stats.slices;

import java.util.List;

/** Counts the rows of some pairs of two features by the numbers of third ones. */
final class TripleCounter {
  private final CodedRows rows;
  private final ErrorUnits errors;
  private final Feature first;
  private final Feature second;
  private final int[] places;

  private final int[] ones = new int[RowBlocks.SIZE];
  private final int[] others = new int[RowBlocks.SIZE];
  private final int[] offsets = new int[RowBlocks.SIZE];
  private final int[] units = new int[RowBlocks.SIZE];
  private final int[] kept = new int[RowBlocks.SIZE];
  private final int[] cells = new int[RowBlocks.SIZE];

  /**
   * @param places of the pairs in a tally, -1 for those that don't count
   */
  TripleCounter(CodedRows rows, ErrorUnits errors, Feature first, Feature second, int[] places) {
    this.rows = rows;
    this.errors = errors;
    this.first = first;
    this.second = second;
    this.places = places;
  }

  /**
   * @param tallies one a third feature, of so many cells a pair as it has numbers
   */
  void count(List<Feature> thirds, List<Tally> tallies) {
    RowBlocks.forEach(
        rows.size(),
        (from, length) -> {
          int count = keep(from, length);
          for (int i = 0; i < tallies.size(); i++) {
            Feature third = thirds.get(i);
            rows.column(third.index()).lookUp(from, offsets, count, third.numbers(), cells);
            int width = third.width();
            for (int row = 0; row < count; row++) {
              cells[row] += kept[row] * width;
            }
            tallies.get(i).add(cells, units, 0, count);
          }
        });
  }

  /** Notes where in a block the rows of the pairs are; how many there are. */
  private int keep(int from, int length) {
    rows.column(first.index()).lookUp(from, RowBlocks.all(), length, first.numbers(), ones);
    rows.column(second.index()).lookUp(from, RowBlocks.all(), length, second.numbers(), others);
    int width = second.width();
    int count = 0;
    for (int row = 0; row < length; row++) {
      int place = places[ones[row] * width + others[row]];
      offsets[count] = row;
      units[count] = errors.units()[from + row];
      kept[count] = place;
      count += 1 + (place >> 31); // nothing is kept of place -1: no branch to guess wrong
    }
    return count;
  }
}
