package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** When rows with the same inputs were given one label: how often, the ends, some names. */
final class LabelTimes {
  /** Times kept at either end: one more than the exceptions that a change of label may have. */
  static final int ENDS = 4;

  static final int EXAMPLES = 3;

  private long count;

  /** The first and the last few, each ascending; the same ones while they are no more than that. */
  private long[] first = {};

  private long[] last = {};

  private final TreeSet<String> examples = new TreeSet<>();

  void add(long time, String name) {
    add(1, new long[] {time}, new long[] {time});
    example(name);
  }

  void merge(LabelTimes other) {
    add(other.count, other.first, other.last);
    for (String name : other.examples.toArray(String[]::new)) {
      example(name);
    }
  }

  private void add(long rows, long[] early, long[] late) {
    count += rows;
    long[] both = sorted(first, early);
    first = Arrays.copyOf(both, Math.min(ENDS, both.length));
    both = sorted(last, late);
    last = Arrays.copyOfRange(both, Math.max(0, both.length - ENDS), both.length);
  }

  private static long[] sorted(long[] one, long[] other) {
    long[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    Arrays.sort(both);
    return both;
  }

  private void example(String name) {
    if (examples.size() < EXAMPLES || name.compareTo(examples.last()) < 0) {
      examples.add(name);
      if (examples.size() > EXAMPLES) {
        examples.pollLast();
      }
    }
  }

  long count() {
    return count;
  }

  /** The time that so many rows come before; below {@link #ENDS} and the count. */
  long first(int before) {
    return first[before];
  }

  /** The time that so many rows come after; below {@link #ENDS} and the count. */
  long last(int after) {
    return last[last.length - 1 - after];
  }

  Set<String> examples() {
    return examples;
  }

  void write(DataOutput out) throws IOException {
    Varint.write(count, out);
    for (long time : first) {
      out.writeLong(time);
    }
    if (count > ENDS) {
      for (long time : last) {
        out.writeLong(time);
      }
    }
    Varint.write(examples.size(), out);
    for (String name : examples) {
      Texts.write(name, out);
    }
  }

  static LabelTimes read(DataInput in) throws IOException {
    LabelTimes read = new LabelTimes();
    read.count = Varint.read(in);
    int ends = (int) Math.max(0, Math.min(ENDS, read.count));
    read.first = times(ends, in);
    read.last = read.count > ENDS ? times(ends, in) : read.first;
    int examples = Varint.readInt(EXAMPLES, in);
    for (int i = 0; i < examples; i++) {
      read.examples.add(Texts.read(in));
    }
    return read;
  }

  private static long[] times(int count, DataInput in) throws IOException {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      times[i] = in.readLong();
    }
    return times;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof LabelTimes other
        && count == other.count
        && Arrays.equals(first, other.first)
        && Arrays.equals(last, other.last)
        && examples.equals(other.examples);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(count) + Arrays.hashCode(first);
  }
}
