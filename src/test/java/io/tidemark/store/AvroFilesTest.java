package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schema.BaselineFile;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.StoredCandidates;
import io.tidemark.schema.StoredProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroFilesTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        BaselineFile.class,
        StoredProfile.class,
        DetectorState.class,
        StoredCandidates.class
      })
  <T extends SpecificRecord> void refusesEveryDamagedByteOfEachStoredForm(Class<T> type)
      throws IOException {
    byte[] file = AvroFiles.bytes(schema(type), List.of(filled(type), filled(type)));
    assertThat(AvroFiles.read(file, type)).containsExactly(filled(type), filled(type));

    Random random = new Random(7);
    List<String> read = new ArrayList<>();
    for (int at = 0; at < file.length; at++) {
      byte[] copy = file.clone();
      copy[at] ^= (byte) (1 << random.nextInt(8));
      passed(copy, type, read, "flip at " + at);
    }
    for (int length = 0; length < file.length; length++) {
      passed(Arrays.copyOf(file, length), type, read, "cut at " + length);
    }
    passed(Arrays.copyOf(file, file.length + 1), type, read, "a byte more");
    assertThat(read).isEmpty();
  }

  @Test
  void refusesEveryChangeOfWhatTheDigestIsFoundBy() {
    byte[] file =
        AvroFiles.bytes(schema(DetectorState.class), List.of(filled(DetectorState.class)));
    int mark = text(file).indexOf(WholeDigest.KEY);
    List<String> read = new ArrayList<>();
    for (int at = mark - 2; at < mark + WholeDigest.KEY.length() + 2 + 64; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] copy = file.clone();
        copy[at] ^= (byte) change;
        passed(copy, DetectorState.class, read, at + " ^ " + change);
      }
    }
    assertThat(read).isEmpty();
  }

  @Test
  void refusesAnotherNameInTheSchemaOfWhichTheDefaultWouldBeTaken() {
    byte[] file = AvroFiles.bytes(schema(BaselineFile.class), List.of(filled(BaselineFile.class)));
    int at = text(file).indexOf("\"name\":\"performance\"") + "\"name\":\"".length();
    file[at] = 'q';
    assertThatThrownBy(() -> AvroFiles.read(file, BaselineFile.class))
        .isInstanceOf(AvroFiles.DamagedException.class);
  }

  @Test
  void writesTheSameBytesThatAnyAvroReaderReads() throws IOException {
    DetectorState state = filled(DetectorState.class);
    byte[] file = AvroFiles.bytes(schema(DetectorState.class), List.of(state));
    assertThat(AvroFiles.bytes(schema(DetectorState.class), List.of(state))).isEqualTo(file);
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
      assertThat(reader.next().get("outcomes")).isEqualTo(3L);
      assertThat(reader.hasNext()).isFalse();
    }
  }

  @Test
  void readsFilesOfVersionsWithoutADigest() throws IOException {
    DetectorState state = filled(DetectorState.class);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<SpecificRecord> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(schema(DetectorState.class)))) {
      writer.create(schema(DetectorState.class), out);
      writer.append(state);
    }
    assertThat(AvroFiles.read(out.toByteArray(), DetectorState.class)).containsExactly(state);
  }

  private static <T extends SpecificRecord> void passed(
      byte[] bytes, Class<T> type, List<String> read, String what) {
    try {
      AvroFiles.read(bytes, type);
      read.add(what);
    } catch (IOException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  private static Schema schema(Class<?> type) {
    return SpecificData.get().getSchema(type);
  }

  /** A record with nothing left to its default. */
  private static <T extends SpecificRecord> T filled(Class<T> type) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<>(schema(type)).write(value(schema(type)), encoder);
      encoder.flush();
      var decoder = DecoderFactory.get().binaryDecoder(out.toByteArray(), null);
      return new SpecificDatumReader<T>(schema(type)).read(null, decoder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Object value(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> {
        GenericData.Record record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
        yield record;
      }
      case ARRAY -> List.of(value(schema.getElementType()), value(schema.getElementType()));
      case UNION -> value(schema.getTypes().get(schema.getTypes().size() - 1));
      case STRING -> "some";
      case BYTES -> ByteBuffer.wrap(new byte[] {1, 2, 3});
      case INT -> 2;
      case LONG -> 3L;
      case FLOAT -> 4.5f;
      case DOUBLE -> 5.5;
      case BOOLEAN -> true;
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      default -> throw new IllegalArgumentException(schema.toString());
    };
  }
}
