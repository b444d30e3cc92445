package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/** Unsigned numbers of seven bits a byte, the low ones first: each number has one encoding. */
public final class Varint {
  private Varint() {}

  public static void write(long value, DataOutput out) throws IOException {
    while ((value & ~0x7FL) != 0) {
      out.writeByte((int) ((value & 0x7F) | 0x80));
      value >>>= 7;
    }
    out.writeByte((int) value);
  }

  public static long read(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = in.readByte();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new StreamCorruptedException("A number longer than 64 bits");
  }

  /** A count of at most {@code limit}, so that damaged input can't ask for memory without end. */
  public static int readInt(int limit, DataInput in) throws IOException {
    long value = read(in);
    if (value < 0 || value > limit) {
      throw new StreamCorruptedException("Expected at most " + limit + " but found " + value);
    }
    return (int) value;
  }
}
