package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/** The binary form of {@link ValueCounts}: a function of the values and counts alone. */
final class ValueCountsFormat {
  private ValueCountsFormat() {}

  /**
   * Writes the entries without the zero bits that all keys end with.
   *
   * @param sorted the entries of these counts
   */
  static void write(ValueCounts counts, SortedCounts sorted, DataOutput out) throws IOException {
    double[] values = sorted.values();
    long used = 0;
    for (double value : values) {
      used |= Truncation.ordinal(value);
    }
    int unused = used == 0 ? 0 : Long.numberOfTrailingZeros(used);
    Varint.write(counts.capacity(), out);
    Varint.write(values.length, out);
    out.writeByte(counts.dropped());
    out.writeByte(unused);
    long previous = 0;
    for (int i = 0; i < values.length; i++) {
      long ordinal = Truncation.ordinal(values[i]) >> unused;
      long step = ordinal - previous;
      Varint.write(i == 0 ? step << 1 ^ step >> 63 : step, out); // only the first may be negative
      Varint.write(sorted.counts()[i], out);
      previous = ordinal;
    }
    if (counts.untruncated() != null) {
      counts.untruncated().write(out);
    }
  }

  static ValueCounts read(DataInput in) throws IOException {
    int capacity = Math.max(ValueCounts.MIN_CAPACITY, Varint.readInt(1 << 28, in));
    int entries = Varint.readInt(capacity, in);
    LongTable table = new LongTable(Math.min(entries, 1 << 12)); // a damaged file may ask for any
    int dropped = in.readByte();
    int unused = in.readByte();
    if (dropped < 0
        || dropped > Truncation.MAX_DROPPED
        || unused < 0
        || unused > Truncation.MAX_DROPPED) {
      throw new StreamCorruptedException("Can't drop " + dropped + " and " + unused + " bits");
    }
    long ordinal = 0;
    long total = 0;
    for (int i = 0; i < entries; i++) {
      long step = Varint.read(in);
      ordinal += i == 0 ? step >>> 1 ^ -(step & 1) : step;
      double value = Truncation.value(ordinal << unused);
      long count = Varint.read(in);
      if (count <= 0 || Double.isNaN(value)) {
        throw new StreamCorruptedException("Can't be: " + value + ", " + count + " times");
      }
      table.add(Double.doubleToRawLongBits(value + 0.0), count);
      total += count;
    }
    return ValueCounts.of(
        capacity, table, total, dropped, dropped == 0 ? null : DistinctCounter.read(in));
  }
}
