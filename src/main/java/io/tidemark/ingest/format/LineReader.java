package io.tidemark.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a byte stream with their offsets, without a copy a line and without ever holding more
 * than a line of the largest size allowed.
 */
final class LineReader implements Closeable {
  private final InputStream in;
  private final int maxLine;

  private byte[] buffer = new byte[1 << 17];
  private int from;
  private int to;
  private long bufferOffset;

  private int lineStart;
  private int lineLength;
  private long lineOffset;
  private long fullLength;
  private boolean withReturn;

  /**
   * @param offset of the stream's first byte in the file
   * @param maxLine longer lines are cut to this many bytes
   */
  LineReader(InputStream in, long offset, int maxLine) {
    this.in = in;
    this.bufferOffset = offset;
    this.maxLine = maxLine;
  }

  /** Moves to the next line; false at the end. */
  boolean next() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = from + scanned; i < to; i++) {
        if (buffer[i] == '\n') {
          int length = i - from;
          take(from, length, length);
          from = i + 1;
          return true;
        }
      }
      scanned = to - from;
      if (scanned >= maxLine) {
        return cut(scanned);
      }
      if (!fill()) {
        if (scanned == 0) {
          return false;
        }
        take(from, scanned, scanned);
        from = to;
        return true;
      }
    }
  }

  private void take(int start, int length, long full) {
    lineOffset = bufferOffset + start;
    lineStart = start;
    fullLength = full;
    withReturn = length > 0 && buffer[start + length - 1] == '\r';
    lineLength = withReturn ? length - 1 : length;
  }

  /** Keeps the head of a line that is too long and runs past the rest. */
  private boolean cut(int held) throws IOException {
    take(from, maxLine, held);
    byte[] head = Arrays.copyOfRange(buffer, lineStart, lineStart + lineLength);
    long offset = lineOffset;
    long length = held;
    from = to;
    boolean ended = false;
    while (!ended && fill()) {
      int i = from;
      while (i < to && buffer[i] != '\n') {
        i++;
      }
      length += i - from;
      ended = i < to;
      from = ended ? i + 1 : to;
    }
    // The head goes where the buffer's bytes are used up, so that line() can point at it.
    int rest = to - from;
    long restOffset = bufferOffset + from;
    byte[] joined = new byte[Math.max(buffer.length, head.length + rest)];
    System.arraycopy(head, 0, joined, 0, head.length);
    System.arraycopy(buffer, from, joined, head.length, rest);
    buffer = joined;
    from = head.length;
    to = head.length + rest;
    bufferOffset = restOffset - from;
    lineStart = 0;
    lineLength = head.length;
    lineOffset = offset;
    fullLength = length;
    return true;
  }

  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      bufferOffset += from;
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, maxLine + (1 << 17)));
    }
    int read = in.read(buffer, to, buffer.length - to);
    if (read < 0) {
      return false;
    }
    to += read;
    return true;
  }

  byte[] buffer() {
    return buffer;
  }

  /** Where the line starts in {@link #buffer()}. */
  int start() {
    return lineStart;
  }

  /** Bytes of the line without its end. */
  int length() {
    return lineLength;
  }

  /** Whether the line's end begins with a carriage return. */
  boolean withReturn() {
    return withReturn;
  }

  /** Offset of the line's first byte in the file. */
  long offset() {
    return lineOffset;
  }

  boolean tooLong() {
    return fullLength > maxLine;
  }

  /** Bytes that the line has in the file. */
  long fullLength() {
    return fullLength;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
