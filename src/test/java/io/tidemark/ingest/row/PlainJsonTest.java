package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.JsonRows;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is read, it is read as the parser that knows all of JSON reads it. */
class PlainJsonTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, model_version: v, prediction: {score: p, positive: 1}}
          features: {x: numeric, c: categorical, deep: {type: numeric, path: a.b}, a: categorical}
          window: {size: P1D}
          snapshot: {columns: [e]}
          """);
  private static final EventColumns COLUMNS = EventColumns.all(SPEC);

  private final JsonRows rows = new JsonRows(COLUMNS, Redaction.of(SPEC, null));
  private final JsonRows general = rows.withoutPlain();

  private static List<String> read(JsonRows rows, byte[] line) {
    CollectedRows read = new CollectedRows();
    int before = 5;
    byte[] buffer = new byte[before + line.length + 3];
    Arrays.fill(buffer, (byte) '7'); // of the neighbours, which are nobody's business
    System.arraycopy(line, 0, buffer, before, line.length);
    rows.read(
        new RecordRows.Bytes("s", 0, buffer, before, line.length, line.length),
        new EventAssembler(COLUMNS, ""),
        read);
    return Stream.concat(
            read.events.stream().map(PlainJsonTest::text),
            read.bad.stream().map(DeadLetter::toString))
        .toList();
  }

  private static String text(InferenceEvent event) {
    return String.join(
        " ",
        event.id(),
        Long.toString(event.timeMicros()),
        event.version(),
        Arrays.toString(event.numbers()),
        Arrays.toString(event.categories()),
        Arrays.toString(event.invalid()),
        Arrays.toString(event.extras()));
  }

  private void sameAsGeneral(byte[] line) {
    assertThat(read(rows, line))
        .as(() -> new String(line, StandardCharsets.UTF_8))
        .isEqualTo(read(general, line))
        .hasSize(1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c181", "e08181", "eda080", "eda0bdedb880", "ff", "c3"})
  void refusesOtherFormsOfACharacter(String hex) {
    byte[] line = bytes(row("\"c\":\"<" + hex + ">\""));
    int at = new String(line, StandardCharsets.UTF_8).indexOf('<');
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] cut = Arrays.copyOf(line, line.length - bad.length - 2);
    System.arraycopy(bad, 0, cut, at, bad.length);
    int rest = at + 2 * bad.length + 2;
    System.arraycopy(line, rest, cut, at + bad.length, line.length - rest);
    assertThat(read(rows, cut).get(0)).contains("malformed");
  }

  @Test
  void keepsHalvesOfSurrogatePairsApart() {
    for (String half : List.of("d800", "d801", "dc00")) {
      byte[] line = bytes(row("\"c\":\"\\u" + half + "\",\"v\":\"\\u" + half + "\""));
      sameAsGeneral(line);
      assertThat(read(rows, line).get(0)).contains("[hex:ed");
    }
  }

  private boolean plain(String line) {
    byte[] bytes = bytes(line);
    PlainJson plain = new PlainJson(PathTree.of(COLUMNS.columns()));
    return plain.read(bytes, 0, bytes.length, new EventAssembler(COLUMNS, ""));
  }

  private static String row(String more) {
    return "{\"i\":\"1\",\"t\":1700000000,\"p\":0.5," + more + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "7",
        "-12",
        "123456789012345678",
        "1234567890123456789",
        "99999999999999999999999",
        "0.0",
        "-0.0",
        "1.5",
        "0.1",
        "13.402143326225282",
        "0.9384161633877711",
        "1e5",
        "1E+2",
        "1e-7",
        "9007199254740993.0",
        "9007199254740992.5",
        "1e22",
        "1e23",
        "1.7976931348623157e308",
        "1e309",
        "4.9e-324",
        "2.2250738585072011e-308",
        "1e-400",
        "123456789.123456789123456789",
        "-3.5e-22",
        "0.000000000000000000000000000001",
        "100000000000000000000000.0",
        "12345678901234567.8",
        "179769313486231580000000000000000000000000000000000000000000000000000000000000000.0e10",
        "1e99999",
        "00",
        "01",
        "-",
        "+1",
        ".5",
        "5.",
        "1e",
        "1e+",
        "--1",
        "1_0",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "1.2.3",
        "1e1.5"
      })
  void numbers(String number) {
    for (String name : List.of("x", "c", "e", "v", "p", "i", "t", "nobody's")) {
      sameAsGeneral(bytes(row("\"" + name + "\":" + number)));
      sameAsGeneral(bytes(row("\"" + name + "\" : " + number + " ")));
      sameAsGeneral(bytes(row("\"q\":[1, " + number + "]")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"20240111", "20240111.0", "\"20240111\"", "20240111093015", "2.0240111e7"})
  void times(String time) {
    byte[] line = bytes("{\"i\":\"1\",\"p\":0.5,\"t\":" + time + "}");
    sameAsGeneral(line);
    assertThat(read(rows, line).get(0)).startsWith("1 17049");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"text\"",
        "\"12.5\"",
        "\"Zürich\"",
        "\"a\\nb\"",
        "\"\\u0041\"",
        "\"a\tb\"",
        "\"open",
        "\"2023-11-14T22:13:20Z\"",
        "true",
        "false",
        "null",
        "truE",
        "nul",
        "nulll",
        "tru",
        "[]",
        "[1]",
        "[[],{}]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{}",
        "{\"b\":3}",
        "{\"b\":{\"b\":3}}",
        "{\"b\":[3]}",
        "{\"b\":3,}",
        "{\"b\" 3}",
        "{b:3}",
        "{\"b\":3",
        "'x'",
        "",
        ",",
        "\"\\ud800\"",
        "\"\u0001\"",
        "{\"a\":1,\"b\":\"2\",\"c\":null}",
        "[\"\\\"\", \"ü\"]"
      })
  void values(String value) {
    for (String name : List.of("x", "c", "e", "v", "p", "i", "t", "a", "a.b", "nobody's")) {
      sameAsGeneral(bytes(row("\"" + name + "\":" + value)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{}",
        "{ }",
        "[]",
        "1",
        "null",
        "\"x\"",
        "{\"i\"}",
        "{\"i\":}",
        "{,}",
        "{\"i\":\"1\",\"t\":1,\"p\":1}}",
        "{\"i\":\"1\",\"t\":1,\"p\":1} {}",
        "{\"i\":\"1\",\"t\":1,\"p\":1}\r",
        " \t{ \"i\" : \"1\" , \"t\" : 1 , \"p\" : 1 } ",
        "{\"i\":\"1\",\"t\":1,\"p\":1,}",
        "{\"i\":\"1\" \"t\":1,\"p\":1}",
        "\ufeff{\"i\":\"1\"}",
        "{\"i\":\"1\",\"t\":1,\"p\":1,\"x\":1,\"x\":2}",
        "{\"i\":\"1\",\"t\":1,\"p\":1,\"x\":[],\"x\":2}",
        "{\"i\":\"1\",\"t\":1,\"p\":1,\"x\":2,\"x\":null}",
        "{\"\\u0069\":\"1\",\"t\":1,\"p\":1}"
      })
  void lines(String line) {
    sameAsGeneral(bytes(line));
    sameAsGeneral(line.getBytes(StandardCharsets.UTF_16LE));
    sameAsGeneral(line.getBytes(StandardCharsets.UTF_16BE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | \"x\":1.25,\"c\":\"k\",\"n\":null,\"b\":true",
        "true | \"a\":{\"b\":3},\"q\":[1,{\"z\":[]}]",
        "true | \"x\":0.9384161633877711",
        "false | \"c\":\"Zürich\"",
        "false | \"c\":\"\\n\"",
        "false | \"x\":NaN"
      })
  void isPlain(boolean expected, String more) {
    assertThat(plain(row(more))).isEqualTo(expected);
  }

  @Test
  void nestingThatIsTooDeepIsLeftToTheOther() {
    for (int depth : new int[] {10, 31, 32, 33, 900}) {
      sameAsGeneral(bytes(row("\"q\":" + "[".repeat(depth) + "]".repeat(depth))));
      sameAsGeneral(bytes(row("\"q\":" + "{\"q\":".repeat(depth) + "1" + "}".repeat(depth))));
    }
  }

  @Test
  void logsOfAnotherKindAreNotTriedForLong() {
    PlainJson plain = new PlainJson(PathTree.of(COLUMNS.columns()));
    EventAssembler row = new EventAssembler(COLUMNS, "");
    byte[] other = bytes(row("\"c\":\"ü\""));
    byte[] good = bytes(row("\"c\":\"u\""));
    for (int i = 0; i < 8; i++) {
      assertThat(plain.read(other, 0, other.length, row)).isFalse();
    }
    assertThat(plain.read(good, 0, good.length, row)).isFalse();
    for (int i = 1; i < 1000; i++) {
      plain.read(good, 0, good.length, row);
    }
    assertThat(plain.read(good, 0, good.length, row)).isTrue();
  }

  /** Rows of a log whose fields come and go and change places, some of them damaged. */
  @Test
  void logs() {
    Random random = new Random(8);
    String[] numbers = {
      "0", "-0.0", "3", "2.75", "1e3", "0.30000000000000004", "null", "\"4\"", "true"
    };
    String[] texts = {"\"k\"", "\"\"", "null", "12", "\"ü\"", "\"a\\\"b\"", "[]", "0.1"};
    for (int i = 0; i < 20_000; i++) {
      List<String> fields =
          new ArrayList<>(
              List.of(
                  "\"i\":\"id-" + i + "\"",
                  "\"t\":" + (random.nextBoolean() ? "1700000000.25" : "\"2023-11-14 22:13:20\""),
                  "\"p\":" + random.nextDouble()));
      for (String name : List.of("x", "c", "e", "v", "a", "a.b", "more")) {
        String[] some = name.equals("x") || name.equals("a.b") ? numbers : texts;
        String value = some[random.nextInt(some.length)];
        String nested = "{\"b\":" + value + ",\"z\":" + texts[random.nextInt(texts.length)] + "}";
        if (random.nextInt(5) > 0) {
          fields.add("\"" + name + "\":" + (name.equals("a") && i % 3 == 0 ? nested : value));
        }
      }
      if (random.nextInt(10) == 0) {
        Collections.shuffle(fields, random);
      }
      byte[] line = bytes("{" + String.join(random.nextBoolean() ? "," : " , ", fields) + "}");
      if (random.nextInt(10) == 0) {
        line[random.nextInt(line.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(20) == 0) {
        line = Arrays.copyOf(line, random.nextInt(line.length));
      }
      sameAsGeneral(line);
    }
  }
}
