package io.tidemark.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.avro.file.SeekableInput;
import org.apache.beam.sdk.io.FileSystems;

/** A file of any Beam file system as Avro wants it. */
final class AvroInput implements SeekableInput {
  private final SeekableByteChannel channel;

  AvroInput(String path) throws IOException {
    this.channel =
        (SeekableByteChannel) FileSystems.open(FileSystems.matchNewResource(path, false));
  }

  @Override
  public void seek(long position) throws IOException {
    channel.position(position);
  }

  @Override
  public long tell() throws IOException {
    return channel.position();
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    return length == 0 ? 0 : channel.read(ByteBuffer.wrap(to, from, length));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
