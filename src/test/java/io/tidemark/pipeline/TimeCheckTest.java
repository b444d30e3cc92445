package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeCheckTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {time: t, prediction: {score: p, positive: 1}}
      features: {x: numeric}
      window: {size: P1D}
      snapshot: off
      """;
  private static final WallClock CLOCK =
      () -> WindowSpec.micros(Instant.parse("2024-03-10T15:00:00Z"));

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static MonitoringSpec spec() {
    return SpecReader.read("test", SPEC);
  }

  private static RowCounts counts(long read, long deadLettered, long unlikely) {
    return new RowCounts(read, 0, 0, 0, 0, 0, deadLettered, 0, 0, unlikely, 0, 0);
  }

  private EventFiles files(String format, String time) throws Exception {
    Path file = folder.resolve("f." + format);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      String rows = "select %s as t, .5 as p, 1 as x";
      sql.execute(
          "copy ("
              + rows.formatted(time.contains("'") ? "'2024-03-11T23:00'" : "1710111600")
              + " union all "
              + rows.formatted(time)
              + ") to '"
              + file
              + "' (format "
              + format.replace("jsonl", "json")
              + ")");
    }
    return EventFiles.plan(file.toString(), spec());
  }

  private String message(String format, String time) throws Exception {
    return TimeCheck.at(CLOCK).message(spec(), files(format, time), counts(10, 4, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "202401110930 | 202401110930, was read as milliseconds since 1970:"
            + " 1976-05-31T14:31:50.930Z",
        "2024011109 | 2024011109, was read as seconds since 1970: 2034-02-20T01:18:29Z",
        "1.5::double | 1.5, was read as seconds since 1970: 1970-01-01T00:00:01.500Z",
        "19990111 | 19990111, was read as a date in digits: 1999-01-11T00:00:00Z",
        "'2024-03-12' | 2024-03-12, was read as a date and time: 2024-03-12T00:00:00Z"
      })
  void tellsTheFirstAndHowItWasRead(String time, String reading) throws Exception {
    for (String format : new String[] {"parquet", "csv", "jsonl"}) {
      assertThat(message(format, time.strip()))
          .startsWith("4 of 6 times in t lie before 2000 or after tomorrow. The first, " + reading);
    }
  }

  @Test
  void saysNothingWhereMostAreLikely() throws Exception {
    EventFiles files = files("jsonl", "1");
    TimeCheck check = TimeCheck.at(CLOCK);
    assertThat(check.message(spec(), files, counts(10, 4, 3))).isEmpty();
    assertThat(check.message(spec(), files, counts(0, 0, 0))).isEmpty();
  }

  @Test
  void looksAtLabelsBeforeTheyAreJoined() throws Exception {
    MonitoringSpec spec =
        SpecReader.read(
            "test",
            SPEC.replace("{time: t,", "{id: i, time: t,")
                + "labels: {id: i, value: y, time: known, horizon: P7D}\n");
    TimeCheck check = TimeCheck.at(CLOCK);
    Path file = folder.resolve("labels.csv");
    Files.writeString(
        file, "i,y,known\n1,1,soon\n2,1,1710111600\n3,0,202403110900\n4,1,202403110901\n");
    assertThat(
            check.ofLabels(
                spec, EventFiles.planLabels(file.toString(), Fleet.one("m", spec)).of("m")))
        .startsWith(
            "labels: most times in known lie before 2000 or after tomorrow. The first,"
                + " 202403110900, was read as milliseconds since 1970: 1976-");
    Files.writeString(file, "i,y,known\n1,1,1710111600\n3,0,202403110900\n");
    assertThat(
            check.ofLabels(
                spec, EventFiles.planLabels(file.toString(), Fleet.one("m", spec)).of("m")))
        .isEmpty();
  }

  @Test
  void aBaselineOfSuchRowsSaysSo() throws Exception {
    Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    StringBuilder rows = new StringBuilder("t,p,x\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i % 4 == 0 ? "2024-01-01" : "2024010109").append(i + 10).append(",.5,1\n");
    }
    Path events =
        Files.writeString(
            folder.resolve("ev.csv"), rows.toString().replaceAll("-01\\d\\d,", "-01,"));
    String[] args = {
      "baseline", "--spec=" + spec, "--events=" + events, "--output=" + folder.resolve("b.avro")
    };
    Cli.Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "30 of 40 times in t lie before 2000 or after tomorrow. The first, 202401010911,");
  }
}
