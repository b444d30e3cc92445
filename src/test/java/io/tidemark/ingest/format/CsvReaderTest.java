package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReaderTest {
  private static final String HEADER = "i,t,p,x,c,a.b,email\n";
  private static final String GOOD = "1,2024-01-01,.5,1,red,2,e@x\n";
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: p, positive: 1}}
      features: {x: numeric, c: categorical, deep: {type: numeric, path: a.b}}
      window: {size: P1D}
      snapshot: {columns: [email], mask: [MASK]}
      """;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static CollectedRows read(Path file, String mask) throws Exception {
    MonitoringSpec spec = SpecReader.read("test", SPEC.replace("MASK", mask));
    CollectedRows rows = new CollectedRows();
    Readers readers = new Readers(EventColumns.all(spec), Redaction.of(spec, null));
    for (FileSplit split : EventFiles.plan(file.toString(), spec).splits()) {
      readers.of(split.format()).read(split, rows);
    }
    return rows;
  }

  private CollectedRows read(String content) throws Exception {
    return read(Files.writeString(folder.resolve("f.csv"), content), "");
  }

  @Test
  void readsQuotesLineBreaksByteOrderMarkAndCarriageReturns() throws Exception {
    CollectedRows rows =
        read(
            "\uFEFF"
                + "t,i,p,c,x,a.b,email,other\r\n"
                + "2024-01-01T00:00:00Z,\"1\",0.5,\"a, \"\"b\"\"\nc\",1.5,,,z\r\n"
                + "\r\n"
                + "2024-01-01 00:00:01,2,.25,5\" pipe,,\"\",\"x\ny\n\nz\",");
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events).extracting(InferenceEvent::id).containsExactly("1", "2");
    assertThat(rows.events.get(0).categories()[0]).isEqualTo("a, \"b\"\nc");
    assertThat(rows.events.get(0).numbers()).containsExactly(1.5, Double.NaN, .5);
    assertThat(rows.events.get(1).categories()[0]).isEqualTo("5\" pipe");
    assertThat(rows.events.get(1).numbers()).containsExactly(Double.NaN, Double.NaN, .25);
    assertThat(rows.events.get(1).extras()[0]).isEqualTo("x\ny\n\nz");
  }

  @Test
  void keepsTheLineBreaksInsideQuotesAsTheyAre() throws Exception {
    String[] values = {
      "a\r\nb", "a\nb", "a\rb", "\r\n", "a\r", "\rb", "a\r\r\nb\n\r", "a\r\n\r\n\r\nb", "\r\"\r\n\""
    };
    for (String end : List.of("\n", "\r\n")) {
      StringBuilder file = new StringBuilder("i,t,p,x,c,a.b,email" + end);
      for (int i = 0; i < 200; i++) {
        String quoted = "\"" + values[i % values.length].replace("\"", "\"\"") + "\"";
        String padding = "y".repeat(i % 3 == 0 ? 5000 + 7 * i : 1); // over the buffer's edges
        file.append("%d,2024-01-01,.5,%s,%s,2,%s%s".formatted(i, padding, quoted, "e@x", end));
      }
      CollectedRows rows = read(file.toString());
      assertThat(rows.bad).isEmpty();
      for (int i = 0; i < 200; i++) {
        assertThat(rows.events.get(i).categories()[0]).isEqualTo(values[i % values.length]);
        assertThat(rows.events.get(i).extras()[0]).isEqualTo("e@x");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "True, true", "FALSE, false", "1.0, 1", "-3.00, -3", "-0.0, 0", "1.50, 1.5", "007, 007",
    "007.0, 007.0", "1., 1.", ".50, 0.5", "v1.0, v1.0", "1e3, 1000", "+5, 5", "1E-4, 0.0001",
    "NaN,", "inf, Infinity", "yes, yes"
  })
  void bringsCategoriesToTheTextOfTypedFiles(String cell, String text) throws Exception {
    CollectedRows rows = read(HEADER + "1,2024-01-01,.5,1," + cell + ",2,e@x\n");
    assertThat(rows.events.get(0).categories()[0]).isEqualTo(text);
  }

  @Test
  void takesAnIdThatIsNotANumberForNone() throws Exception {
    CollectedRows rows = read(HEADER + "NaN,2024-01-01,.5,1,red,2,\n1.0,2024-01-01,.5,1,red,2,\n");
    assertThat(rows.bad).extracting(DeadLetter::getReason).containsExactly("id_missing");
    assertThat(rows.events).extracting(InferenceEvent::id).containsExactly("1");
  }

  @Test
  void countsAnUnreadableNumberAsInvalidAndKeepsItsRow() throws Exception {
    CollectedRows rows =
        read(HEADER + "1,2024-01-01,.5,one,red,NaN,\n2,2024-01-01,.5,inf,red,-inf,\n");
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events.get(0).invalid(0)).isTrue();
    assertThat(rows.events.get(1).numbers()[0]).isInfinite();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1,2024-01-01,.5,1,red,2| malformed| 6 cells; the header has 7",
        "1,2024-01-01,.5,1,red,2,e,f| malformed| 8 cells; the header has 7",
        "1,2024-01-01,.5,1,\"red\"x,2,e| malformed| a closing quote is followed",
        "1,2024-01-01,.5,1,\"red,2,e| malformed| a closing quote is followed",
        ",2024-01-01,.5,1,red,2,e| id_missing| no value in the id column",
        "1,,.5,1,red,2,e| time_missing| no value in the time column",
        "1,soon,.5,1,red,2,e| time_unreadable| the time column holds no date or time",
        "1,2024-01-01,,1,red,2,e| prediction_missing| no value in column p",
        "1,2024-01-01,high,1,red,2,e| prediction_unreadable| not a number in column p"
      })
  void saysWhatIsWrongAndGoesOnWithTheNextLine(String line, String reason, String detail)
      throws Exception {
    String quoted = "3,2024-01-01,.5,1,\"red\",2,\"e\"\n";
    CollectedRows rows = read(HEADER + GOOD + line + "\n" + quoted);
    assertThat(rows.events).extracting(InferenceEvent::id).containsExactly("1", "3");
    assertThat(rows.bad).hasSize(1);
    DeadLetter letter = rows.bad.get(0);
    assertThat(letter.getReason()).isEqualTo(reason);
    assertThat(letter.getDetail()).startsWith(detail);
    assertThat(letter.getText()).isEqualTo(line);
    assertThat(letter.getPosition()).isEqualTo((HEADER + GOOD).length());
    assertThat(letter.getSource()).endsWith("f.csv");
  }

  @Test
  void anOpenQuoteTakesItsOwnLineAlone() throws Exception {
    StringBuilder content = new StringBuilder(HEADER).append("0,2024-01-01,.5,1,\"red,2,e\n");
    for (int i = 1; i <= 1000; i++) {
      content.append(i).append(",2024-01-01,.5,1,red,2,e\n");
    }
    CollectedRows rows = read(content.toString());
    assertThat(rows.bad).extracting(DeadLetter::getReason).containsExactly("malformed");
    assertThat(rows.bad.get(0).getDetail()).isEqualTo("a quote is opened and never closed");
    assertThat(rows.events).hasSize(1000);
  }

  @Test
  void boundsWhatAnOpenQuoteMayHold() throws Exception {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes((HEADER + "0,2024-01-01,.5,1,\"red,2,e\n").getBytes(StandardCharsets.UTF_8));
    int rows = JsonRows.MAX_LENGTH / GOOD.length() + 1000;
    for (int i = 0; i < rows; i++) {
      content.writeBytes(GOOD.getBytes(StandardCharsets.UTF_8));
    }
    content.writeBytes("9,2024-01-01,.5,1,\"red\",2,e\n".getBytes(StandardCharsets.UTF_8));
    CollectedRows read = read(Files.write(folder.resolve("f.csv"), content.toByteArray()), "");
    assertThat(read.bad).hasSize(1);
    assertThat(read.bad.get(0).getDetail()).contains("not closed within");
    assertThat(read.events).hasSize(rows + 1);
  }

  @Test
  void passesOverALineThatIsTooLong() throws Exception {
    byte[] line = new byte[JsonRows.MAX_LENGTH + 10];
    Arrays.fill(line, (byte) 'x');
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(HEADER.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(line);
    content.writeBytes(("\n" + GOOD).getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("f.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content.toByteArray());
    }
    CollectedRows rows = read(file, "");
    assertThat(rows.events).hasSize(1);
    assertThat(rows.bad).extracting(DeadLetter::getReason).containsExactly("line_too_long");
    assertThat(rows.bad.get(0).getText()).hasSize(1000);
  }

  @Test
  void keepsBytesThatAreNoText() throws Exception {
    byte[] bad = GOOD.getBytes(StandardCharsets.UTF_8);
    bad[bad.length - 2] = (byte) 0xFF;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(HEADER.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(bad);
    CollectedRows rows = read(Files.write(folder.resolve("f.csv"), content.toByteArray()), "");
    assertThat(rows.bad.get(0).getDetail()).isEqualTo("not UTF-8");
    assertThat(rows.bad.get(0).getBase64()).isNotNull();
  }

  @Test
  void showsNothingHiddenInDeadLetters() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("f.csv"), HEADER + "1,soon,.5,1,red,2,e@x\n1,soon,\"e@x\"x\n");
    CollectedRows rows = read(file, "email");
    assertThat(rows.bad).hasSize(2);
    assertThat(rows.bad.get(0).getText()).contains("\"t\":\"soon\"").doesNotContain("e@x");
    assertThat(rows.bad.get(1).getText()).isNull();
    assertThat(rows.bad.get(1).getBase64()).isNull();
  }

  @Test
  void saysWhatAHeaderLacks() {
    assertThatThrownBy(() -> read("x,y\n1,2\n"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("f.csv: lacks i, t, p; it has x, y");
    assertThatThrownBy(() -> read(""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no header line");
    assertThatThrownBy(() -> read("i,t,p,i\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two columns named i");
  }

  @Test
  void saysWhereACompressedFileIsCutOff() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(HEADER.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 5000; i++) {
        out.write(
            (i + ",2024-01-01,." + i * 7919L % 10007 + ",1,red,2,e\n")
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = folder.resolve("f.csv.gz");
    Files.write(file, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
    assertThatThrownBy(() -> read(file, ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("f.csv.gz: is damaged or cut off: it cannot be unpacked behind byte");
  }
}
