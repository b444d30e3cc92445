package io.tidemark.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks a .gz file of one or more members (RFC 1952). Java's own stream takes whatever follows
 * the first member and is none for the end of the file: a damaged second half would be missing from
 * a run without a word. Zeros behind the last member are padding, as for gzip.
 */
final class GzipInput extends InputStream {
  private static final int HEADER = 10;
  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int DEFLATE = 8;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] packed = new byte[1 << 16];

  private int from;
  private int to;
  private long unpacked;
  private boolean inMember;

  /**
   * @throws IOException if the stream does not begin with a member
   */
  GzipInput(InputStream in) throws IOException {
    this.in = in;
    try {
      int first = next();
      if (first < 0) {
        throw new EOFException("it is empty");
      }
      if (first != MAGIC_1 || required() != MAGIC_2) {
        throw new IOException("it is not in gzip format");
      }
      readHeader();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] out, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || nextMember()) {
      int count;
      try {
        count = inflater.inflate(out, at, length);
      } catch (DataFormatException e) {
        throw new IOException("its packed data are damaged", e);
      }
      if (count > 0) {
        checksum.update(out, at, count);
        unpacked += count;
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsDictionary()) {
        throw new IOException("its packed data are damaged");
      } else if (inflater.needsInput()) {
        if (from == to) {
          fill();
        }
        inflater.setInput(packed, from, to - from);
        from = to;
      }
    }
    return -1;
  }

  /** Moves to the member behind the last; false where there is none. */
  private boolean nextMember() throws IOException {
    int first = next();
    if (first == 0) {
      while (first == 0) {
        first = next();
      }
      if (first < 0) {
        return false;
      }
    }
    if (first < 0) {
      return false;
    }
    if (first != MAGIC_1 || required() != MAGIC_2) {
      throw new IOException("what follows is not in gzip format");
    }
    readHeader();
    return true;
  }

  private void readHeader() throws IOException {
    if (required() != DEFLATE) {
      throw new IOException("it is packed by an unknown method");
    }
    int flags = required();
    skip(HEADER - 4);
    if ((flags & HAS_EXTRA) != 0) {
      skip(required() | required() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CHECKSUM) != 0) {
      skip(2);
    }
    inflater.reset();
    checksum.reset();
    unpacked = 0;
    inMember = true;
  }

  private void endMember() throws IOException {
    from = to - inflater.getRemaining();
    long expected = word();
    long size = word();
    if (expected != checksum.getValue() || size != (unpacked & 0xFFFFFFFFL)) {
      throw new IOException("its checksum is wrong");
    }
    inMember = false;
  }

  private long word() throws IOException {
    long word = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      word |= (long) required() << shift;
    }
    return word;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      required();
    }
  }

  private void skipText() throws IOException {
    while (required() != 0) {
      // a name or a comment, which ends with a zero
    }
  }

  private int required() throws IOException {
    int value = next();
    if (value < 0) {
      throw new EOFException("it ends too early");
    }
    return value;
  }

  private int next() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(packed, 0, packed.length));
    }
    return from == to ? -1 : packed[from++] & 0xFF;
  }

  private void fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(packed, 0, packed.length));
    if (to == 0) {
      throw new EOFException("it ends too early");
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
