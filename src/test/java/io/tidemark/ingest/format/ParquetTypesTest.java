package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.spec.WindowSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every physical and logical type as a time, a number and a text, in a dictionary and plain. */
class ParquetTypesTest {
  private static final String TEN = "2024-07-01T10:00:00Z";
  private static final long SECONDS = 1719828000;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private Rows times(String type, boolean dictionary, Consumer<Group> time) throws Exception {
    Path file =
        WrittenParquet.write(
            folder.resolve("t.parquet"),
            "optional " + type + "; required double p;",
            3,
            settings -> settings.withDictionaryEncoding(dictionary),
            (i, row) -> {
              row.add("p", .5);
              if (i != 1) {
                time.accept(row);
              }
            });
    return WrittenParquet.read(file, WrittenParquet.spec("p2: {type: numeric, path: p}"));
  }

  private void means(String type, String expected, Consumer<Group> time) throws Exception {
    for (boolean dictionary : new boolean[] {true, false}) {
      Rows rows = times(type, dictionary, time);
      assertThat(rows.bad).extracting(letter -> letter.getReason()).containsExactly("time_missing");
      assertThat(rows.events)
          .as(type)
          .extracting(event -> WindowSpec.instant(event.timeMicros()).toString())
          .containsExactly(expected, expected);
    }
  }

  private void isNoTime(String type, Consumer<Group> time) throws Exception {
    for (boolean dictionary : new boolean[] {true, false}) {
      assertThat(times(type, dictionary, time).bad)
          .as(type)
          .extracting(letter -> letter.getReason())
          .containsExactly("time_unreadable", "time_missing", "time_unreadable");
    }
  }

  private static Binary fixed(BigInteger value, int bytes) {
    byte[] two = value.toByteArray();
    byte[] wide = new byte[bytes];
    Arrays.fill(wide, value.signum() < 0 ? (byte) -1 : 0);
    System.arraycopy(two, 0, wide, bytes - two.length, two.length);
    return Binary.fromConstantByteArray(wide);
  }

  @ParameterizedTest
  @CsvSource({"MILLIS, 1000", "MICROS, 1000000", "NANOS, 1000000000"})
  void readsTimestampsOfEveryUnitInUtcAndOnTheLogsClocks(String unit, long second)
      throws Exception {
    means("int64 at (TIMESTAMP(" + unit + ",true))", TEN, row -> row.add("at", SECONDS * second));
    long local = (SECONDS + 7200) * second;
    means("int64 at (TIMESTAMP(" + unit + ",false))", TEN, row -> row.add("at", local));
    means(
        "int64 at (TIMESTAMP(" + unit + ",true))",
        "1969-12-31T23:59:59Z",
        row -> row.add("at", -second));
  }

  @Test
  void readsOldForms() throws Exception {
    means("int96 at", TEN, row -> row.add("at", new NanoTime(2460493, 36_000_000_000_000L)));
    means("int64 at (TIMESTAMP_MILLIS)", TEN, row -> row.add("at", SECONDS * 1000));
    means("int64 at (TIMESTAMP_MICROS)", TEN, row -> row.add("at", SECONDS * 1_000_000));
    means("binary at (UTF8)", TEN, row -> row.add("at", "2024-07-01 12:00:00"));
    means("binary at", TEN, row -> row.add("at", "2024-07-01T10:00Z"));
    means("int32 at (DATE)", "2024-06-30T22:00:00Z", row -> row.add("at", 19905));
    means("int32 at", TEN, row -> row.add("at", (int) SECONDS));
    means("int64 at (INTEGER(64,false))", TEN, row -> row.add("at", SECONDS * 1000));
    means("double at", TEN, row -> row.add("at", (double) SECONDS));
  }

  @Test
  void readsDatesInDisguise() throws Exception {
    String midnight = "2024-06-30T22:00:00Z";
    means("int32 at", midnight, row -> row.add("at", 20240701));
    means("int64 at", midnight, row -> row.add("at", 20240701L));
    means("double at", midnight, row -> row.add("at", 20240701.0));
    means("binary at (UTF8)", midnight, row -> row.add("at", "20240701"));
    means("int32 at (DECIMAL(8,0))", midnight, row -> row.add("at", 20240701));
    means("int64 at", TEN, row -> row.add("at", 20240701120000L));
    means("double at", TEN, row -> row.add("at", 20240701120000.0));
    means("int64 at (DECIMAL(18,2))", TEN, row -> row.add("at", 2024070112000000L));
  }

  @Test
  void readsDecimalsAsEpochNumbers() throws Exception {
    means("int64 at (DECIMAL(18,0))", TEN, row -> row.add("at", SECONDS * 1000));
    means("int64 at (DECIMAL(18,6))", TEN, row -> row.add("at", SECONDS * 1_000_000));
    Binary wide = fixed(BigInteger.valueOf(SECONDS), 16);
    means("fixed_len_byte_array(16) at (DECIMAL(38,0))", TEN, row -> row.add("at", wide));
    means(
        "binary at (DECIMAL(20,0))",
        TEN,
        row -> row.add("at", fixed(BigInteger.valueOf(SECONDS), 5)));
  }

  @Test
  void sendsToTheDeadLettersWhatIsNoTime() throws Exception {
    isNoTime("int64 at (TIME(MICROS,true))", row -> row.add("at", 36_000_000_000L));
    isNoTime("int32 at (TIME(MILLIS,false))", row -> row.add("at", 36_000_000));
    isNoTime("int96 at", row -> row.add("at", new NanoTime(Integer.MAX_VALUE, 0)));
    isNoTime("int96 at", row -> row.add("at", new NanoTime(Integer.MIN_VALUE, Long.MIN_VALUE)));
    isNoTime("binary at (UTF8)", row -> row.add("at", "soon"));
    for (long extreme : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 2}) {
      isNoTime("int64 at (TIMESTAMP(MILLIS,true))", row -> row.add("at", extreme));
      isNoTime("int64 at (TIMESTAMP(MICROS,true))", row -> row.add("at", extreme));
      isNoTime("int64 at (TIMESTAMP(MICROS,false))", row -> row.add("at", extreme));
    }
    isNoTime("int64 at", row -> row.add("at", Long.MIN_VALUE));
    isNoTime("double at", row -> row.add("at", Double.NEGATIVE_INFINITY));
  }

  private InferenceEvent value(String type, boolean dictionary, Consumer<Group> value)
      throws Exception {
    Path file =
        WrittenParquet.write(
            folder.resolve("v.parquet"),
            "required int64 at; required double p; optional " + type + ";",
            3,
            settings -> settings.withDictionaryEncoding(dictionary),
            (i, row) -> {
              row.add("at", SECONDS);
              row.add("p", .5);
              if (i != 1) {
                value.accept(row);
              }
            });
    Rows rows =
        WrittenParquet.read(
            file,
            WrittenParquet.spec("n: {type: numeric, path: v}, c: {type: categorical, path: v}"));
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events.get(1).numbers()[0]).as(type).isNaN();
    assertThat(rows.events.get(1).invalid(0)).as(type).isFalse();
    assertThat(rows.events.get(1).categories()[0]).as(type).isNull();
    return rows.events.get(2);
  }

  private void means(String type, double number, String text, Consumer<Group> value)
      throws Exception {
    for (boolean dictionary : new boolean[] {true, false}) {
      InferenceEvent event = value(type, dictionary, value);
      assertThat(event.numbers()[0]).as(type).isEqualTo(number);
      assertThat(event.invalid(0)).as(type).isFalse();
      assertThat(event.categories()[0]).as(type).isEqualTo(text);
    }
  }

  private void isText(String type, String text, Consumer<Group> value) throws Exception {
    for (boolean dictionary : new boolean[] {true, false}) {
      InferenceEvent event = value(type, dictionary, value);
      assertThat(event.invalid(0)).as(type).isTrue();
      assertThat(event.categories()[0]).as(type).isEqualTo(text);
    }
  }

  @Test
  void readsNumbers() throws Exception {
    means("boolean v", 1, "true", row -> row.add("v", true));
    means("int32 v (INTEGER(8,true))", -7, "-7", row -> row.add("v", -7));
    means("int32 v (INTEGER(32,false))", 4294967295.0, "4294967295", row -> row.add("v", -1));
    means("int64 v (INTEGER(64,false))", 0x1p64, "18446744073709551615", row -> row.add("v", -1L));
    means("double v", 3e15, "3000000000000000", row -> row.add("v", 3e15));
    means("double v", 1e-4, "0.0001", row -> row.add("v", 1e-4));
    means("double v", 1e20, "100000000000000000000", row -> row.add("v", 1e20));
    means("float v", .1, "0.1", row -> row.add("v", .1f));
    means("float v", -1e-4, "-0.0001", row -> row.add("v", -1e-4f));
    Binary three = half(0xC200);
    means("fixed_len_byte_array(2) v (FLOAT16)", -3, "-3", row -> row.add("v", three));
    Binary tenth = half(0x2E66);
    means("fixed_len_byte_array(2) v (FLOAT16)", .1, "0.1", row -> row.add("v", tenth));
  }

  private static Binary half(int bits) {
    return Binary.fromConstantByteArray(
        ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) bits).array());
  }

  @ParameterizedTest
  @ValueSource(strings = {"12.50", "-12.50", "3.00", "0.00", "-0.07"})
  void readsDecimalsInEveryForm(String decimal) throws Exception {
    BigDecimal value = new BigDecimal(decimal);
    BigInteger unscaled = value.unscaledValue();
    String text = value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    double number = value.doubleValue();
    means("int32 v (DECIMAL(9,2))", number, text, row -> row.add("v", unscaled.intValue()));
    means("int64 v (DECIMAL(18,2))", number, text, row -> row.add("v", unscaled.longValue()));
    means("binary v (DECIMAL(20,2))", number, text, row -> row.add("v", fixed(unscaled, 3)));
    Binary wide = fixed(unscaled, 9);
    means("fixed_len_byte_array(9) v (DECIMAL(20,2))", number, text, row -> row.add("v", wide));
  }

  @Test
  void keepsEveryDigitOfAWideDecimalThatNamesSomething() throws Exception {
    BigInteger id = new BigInteger("123456789012345678901234567890");
    Binary wide = fixed(id, 16);
    means(
        "fixed_len_byte_array(16) v (DECIMAL(38,0))",
        id.doubleValue(),
        id.toString(),
        row -> row.add("v", wide));
  }

  @Test
  void keepsDecimalsApartThatDoublesAreNotFineEnoughFor() throws Exception {
    BigInteger unscaled = new BigInteger("12345678901234567890123");
    Binary wide = fixed(unscaled, 16);
    means(
        "fixed_len_byte_array(16) v (DECIMAL(38,20))",
        123.45678901234568,
        "123.45678901234567890123",
        row -> row.add("v", wide));
  }

  @Test
  void readsTimesAsMicrosecondsAndAsText() throws Exception {
    String text = "2024-07-01T10:00:00Z";
    double micros = SECONDS * 1e6;
    means("int64 v (TIMESTAMP(MILLIS,true))", micros, text, row -> row.add("v", SECONDS * 1000));
    means(
        "int64 v (TIMESTAMP(MICROS,true))", micros, text, row -> row.add("v", SECONDS * 1000_000));
    means(
        "int64 v (TIMESTAMP(NANOS,true))",
        micros,
        text,
        row -> row.add("v", SECONDS * 1_000_000_000));
    means("int96 v", micros, text, row -> row.add("v", new NanoTime(2460493, 36_000_000_000_000L)));
    means("int32 v (DATE)", 19905, "2024-07-01", row -> row.add("v", 19905));
    means("int32 v (TIME(MILLIS,true))", 3_600_000, "01:00:00", row -> row.add("v", 3_600_000));
    means(
        "int64 v (TIME(MICROS,false))", 1_500_000, "00:00:01.500", row -> row.add("v", 1_500_000L));
    means("int64 v (TIME(NANOS,true))", 5e9, "00:00:05", row -> row.add("v", 5_000_000_000L));
    means("int64 v (TIME(NANOS,true))", -5, "-5", row -> row.add("v", -5L));
    means("int32 v (TIME(MILLIS,true))", 86_400_000, "86400000", row -> row.add("v", 86_400_000));
  }

  @Test
  void readsTimesOnTheLogsClocks() throws Exception {
    String text = "2024-07-01T10:00:00Z";
    long local = (SECONDS + 7200) * 1_000_000;
    means("int64 v (TIMESTAMP(MICROS,false))", SECONDS * 1e6, text, row -> row.add("v", local));
  }

  @Test
  void neverTakesATimeBeyondTheRangeForAnother() throws Exception {
    long far = LocalDate.of(290_000, 12, 31).toEpochDay(); // as Spark can hold it
    means(
        "int96 v",
        far * 86_400e6 + 3_600e6,
        "+290000-12-31T01:00:00Z",
        row -> row.add("v", new NanoTime((int) far + 2_440_588, 3_600_000_000_000L)));
    means(
        "int96 v", // as Spark writes it: its sum overflows, and overflows back when it reads
        9089380393200000000.0,
        "+290000-12-30T23:00:00Z",
        row -> row.add("v", new NanoTime(-105_862_232, -32_509_551_616_000L)));
    long farthest = Integer.MIN_VALUE - 2_440_588L;
    means(
        "int96 v",
        farthest * 86_400e6,
        LocalDate.ofEpochDay(farthest) + "T00:00:00Z",
        row -> row.add("v", new NanoTime(Integer.MIN_VALUE, 0)));
    means("int96 v", -1e6, "1969-12-31T23:59:59Z", row -> row.add("v", nanos(-1_000_000_000L)));
    means(
        "int64 v (TIMESTAMP(MILLIS,true))",
        Long.MAX_VALUE * 1e3,
        "+292278994-08-17T07:12:55.807Z",
        row -> row.add("v", Long.MAX_VALUE));
    means(
        "int64 v (TIMESTAMP(MICROS,true))",
        -0x1p63,
        "-290308-12-21T19:59:05.224192Z",
        row -> row.add("v", Long.MIN_VALUE));
    means(
        "int64 v (TIMESTAMP(MICROS,false))",
        -0x1p63,
        "-290308-12-21T19:05:37.224192Z", // Berlin had clocks of its own then
        row -> row.add("v", Long.MIN_VALUE));
    means(
        "int64 v (TIMESTAMP(NANOS,true))",
        9223372036854775.0,
        "2262-04-11T23:47:16.854775807Z",
        row -> row.add("v", Long.MAX_VALUE));
    means(
        "int32 v (DATE)",
        Integer.MAX_VALUE,
        "+5881580-07-11",
        row -> row.add("v", Integer.MAX_VALUE));
  }

  private static NanoTime nanos(long ofDay) {
    return new NanoTime(2_440_588, ofDay);
  }

  private static Binary bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Binary.fromConstantByteArray(bytes);
  }

  @Test
  void readsTextInEveryForm() throws Exception {
    isText("binary v (STRING)", "größer", row -> row.add("v", "größer"));
    isText("binary v (UTF8)", "x", row -> row.add("v", "x"));
    isText("binary v (ENUM)", "RED", row -> row.add("v", "RED"));
    isText("binary v (JSON)", "{\"a\":1}", row -> row.add("v", "{\"a\":1}"));
    isText("binary v", "bytes", row -> row.add("v", "bytes"));
    isText("fixed_len_byte_array(3) v", "abc", row -> row.add("v", Binary.fromString("abc")));
    isText("fixed_len_byte_array(2) v", "hex:00ff", row -> row.add("v", bytes(0, 255)));
    isText("binary v", "hex:6100", row -> row.add("v", bytes('a', 0)));
    isText("binary v (BSON)", "hex:01", row -> row.add("v", bytes(1)));
    isText(
        "fixed_len_byte_array(12) v (INTERVAL)",
        "hex:" + "01".repeat(12),
        row -> row.add("v", bytes(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
    isText("binary v (STRING)", "a\u0000", row -> row.add("v", bytes('a', 0)));
    isText("binary v (STRING)", "hex:61ff", row -> row.add("v", bytes('a', 255)));
    isText("binary v (STRING)", "hex:6865783a", row -> row.add("v", "hex:"));
    means("fixed_len_byte_array(1) v", 7, "7", row -> row.add("v", bytes('7')));
    means("binary v (STRING)", 7.25, "7.25", row -> row.add("v", "7.25"));
    Binary uuid =
        Binary.fromConstantByteArray(
            ByteBuffer.allocate(16).putLong(0x1234567890ABCDEFL).putLong(1).array());
    isText(
        "fixed_len_byte_array(16) v (UUID)",
        "12345678-90ab-cdef-0000-000000000001",
        row -> row.add("v", uuid));
  }
}
