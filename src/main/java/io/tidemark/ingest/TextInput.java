package io.tidemark.ingest;

import io.tidemark.spec.Format;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;

/** The bytes of a text file, unpacked where it is a .gz; says where a damaged .gz ends. */
final class TextInput extends FilterInputStream {
  private long read;

  private TextInput(InputStream in) {
    super(in);
  }

  /** A compressed file that cannot be unpacked to its end. */
  static final class TruncatedException extends IOException {
    private static final long serialVersionUID = 1;

    TruncatedException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /**
   * @param start first byte wanted; 0 for a compressed file
   */
  static InputStream open(String path, boolean gzip, long start) throws IOException {
    ReadableByteChannel channel = FileSystems.open(FileSystems.matchNewResource(path, false));
    if (start > 0) {
      ((SeekableByteChannel) channel).position(start);
    }
    InputStream in = Channels.newInputStream(channel);
    return gzip ? new TextInput(new GzipInput(in)) : in;
  }

  /**
   * Looks at how a file begins, because most files that are no text say what they are.
   *
   * @throws InputException if it is another format, or cannot be unpacked
   */
  static void check(String path, boolean gzip, Format format) {
    byte[] head;
    try (InputStream in = open(path, gzip, 0)) {
      head = in.readNBytes(5);
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + Damage.reason(e));
    }
    String other = other(head);
    if (other != null) {
      String expected = format == Format.CSV ? "CSV" : "JSON lines";
      throw new InputException(
          path
              + ": is "
              + other
              + ", not "
              + expected
              + "; check events.format and the file's name, or convert the file");
    }
  }

  /** What a file is that begins like this and is no UTF-8 text, or null. */
  private static String other(byte[] head) {
    if (begins(head, 'P', 'A', 'R', '1') && head.length > 4 && head[4] < ' ') {
      return "Parquet";
    }
    if (begins(head, 'O', 'b', 'j', 1)) {
      return "Avro";
    }
    if (begins(head, 0x1F, 0x8B)) {
      return "packed with gzip";
    }
    if (begins(head, 0x28, 0xB5, 0x2F, 0xFD)) {
      return "packed with zstd";
    }
    if (begins(head, 'P', 'K', 3, 4)) {
      return "a zip archive";
    }
    boolean utf16 = begins(head, 0xFF, 0xFE) || begins(head, 0xFE, 0xFF);
    return utf16 ? "UTF-16 text" : null;
  }

  private static boolean begins(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= head.length || (head[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    try {
      int count = in.read(to, from, length);
      read += Math.max(0, count);
      return count;
    } catch (IOException e) {
      throw new TruncatedException(
          "is damaged or cut off: it cannot be unpacked behind byte "
              + read
              + " of its content ("
              + e.getMessage()
              + ")",
          e);
    }
  }
}
