package io.tidemark.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Avro files whose bytes depend on nothing but their records. */
public final class AvroFiles {
  // Avro would draw the marker between blocks at random.
  private static final byte[] SYNC =
      Arrays.copyOf("tidemark".getBytes(StandardCharsets.US_ASCII), 16);

  private AvroFiles() {}

  /** The bytes of a file with these records. */
  public static byte[] bytes(Schema schema, Iterable<? extends SpecificRecord> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<SpecificRecord> writer =
        new DataFileWriter<>(new SpecificDatumWriter<SpecificRecord>(schema))) {
      writer.create(schema, out, SYNC);
      for (SpecificRecord record : records) {
        writer.append(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /**
   * The records of a file's bytes.
   *
   * @throws IOException if these bytes are no file of such records
   */
  public static <T extends SpecificRecord> List<T> read(byte[] bytes, Class<T> type)
      throws IOException {
    List<T> records = new ArrayList<>();
    try (DataFileReader<T> reader =
        new DataFileReader<>(new SeekableByteArrayInput(bytes), new SpecificDatumReader<>(type))) {
      reader.forEach(records::add);
    } catch (AvroRuntimeException e) {
      throw new IOException("no Avro file of " + type.getSimpleName(), e);
    }
    return records;
  }
}
