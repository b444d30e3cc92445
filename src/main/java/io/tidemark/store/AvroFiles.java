package io.tidemark.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro files whose bytes depend on nothing but their records, with a digest of all their bytes:
 * counts that were changed on a disk would look like any others, and a field whose name in the
 * file's schema was changed would be read as its default.
 */
public final class AvroFiles {
  // A digest of the records alone, in files of before there was one of all bytes.
  private static final String CHECK = "tidemark.check";

  // A damaged name of the digest must not make a file look like one of an older version.
  private static final Set<String> OLDER_KEYS = Set.of("avro.schema", "avro.codec", CHECK);

  // Avro would draw the marker between blocks at random.
  private static final byte[] SYNC =
      Arrays.copyOf("tidemark".getBytes(StandardCharsets.US_ASCII), 16);

  private AvroFiles() {}

  /** The content is not what was written. */
  public static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException() {
      super("is damaged");
    }
  }

  /** The bytes of a file with these records. */
  public static byte[] bytes(Schema schema, Iterable<? extends SpecificRecord> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SpecificDatumWriter<SpecificRecord> datum = new SpecificDatumWriter<>(schema);
    try (DataFileWriter<SpecificRecord> writer = new DataFileWriter<>(datum)) {
      List<byte[]> encoded = new ArrayList<>();
      for (SpecificRecord record : records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        datum.write(record, encoder);
        encoder.flush();
        encoded.add(bytes.toByteArray());
      }
      writer.setMeta(WholeDigest.KEY, WholeDigest.BLANK);
      writer.create(schema, out, SYNC);
      for (byte[] record : encoded) {
        writer.appendEncoded(ByteBuffer.wrap(record));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    byte[] file = out.toByteArray();
    WholeDigest.seal(file);
    return file;
  }

  /**
   * The records of a file's bytes.
   *
   * @throws DamagedException if they are not those that were written
   * @throws IOException if these bytes are no file of such records
   */
  public static <T extends SpecificRecord> List<T> read(byte[] bytes, Class<T> type)
      throws IOException {
    boolean whole = WholeDigest.in(bytes);
    if (whole && !WholeDigest.holds(bytes)) {
      throw new DamagedException(); // before anything in it is believed
    }
    List<T> records = new ArrayList<>();
    try (DataFileReader<T> reader =
        new DataFileReader<>(new SeekableByteArrayInput(bytes), new SpecificDatumReader<>(type))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      long count = 0;
      if (!whole && !OLDER_KEYS.containsAll(reader.getMetaKeys())) {
        throw new DamagedException();
      }
      while (reader.hasNext()) {
        ByteBuffer block = reader.nextBlock();
        byte[] content = new byte[block.remaining()];
        block.get(content);
        all.write(content);
        count += reader.getBlockCount();
      }
      // Of files without a digest of all bytes; null in still older ones.
      String check = whole ? null : reader.getMetaString(CHECK);
      if (check != null && !check.equals(ContentHash.of(all.toByteArray()))) {
        throw new DamagedException();
      }
      SpecificDatumReader<T> datum =
          new SpecificDatumReader<>(reader.getSchema(), SpecificData.get().getSchema(type));
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(all.toByteArray(), null);
      for (long i = 0; i < count; i++) {
        records.add(datum.read(null, decoder));
      }
    } catch (DamagedException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // cut, or a length that is none
      throw new IOException("no Avro file of " + type.getSimpleName(), e);
    }
    return records;
  }
}
