package io.tidemark.profile;

import io.tidemark.event.EventBatch;
import io.tidemark.event.TextColumn;
import io.tidemark.stats.CategoryTally;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.NumericTally;
import java.util.List;

/**
 * Adds batches to a {@link WindowProfile} column by column, for all rows and for each segment. The
 * profile is not up to date before {@link #flush}.
 */
final class ProfileTally {
  private final WindowProfile profile;
  private final ProfileLayout layout;
  private final Scratch scratch;
  private final Fields[] segments;
  private final Codes[] segmentCodes;

  /** Memory that the tallies of one thread share. */
  static final class Scratch {
    private final NumericTally.Scratch numeric = new NumericTally.Scratch();
    private double[] values = {};

    private double[] values(int count) {
      if (values.length < count) {
        values = new double[count];
      }
      return values;
    }
  }

  /** The tallies of one segment, by slot. */
  private static final class Fields {
    final NumericTally[] numbers;
    final CategoryTally[] categories;

    Fields(ProfileLayout layout, FieldState[] states, Scratch scratch) {
      numbers = new NumericTally[layout.layout().numbers()];
      categories = new CategoryTally[layout.layout().categories()];
      for (int i = 0; i < states.length; i++) {
        int slot = layout.layout().slot(i);
        if (states[i].numeric() != null) {
          numbers[slot] = new NumericTally(states[i].numeric(), scratch.numeric);
        } else {
          categories[slot] = new CategoryTally(states[i].categories());
        }
      }
    }
  }

  /** Which segment of a field a code of the log's column stands for. */
  private static final class Codes {
    String[] table;
    int[] segmentOf;
  }

  ProfileTally(WindowProfile profile, Scratch scratch) {
    this.profile = profile;
    this.layout = profile.layout();
    this.scratch = scratch;
    this.segments = new Fields[layout.segmentCount()];
    this.segmentCodes = new Codes[layout.segments().size()];
  }

  /** How many tallies of fields there are at most. */
  static int size(ProfileLayout layout) {
    return layout.segmentCount() * layout.fields();
  }

  void add(EventBatch batch, int[] rows, int from, int to) {
    addTo(0, batch, rows, from, to);
    int first = 1;
    for (int i = 0; i < layout.segments().size(); i++) {
      int field = layout.segments().get(i);
      Dictionary values = layout.dictionaries().get(field);
      TextColumn column = batch.categories()[layout.layout().slot(field)];
      addSegments(i, first, values, column, batch, rows, from, to);
      first += values.size();
    }
  }

  private void addSegments(
      int index,
      int first,
      Dictionary values,
      TextColumn column,
      EventBatch batch,
      int[] rows,
      int from,
      int to) {
    int[] segmentOf = codes(index, values, column.values());
    int[] ends = new int[values.size() + 1];
    for (int i = from; i < to; i++) {
      int code = column.codes()[rows[i]];
      int segment = code < 0 ? -1 : segmentOf[code];
      ends[segment + 1]++;
    }
    for (int i = 1; i < ends.length; i++) {
      ends[i] += ends[i - 1];
    }
    int[] sorted = new int[to - from];
    for (int i = to - 1; i >= from; i--) {
      int code = column.codes()[rows[i]];
      int segment = code < 0 ? -1 : segmentOf[code];
      sorted[--ends[segment + 1]] = rows[i];
    }
    for (int segment = 0; segment < values.size(); segment++) {
      int end = segment + 2 < ends.length ? ends[segment + 2] : sorted.length;
      if (ends[segment + 1] < end) {
        addTo(first + segment, batch, sorted, ends[segment + 1], end);
      }
    }
  }

  private int[] codes(int index, Dictionary values, String[] table) {
    Codes codes = segmentCodes[index];
    if (codes == null || codes.table != table) {
      codes = new Codes();
      codes.table = table;
      codes.segmentOf = new int[table.length];
      for (int i = 0; i < table.length; i++) {
        codes.segmentOf[i] = table[i] == null ? -1 : values.code(table[i]);
      }
      segmentCodes[index] = codes;
    }
    return codes.segmentOf;
  }

  private void addTo(int segment, EventBatch batch, int[] rows, int from, int to) {
    if (segments[segment] == null) {
      segments[segment] = new Fields(layout, profile.states(segment), scratch);
    }
    Fields fields = segments[segment];
    boolean adjacent = rows[to - 1] - rows[from] == to - 1 - from;
    for (int slot = 0; slot < fields.numbers.length; slot++) {
      NumericTally tally = fields.numbers[slot];
      double[] values = batch.numbers()[slot];
      int missing;
      if (adjacent) {
        missing = tally.add(values, rows[from], rows[to - 1] + 1);
      } else {
        double[] gathered = scratch.values(to - from);
        for (int i = from; i < to; i++) {
          gathered[i - from] = values[rows[i]];
        }
        missing = tally.add(gathered, 0, to - from);
      }
      boolean[] invalid = batch.invalid()[slot];
      if (missing > 0 && invalid != null) {
        int unreadable = 0;
        for (int i = from; i < to; i++) {
          unreadable += invalid[rows[i]] ? 1 : 0;
        }
        tally.missingAreInvalid(unreadable);
      }
    }
    for (int slot = 0; slot < fields.categories.length; slot++) {
      TextColumn column = batch.categories()[slot];
      fields.categories[slot].add(column.values(), column.codes(), rows, from, to);
    }
  }

  void flush() {
    for (Fields fields : segments) {
      if (fields != null) {
        List.of(fields.numbers).forEach(NumericTally::flush);
        List.of(fields.categories).forEach(CategoryTally::flush);
      }
    }
  }
}
