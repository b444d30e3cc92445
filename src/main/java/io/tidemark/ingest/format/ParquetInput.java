package io.tidemark.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of any Beam file system as Parquet's reader wants it. */
record ParquetInput(String path) implements InputFile {
  @Override
  public long getLength() throws IOException {
    try (SeekableByteChannel channel = open()) {
      return channel.size();
    }
  }

  private SeekableByteChannel open() throws IOException {
    ReadableByteChannel opened = FileSystems.open(FileSystems.matchNewResource(path, false));
    if (opened instanceof SeekableByteChannel channel) {
      return channel;
    }
    opened.close();
    throw new IOException(path + ": this file system cannot seek, which Parquet needs");
  }

  /** Parquet's messages begin with it. */
  @Override
  public String toString() {
    return "it";
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    SeekableByteChannel channel = open();
    return new DelegatingSeekableInputStream(java.nio.channels.Channels.newInputStream(channel)) {
      @Override
      public long getPos() throws IOException {
        return channel.position();
      }

      @Override
      public void seek(long position) throws IOException {
        channel.position(position);
      }

      @Override
      public void readFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new EOFException(path + ": the file ends early");
          }
        }
      }
    };
  }
}
