package io.tidemark.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding out of bytes that anyone may have written. Avro's own decoder believes
 * what they say: it allocates a length before it looks whether as many bytes follow, and counts
 * through a list of millions of items that take no bytes. This one does work in proportion to the
 * bytes that there are, fails by {@link IOException} alone, and is used for one value after the
 * other.
 */
final class AvroBytes extends Decoder {
  private static final int LONGEST_LONG = 10;

  /** Items of lists beyond one a byte, for those that take none. */
  static final int EMPTY_ITEMS = 1000;

  private byte[] buffer = {};
  private int at;
  private int end;

  /** Items that lists may still announce. */
  private long items;

  private int marked;
  private long markedItems;

  /** Goes on with other bytes. */
  void reset(byte[] bytes, int start, int length) {
    buffer = bytes;
    at = start;
    end = start + length;
    items = (long) length + EMPTY_ITEMS;
  }

  /** Remembers where the next value begins. */
  void mark() {
    marked = at;
    markedItems = items;
  }

  /** Goes back there. */
  void back() {
    at = marked;
    items = markedItems;
  }

  /** Bytes that are left. */
  int remaining() {
    return end - at;
  }

  /** Where so many bytes begin, which are passed over. */
  private int take(long count) throws IOException {
    if (count < 0) {
      throw new IOException("a length of " + count);
    }
    if (count > end - at) {
      throw new EOFException("it ends too early");
    }
    int start = at;
    at += (int) count;
    return start;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    byte value = buffer[take(1)];
    if (value != 0 && value != 1) {
      throw new IOException("a boolean of " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("an int of " + value);
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long bits = 0;
    for (int i = 0; i < LONGEST_LONG; i++) {
      byte next = buffer[take(1)];
      bits |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new IOException("an integer of more than " + LONGEST_LONG + " bytes");
  }

  @Override
  public float readFloat() throws IOException {
    int start = take(Float.BYTES);
    int bits = 0;
    for (int i = 0; i < Float.BYTES; i++) {
      bits |= (buffer[start + i] & 0xFF) << (8 * i);
    }
    return Float.intBitsToFloat(bits);
  }

  @Override
  public double readDouble() throws IOException {
    int start = take(Double.BYTES);
    long bits = 0;
    for (int i = 0; i < Double.BYTES; i++) {
      bits |= (buffer[start + i] & 0xFFL) << (8 * i);
    }
    return Double.longBitsToDouble(bits);
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    int length = length();
    int from = take(length);
    return new Utf8(Arrays.copyOfRange(buffer, from, from + length));
  }

  @Override
  public String readString() throws IOException {
    int length = length();
    return new String(buffer, take(length), length, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    take(length());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    int length = length();
    return ByteBuffer.wrap(buffer, take(length), length);
  }

  @Override
  public void skipBytes() throws IOException {
    take(length());
  }

  private int length() throws IOException {
    long length = readLong();
    if (length < 0) {
      throw new IOException("a length of " + length);
    }
    return (int) Math.min(length, Integer.MAX_VALUE); // more than is left, and so found out
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    System.arraycopy(buffer, take(length), bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    take(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    long count = readLong();
    if (count < 0) {
      readLong(); // the block's bytes
      count = -count;
    }
    return announced(count);
  }

  @Override
  public long arrayNext() throws IOException {
    return readArrayStart();
  }

  /** Passes over blocks that say how long they are; returns the items of the next that does not. */
  @Override
  public long skipArray() throws IOException {
    long count = readLong();
    while (count < 0) {
      take(readLong());
      count = readLong();
    }
    return announced(count);
  }

  private long announced(long count) throws IOException {
    if (count < 0 || count > items) {
      throw new IOException("a list of more items than there are bytes");
    }
    items -= count;
    return count;
  }

  @Override
  public long readMapStart() throws IOException {
    return readArrayStart();
  }

  @Override
  public long mapNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipMap() throws IOException {
    return skipArray();
  }
}
