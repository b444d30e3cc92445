package io.tidemark.ingest.format;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The records of a CSV file (RFC 4180) as byte ranges: cells parted by commas, quoted where they
 * hold commas, quotes or line breaks. A quote in the middle of a cell that does not begin with one
 * is a character like any other, as pandas and spreadsheets have it.
 *
 * <p>A quote that is never closed must not take the rest of the file with it: a record that turns
 * out malformed is its first line alone, and reading goes on with the second.
 */
final class CsvRecords implements Closeable {
  private final LineReader lines;
  private final int maxRecord;
  private final Deque<Line> again = new ArrayDeque<>();
  private final List<Cell> cells = new ArrayList<>();

  private Line record;
  private String problem;
  private boolean tooLong;
  private long fullLength;
  private int recordEnd;

  /** A line without its end, which may be a carriage return and a line feed, at its offset. */
  private record Line(byte[] bytes, boolean withReturn, long offset, long fullLength) {
    /** Bytes of its end. */
    int end() {
      return withReturn ? 2 : 1;
    }
  }

  /**
   * A cell.
   *
   * @param start in {@link #bytes}, behind an opening quote
   * @param end exclusive, before a closing quote
   * @param quoted whether it stood in quotes: then doubled quotes are single ones
   */
  record Cell(int start, int end, boolean quoted) {}

  /**
   * @param maxRecord longer records are malformed
   */
  CsvRecords(InputStream in, int maxRecord) {
    this.lines = new LineReader(in, 0, maxRecord);
    this.maxRecord = maxRecord;
  }

  /** Moves to the next record that is not an empty line; false at the end. */
  boolean next() throws IOException {
    do {
      record = line();
      if (record == null) {
        return false;
      }
    } while (record.bytes.length == 0);
    problem = null;
    fullLength = record.fullLength;
    tooLong = fullLength > maxRecord;
    cells.clear();
    if (!tooLong) {
      parse();
    }
    return true;
  }

  private Line line() throws IOException {
    if (!again.isEmpty()) {
      return again.poll();
    }
    if (!lines.next()) {
      return null;
    }
    int from = lines.start() + byteOrderMark();
    int to = lines.start() + lines.length();
    byte[] bytes = Arrays.copyOfRange(lines.buffer(), from, to);
    return new Line(bytes, lines.withReturn(), lines.offset(), lines.fullLength());
  }

  /** Bytes at the file's start that say that it is UTF-8 and are no part of its first cell. */
  private int byteOrderMark() {
    byte[] bytes = lines.buffer();
    int at = lines.start();
    boolean there =
        lines.offset() == 0
            && lines.length() >= 3
            && (bytes[at] & 0xFF) == 0xEF
            && (bytes[at + 1] & 0xFF) == 0xBB
            && (bytes[at + 2] & 0xFF) == 0xBF;
    return there ? 3 : 0;
  }

  private void parse() throws IOException {
    Line first = record;
    List<Line> more = new ArrayList<>();
    byte[] bytes = first.bytes;
    // An open quote joins the next lines, twice as many each time, so that a long record is not
    // parsed anew for each of its lines.
    for (int wanted = 1; ; wanted *= 2) {
      cells.clear();
      int open = split(bytes);
      if (problem != null || open < 0) {
        break;
      }
      int joined = join(first, more, wanted);
      if (joined == 0) {
        problem = "a quote is opened and never closed";
        break;
      }
      bytes = bytes(first, more);
      if (bytes.length > maxRecord) {
        problem = "a quote is opened and not closed within " + maxRecord + " bytes";
        break;
      }
    }
    if (problem == null && !more.isEmpty()) {
      // Lines that were read ahead behind the record's end are yet to come.
      int used = usedLines(first, more);
      for (int i = more.size() - 1; i >= used; i--) {
        again.push(more.get(i));
      }
      record = new Line(bytes(first, more.subList(0, used)), false, first.offset, 0);
      fullLength = record.bytes.length;
    } else {
      for (int i = more.size() - 1; i >= 0; i--) {
        again.push(more.get(i));
      }
    }
  }

  private int join(Line first, List<Line> more, int wanted) throws IOException {
    int joined = 0;
    long length = first.bytes.length + first.end();
    for (Line line : more) {
      length += line.bytes.length + line.end();
    }
    while (joined < wanted && length <= maxRecord) {
      Line line = line();
      if (line == null) {
        break;
      }
      more.add(line);
      length += line.bytes.length + line.end();
      joined++;
    }
    return joined;
  }

  private static byte[] bytes(Line first, List<Line> more) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first.bytes);
    Line before = first;
    for (Line line : more) {
      if (before.withReturn) {
        all.write('\r');
      }
      all.write('\n');
      all.writeBytes(line.bytes);
      before = line;
    }
    return all.toByteArray();
  }

  private int usedLines(Line first, List<Line> more) {
    int used = 0;
    int at = first.bytes.length;
    Line before = first;
    while (at < recordEnd) {
      Line next = more.get(used++);
      at += before.end() + next.bytes.length;
      before = next;
    }
    return used;
  }

  /**
   * Splits into cells up to the first line break outside quotes.
   *
   * @return where a quote was opened that is not closed, or -1
   */
  private int split(byte[] bytes) {
    int at = 0;
    while (true) {
      boolean quoted = at < bytes.length && bytes[at] == '"';
      int start = quoted ? at + 1 : at;
      int end = start;
      if (quoted) {
        end = closingQuote(bytes, start);
        if (end < 0) {
          return at;
        }
        at = end + 1;
        if (!endsAt(bytes, at) && bytes[at] != ',') {
          problem = "a closing quote is followed by neither a comma nor the line's end";
          return -1;
        }
      } else {
        while (!endsAt(bytes, end) && bytes[end] != ',') {
          end++;
        }
        at = end;
      }
      cells.add(new Cell(start, end, quoted));
      if (endsAt(bytes, at)) {
        recordEnd = at;
        return -1;
      }
      at++;
    }
  }

  /** Whether a line ends at a place outside quotes. */
  private static boolean endsAt(byte[] bytes, int at) {
    return at == bytes.length
        || bytes[at] == '\n'
        || bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
  }

  private static int closingQuote(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length) {
      if (bytes[at] == '"') {
        if (at + 1 == bytes.length || bytes[at + 1] != '"') {
          return at;
        }
        at++;
      }
      at++;
    }
    return -1;
  }

  /** What is wrong with the record, or null. */
  String problem() {
    return problem;
  }

  boolean tooLong() {
    return tooLong;
  }

  /** Bytes of the record in the file, without the end of its last line. */
  long fullLength() {
    return fullLength;
  }

  /** Offset of the record's first byte in the file. */
  long offset() {
    return record.offset;
  }

  /** The record without the end of its last line; its head where it is too long. */
  byte[] bytes() {
    return record.bytes;
  }

  /** Places of the cells in {@link #bytes}. */
  List<Cell> cells() {
    return cells;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
