package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day's run over a whole log reads little of it, and gives what reading all of it gives. */
class PassedOverTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aDayOfALogIsFoundByItsTimes() throws Exception {
    String spec = LabelsTest.SPEC.replace("format: jsonl", "format: parquet");
    Log log = Log.of(folder.resolve("log"), spec, 20_000, "--windows=40");
    Instant from =
        Instant.parse(
                JSON.readTree(log.folder.resolve("log/truth.json").toFile())
                    .get("events")
                    .get("from")
                    .asText())
            .plus(6, ChronoUnit.DAYS);
    // Times as text prove nothing: all of it is read.
    Path typed = sorted(log, "typed", "\"at\"");
    Path text =
        sorted(
            log,
            "text",
            "strftime(\"at\"::timestamptz at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')");
    JsonNode few = run(log, typed, "few", from);
    JsonNode all = run(log, text, "all", from);
    assertThat(few.get("rows_passed_over").asLong()).isGreaterThan(8_000);
    assertThat(few.get("row_groups_passed_over").asLong()).isGreaterThan(3);
    assertThat(all.get("rows_passed_over").asLong()).isZero();
    assertThat(few.get("rows").get("balanced").asBoolean()).isTrue();
    assertThat(few.get("rows").get("looked_back").asLong()).isPositive();
    for (String same : new String[] {"profiled", "duplicate", "looked_back"}) {
      assertThat(few.get("rows").get(same)).as(same).isEqualTo(all.get("rows").get(same));
    }
    // A label of a prediction that was passed over is no orphan.
    assertThat(few.get("labels")).isEqualTo(all.get("labels"));
    assertThat(few.get("labels").get("out_of_range").asLong()).isPositive();
    assertThat(Log.results(folder.resolve("few"), "dead-letters"))
        .isEqualTo(Log.results(folder.resolve("all"), "dead-letters"));
  }

  private Path sorted(Log log, String name, String at) throws Exception {
    Path file = Files.createDirectories(folder.resolve(name)).resolve("events.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute("set threads = 1");
      sql.execute("set timezone = 'UTC'");
      sql.execute(
          "copy (select * replace ("
              + at
              + " as \"at\") from (select * from '"
              + log.events()
              + "/**/*.parquet' order by \"at\")) to '"
              + file
              + "' (format parquet, row_group_size 2048)");
    }
    return file;
  }

  private JsonNode run(Log log, Path events, String output, Instant from) throws Exception {
    Cli.Result result =
        log.monitor(
            events,
            folder.resolve(output),
            "--labels=" + log.labels(),
            "--from=" + from,
            "--to=" + from.plus(1, ChronoUnit.DAYS));
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode record = JSON.readTree(Cli.files(folder.resolve(output + "/runs")).get(0).toFile());
    if (record.get("rows_passed_over").asLong() > 0) {
      assertThat(result.out()).containsPattern("Passed over [\\d,]+ rows in \\d+ of \\d+ row gr");
    }
    return record;
  }
}
