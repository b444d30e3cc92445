package io.tidemark.ingest.format;

import java.nio.ByteBuffer;
import org.apache.parquet.column.values.bitpacking.BytePacker;
import org.apache.parquet.column.values.bitpacking.Packer;

/**
 * Parquet's hybrid of run lengths and bit packing, as dictionary indices and levels are stored:
 * many numbers at a time, where Parquet's own reader hands them out one by one.
 */
final class RunLengthDecoder {
  private static final int GROUP = 8;

  private final ByteBuffer in;
  private final int bitWidth;
  private final BytePacker packer;
  private final int[] group = new int[GROUP];

  private int left;
  private boolean packed;
  private int repeated;
  private int groupAt = GROUP;

  /**
   * @param in stands at the first run; what follows the last is not looked at
   */
  RunLengthDecoder(ByteBuffer in, int bitWidth) {
    this.in = in;
    this.bitWidth = bitWidth;
    this.packer = Packer.LITTLE_ENDIAN.newBytePacker(bitWidth);
  }

  /** The next numbers. */
  void read(int[] to, int from, int count) {
    int end = from + count;
    for (int at = from; at < end; ) {
      if (left == 0) {
        nextRun();
      }
      int take = Math.min(left, end - at);
      if (packed) {
        unpack(to, at, take);
      } else {
        java.util.Arrays.fill(to, at, at + take, repeated);
      }
      left -= take;
      at += take;
    }
  }

  private void nextRun() {
    if (bitWidth == 0) {
      packed = false; // all numbers are 0, and some writers leave out even the run
      repeated = 0;
      left = Integer.MAX_VALUE;
      return;
    }
    int header = varint();
    packed = (header & 1) == 1;
    if (packed) {
      left = Math.multiplyExact(header >>> 1, GROUP);
      groupAt = GROUP;
    } else {
      left = header >>> 1;
      repeated = 0;
      for (int i = 0; i < (bitWidth + 7) / 8; i++) {
        repeated |= (in.get() & 0xFF) << 8 * i;
      }
    }
    if (left <= 0) {
      throw new IllegalStateException("an empty run");
    }
  }

  private int varint() {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int part = in.get();
      value |= (part & 0x7F) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("a run length of more than 32 bits");
  }

  private void unpack(int[] to, int from, int count) {
    int at = from;
    int end = from + count;
    while (at < end && groupAt < GROUP) {
      to[at++] = group[groupAt++];
    }
    while (end - at >= GROUP && in.remaining() >= bitWidth) {
      packer.unpack8Values(in, in.position(), to, at);
      in.position(in.position() + bitWidth);
      at += GROUP;
    }
    while (at < end) {
      nextGroup();
      while (at < end && groupAt < GROUP) {
        to[at++] = group[groupAt++];
      }
    }
  }

  /** The last group of a page may be cut: its missing bits are of no number. */
  private void nextGroup() {
    ByteBuffer bytes = in;
    if (in.remaining() < bitWidth) {
      if (!in.hasRemaining()) {
        throw new IllegalStateException("the page ends too early");
      }
      byte[] padded = new byte[bitWidth];
      in.get(padded, 0, in.remaining());
      bytes = ByteBuffer.wrap(padded);
      packer.unpack8Values(bytes, 0, group, 0);
    } else {
      packer.unpack8Values(bytes, in.position(), group, 0);
      in.position(in.position() + bitWidth);
    }
    groupAt = 0;
  }
}
