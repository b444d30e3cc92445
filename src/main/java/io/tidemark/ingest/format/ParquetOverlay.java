package io.tidemark.ingest.format;

import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file with another end.
 *
 * @param start first byte of the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ParquetOverlay(ParquetInput file, long start, byte[] end) implements InputFile {
  @Override
  public long getLength() {
    return start + end.length;
  }

  /** Parquet's messages begin with it. */
  @Override
  public String toString() {
    return file.toString();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    Bytes bytes = new Bytes(file.newStream());
    return new DelegatingSeekableInputStream(bytes) {
      @Override
      public long getPos() {
        return bytes.position;
      }

      @Override
      public void seek(long position) {
        bytes.position = position;
      }
    };
  }

  private final class Bytes extends InputStream {
    private final SeekableInputStream front;
    private long position;

    Bytes(SeekableInputStream front) {
      this.front = front;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count;
      if (position < start) {
        front.seek(position);
        count = front.read(to, from, (int) Math.min(length, start - position));
      } else {
        count = (int) Math.min(length, getLength() - position);
        count = count <= 0 ? -1 : count;
        if (count > 0) {
          System.arraycopy(end, (int) (position - start), to, from, count);
        }
      }
      position += Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      front.close();
    }
  }
}
