package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesReaderTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, prediction: {score: p, positive: 1}}
          features: {x: numeric, c: categorical, deep: {type: numeric, path: a.b}}
          window: {size: P1D}
          snapshot: {columns: [email], mask: [email]}
          """);

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static CollectedRows read(Path file, long splitBytes) throws Exception {
    CollectedRows rows = new CollectedRows();
    Readers readers = new Readers(EventColumns.all(SPEC), Redaction.of(SPEC, null));
    for (FileSplit split : EventFiles.plan(file.toString(), SPEC).splits()) {
      if (split.gzip() || splitBytes <= 0) {
        readers.of(split.format()).read(split, rows);
        continue;
      }
      for (long start = split.start(); start < split.end(); start += splitBytes) {
        long end = Math.min(split.end(), start + splitBytes);
        readers
            .of(split.format())
            .read(
                new FileSplit(split.path(), split.format(), false, start, end, end - start), rows);
      }
    }
    return rows;
  }

  private CollectedRows readLine(String line) throws Exception {
    return read(Files.writeString(folder.resolve("one.jsonl"), line), 0);
  }

  private static final String ROW = "{\"i\":\"a\",\"t\":1700000000,\"p\":0.5,";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\":1.5} | 1.5 | false",
        "\"x\":\"1.5\"} | 1.5 | false",
        "\"x\":true} | 1 | false",
        "\"x\":null} | NaN | false",
        "\"x\":NaN} | NaN | false",
        "\"x\":-Infinity} | -Infinity | false",
        "\"x\":1e999} | Infinity | false",
        "\"x\":\"abc\"} | NaN | true",
        "\"x\":\"\"} | NaN | true",
        "\"x\":[1]} | NaN | true",
        "\"x\":{\"y\":1}} | NaN | true",
        "\"y\":1} | NaN | false"
      })
  void readsNumbers(String rest, double number, boolean invalid) throws Exception {
    CollectedRows rows = readLine(ROW + rest.strip());
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events.get(0).numbers()[0]).isEqualTo(Double.valueOf(number));
    assertThat(rows.events.get(0).invalid(0)).isEqualTo(invalid);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"c\":0.50} | 0.5",
        "\"c\":1.0E-4} | 0.0001",
        "\"c\":1E20} | 100000000000000000000",
        "\"c\":12345678901234567.8901} | 12345678901234567.8901",
        "\"c\":\"0.50\"} | 0.50",
        "\"c\":\"007\"} | 007",
        "\"c\":\"red\"} | red",
        "\"c\":1} | 1",
        "\"c\":1.0} | 1",
        "\"c\":0.10} | 0.1",
        "\"c\":false} | false",
        "\"c\":123456789012345678901234567890} | 123456789012345678901234567890"
      })
  void readsCategoriesAsText(String rest, String text) throws Exception {
    assertThat(readLine(ROW + rest.strip()).events.get(0).categories()[0]).isEqualTo(text);
  }

  @Test
  void reachesIntoNestedRecordsAndPrefersTheWholeName() throws Exception {
    assertThat(readLine(ROW + "\"a\":{\"b\":2}}").events.get(0).numbers()[1]).isEqualTo(2);
    assertThat(readLine(ROW + "\"a.b\":3}").events.get(0).numbers()[1]).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"i\":\"a\" | malformed",
        "[] | not_an_object",
        "null | not_an_object",
        "{} {} | malformed",
        "{\"t\":1,\"p\":0.5} | id_missing",
        "{\"i\":\"\",\"t\":1,\"p\":0.5} | id_missing",
        "{\"i\":\"a\",\"p\":0.5} | time_missing",
        "{\"i\":\"a\",\"t\":\"soon\",\"p\":0.5} | time_unreadable",
        "{\"i\":\"a\",\"t\":[],\"p\":0.5} | time_unreadable",
        "{\"i\":\"a\",\"t\":1} | prediction_missing",
        "{\"i\":\"a\",\"t\":1,\"p\":\"high\"} | prediction_unreadable"
      })
  void saysWhyARowIsUnusable(String line, String reason) throws Exception {
    CollectedRows rows = readLine(line.strip());
    assertThat(rows.events).isEmpty();
    assertThat(rows.bad).extracting(DeadLetter::getReason).containsExactly(reason.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"i\":\"a\",\"email\":\"PLANTED",
        "{\"i\":\"a\",\"email\":PLANTED}",
        "PLANTED",
        "{\"i\":\"a\",\"email\":\"b\" PLANTED}"
      })
  void quotesNothingOfAMalformedRowWhereColumnsAreHidden(String line) throws Exception {
    DeadLetter letter = readLine(line).bad.get(0);
    assertThat(letter.getReason()).isEqualTo("malformed");
    assertThat(letter.getDetail()).startsWith("no JSON: the fault is at byte ");
    assertThat(letter.toString()).doesNotContain("PLANTED");
  }

  @Test
  void hidesMaskedColumnsInDeadLetters() throws Exception {
    assertThat(
            readLine("{\"i\":\"a\",\"t\":1,\"email\":\"a@b.c\",\"other\":\"a@b.c\"}")
                .bad
                .get(0)
                .getText())
        .isEqualTo(
            "{\"i\":\"a\",\"t\":1,\"x\":null,\"c\":null,\"a.b\":null,\"p\":null,\"email\":null}");
    assertThat(readLine("{\"email\":\"a@b.c\"").bad.get(0).getText()).isNull();
  }

  @Test
  void splitsAnywhereGiveEachLineOnce() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("{\"i\":\"r")
          .append(i)
          .append("\",\"t\":1,\"p\":0.5}")
          .append(i % 3 == 0 ? "\r\n" : "\n");
    }
    Path file = Files.writeString(folder.resolve("many.jsonl"), text);
    for (long split : new long[] {1, 7, 26, 27, 100, 5000}) {
      assertThat(read(file, split).events)
          .as("splits of %d bytes", split)
          .extracting(InferenceEvent::id)
          .hasSize(200)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void readsGzip() throws Exception {
    Path file = folder.resolve("z.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((ROW + "\"x\":1}\n" + ROW + "\"x\":2}\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(file, 0).events).hasSize(2);
  }

  /** Readers are shared by a process's threads, which all start at once. */
  @Test
  void threadsShareAReaderFromItsFirstUse() throws Exception {
    StringBuilder features = new StringBuilder("f: numeric");
    for (int i = 0; i < 3000; i++) {
      features.append(", f").append(i).append(": numeric");
    }
    MonitoringSpec wide =
        SpecReader.read(
            "wide",
            "{model: m, task: binary, events: {time: t, prediction: {score: p, positive: 1}},"
                + " window: {size: P1D}, features: {"
                + features
                + "}}");
    Path file = Files.writeString(folder.resolve("w.jsonl"), "{\"t\":1700000000,\"p\":0.5}\n");
    FileSplit split = EventFiles.plan(file.toString(), wide).splits().get(0);
    for (int round = 0; round < 20; round++) {
      EventReader reader =
          new Readers(EventColumns.all(wide), Redaction.of(wide, null)).of(split.format());
      List<CollectedRows> read =
          IntStream.range(0, 4)
              .parallel()
              .mapToObj(
                  i -> {
                    CollectedRows rows = new CollectedRows();
                    try {
                      reader.read(split, rows);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                    return rows;
                  })
              .toList();
      assertThat(read).allSatisfy(rows -> assertThat(rows.events).hasSize(1));
    }
  }
}
