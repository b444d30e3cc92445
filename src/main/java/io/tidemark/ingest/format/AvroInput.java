package io.tidemark.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.avro.file.SeekableInput;
import org.apache.beam.sdk.io.FileSystems;

/**
 * A file of any Beam file system as Avro wants it. Avro looks for a block's begin byte by byte, so
 * small reads are served out of a buffer: a schema or a block of megabytes would else take as many
 * millions of calls.
 */
public final class AvroInput implements SeekableInput {
  private static final int BUFFER = 1 << 16;

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

  public AvroInput(String path) throws IOException {
    this((SeekableByteChannel) FileSystems.open(FileSystems.matchNewResource(path, false)));
  }

  public AvroInput(SeekableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void seek(long position) throws IOException {
    buffer.limit(0);
    channel.position(position);
  }

  @Override
  public long tell() throws IOException {
    return channel.position() - buffer.remaining();
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    if (!buffer.hasRemaining()) {
      if (length == 0 || length >= BUFFER) {
        return length == 0 ? 0 : channel.read(ByteBuffer.wrap(to, from, length));
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(to, from, count);
    return count;
  }

  private boolean fill() throws IOException {
    buffer.clear();
    try {
      return channel.read(buffer) >= 0;
    } finally {
      buffer.flip();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
