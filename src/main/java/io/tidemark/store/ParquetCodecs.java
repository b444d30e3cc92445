package io.tidemark.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.airlift.compress.lzo.LzoHadoopStreams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/**
 * Parquet's page compression straight through the compression libraries. Parquet's own factory goes
 * through Hadoop, which parses its configuration files for every file opened and needs 30 MB of
 * classes to do so. A writer has its own, and one thread at a time.
 */
public final class ParquetCodecs implements CompressionCodecFactory {
  private static final int ZSTD_LEVEL = 3;

  /** Made once a file: its tables are far larger than a page. Null until a page needs it. */
  private ZstdCompressCtx zstd;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Decompressor(codec);
  }

  @Override
  public void release() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }

  private byte[] packed(byte[] page) {
    if (zstd == null) {
      zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
    }
    return zstd.compress(page);
  }

  private final class Compressor implements BytesInputCompressor {
    private final CompressionCodecName codec;

    Compressor(CompressionCodecName codec) {
      this.codec = codec;
    }

    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      byte[] bytes = page.toByteArray();
      return switch (codec) {
        case UNCOMPRESSED -> page;
        case ZSTD -> BytesInput.from(packed(bytes));
        case SNAPPY -> BytesInput.from(Snappy.compress(bytes));
        case GZIP -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
          }
          yield BytesInput.from(out.toByteArray());
        }
        default -> throw new IOException("Parquet compression " + codec + " is not written");
      };
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {}
  }

  private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int size) throws IOException {
      return codec == CompressionCodecName.UNCOMPRESSED
          ? page
          : BytesInput.from(unpack(page.toByteArray(), size));
    }

    @Override
    public void decompress(ByteBuffer in, int packedSize, ByteBuffer out, int size)
        throws IOException {
      byte[] packed = new byte[packedSize];
      in.get(packed);
      out.put(codec == CompressionCodecName.UNCOMPRESSED ? packed : unpack(packed, size));
    }

    private byte[] unpack(byte[] packed, int size) throws IOException {
      if (packed.length == 0 && size == 0) {
        return packed; // a page of nothing but missing values: some writers do not pack that
      }
      byte[] bytes = new byte[size];
      long length =
          switch (codec) {
            case ZSTD -> Zstd.decompress(bytes, packed);
            case SNAPPY -> Snappy.uncompress(packed, 0, packed.length, bytes, 0);
            case LZ4_RAW ->
                new Lz4Decompressor().decompress(packed, 0, packed.length, bytes, 0, size);
            case GZIP -> unpack(new GZIPInputStream(new ByteArrayInputStream(packed)), bytes);
            case BROTLI -> unpack(new BrotliInputStream(new ByteArrayInputStream(packed)), bytes);
            case LZO ->
                unpack(
                    new LzoHadoopStreams().createInputStream(new ByteArrayInputStream(packed)),
                    bytes);
            case LZ4 -> unpackLz4(packed, bytes);
            default ->
                throw new IOException(
                    "Parquet compression " + codec + " is not read; write the file with zstd");
          };
      if (length != size) {
        throw new IOException("a damaged page: " + length + " bytes in place of " + size);
      }
      return bytes;
    }

    private static int unpack(InputStream in, byte[] bytes) throws IOException {
      try (in) {
        return in.readNBytes(bytes, 0, bytes.length);
      }
    }

    /** Hadoop's frames around LZ4, which some writers of the old codec left out. */
    private static int unpackLz4(byte[] packed, byte[] bytes) throws IOException {
      // A bare block begins with a literal, and so never with the zero of a frame's length.
      int length = packed.length < Integer.BYTES ? 0 : ByteBuffer.wrap(packed).getInt();
      boolean framed = length > 0 && length <= bytes.length;
      return framed
          ? unpack(
              new Lz4HadoopStreams().createInputStream(new ByteArrayInputStream(packed)), bytes)
          : new Lz4Decompressor().decompress(packed, 0, packed.length, bytes, 0, bytes.length);
    }

    @Override
    public void release() {}
  }
}
