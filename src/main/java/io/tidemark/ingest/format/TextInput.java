package io.tidemark.ingest.format;

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
