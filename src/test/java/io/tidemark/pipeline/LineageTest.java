package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.alerts.Destination;
import io.tidemark.alerts.Receiver;
import io.tidemark.flow.Fleet;
import io.tidemark.lineage.RunEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells in OpenLineage. */
class LineageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static JsonNode body(Receiver.Request request) throws Exception {
    return JSON.readTree(request.body());
  }

  /** By column. */
  private static TreeMap<String, Long> nulls(JsonNode metrics) {
    TreeMap<String, Long> nulls = new TreeMap<>();
    metrics
        .fields()
        .forEachRemaining(
            each -> nulls.put(each.getKey(), each.getValue().path("nullCount").asLong()));
    return nulls;
  }

  /** The same by the statistics of all windows. */
  private static TreeMap<String, Long> missing(Path output) throws Exception {
    Map<String, String> columns =
        Map.of(
            "debt", "applicant.debt",
            "prediction.score", "p",
            "prediction.label", "guess",
            "label", "truth");
    TreeMap<String, Long> missing = new TreeMap<>();
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select field, sum(missing) from '"
                    + output
                    + "/statistics/*/*/*.parquet' where segment = '' and field <> ''"
                    + " group by field")) {
      while (rows.next()) {
        String field = rows.getString(1);
        missing.put(columns.getOrDefault(field, field), rows.getLong(2));
      }
    }
    missing.remove("product"); // it is excluded
    assertThat(missing.values().stream().mapToLong(each -> each).sum()).isPositive();
    return missing;
  }

  @Test
  void aRunTellsThatItBeginsAndWhatCameOfIt() throws Exception {
    Log log = Log.simulate(folder, "jsonl", 1_500, "--windows=4");
    log.change("snapshot: \\{", "slices: off\nlabel_issues: off\nsnapshot: {exclude: [product], ");
    for (Path file : Cli.files(log.events())) {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      for (int i = 0; i < lines.size(); i += 7) {
        lines.set(i, lines.get(i).replaceFirst("\"income\":[^,]*,", ""));
      }
      Files.write(file, lines);
    }
    Path output = folder.resolve("out");
    try (Receiver receiver = Receiver.start()) {
      String glob = log.events() + "/*";
      Cli.Result first =
          log.monitor(Path.of(glob), output, "--lineage=" + receiver.uri() + "?key=secret");
      assertThat(first.code()).as(first.err()).isZero();
      assertThat(receiver.requests()).hasSize(2);
      JsonNode start = body(receiver.requests().get(0));
      JsonNode end = body(receiver.requests().get(1));
      assertThat(start.path("eventType").asText()).isEqualTo("START");
      assertThat(end.path("eventType").asText()).isEqualTo("COMPLETE");
      String run = end.at("/run/runId").asText();
      assertThat(start.at("/run/runId").asText()).isEqualTo(run);
      assertThat(end.at("/job/name").asText()).isEqualTo("monitor.loans");
      assertThat(end.at("/inputs/0/name").asText()).isEqualTo(log.events().toString());
      assertThat(end.at("/inputs/1/name").asText()).isEqualTo(log.baseline.toString());
      JsonNode record = Followed.recordOfFiles(output);
      JsonNode quality = end.at("/inputs/0/inputFacets/dataQualityMetrics");
      assertThat(end.at("/run/facets/tidemark_rows/read")).isEqualTo(record.at("/rows/read"));
      assertThat(quality.path("rowCount")).isEqualTo(record.at("/rows/profiled"));
      assertThat(nulls(quality.path("columnMetrics"))).isEqualTo(missing(output));
      // What is excluded is not named, either.
      assertThat(end.toString()).doesNotContain("product").doesNotContain("secret");
      JsonNode snapshot = end.path("outputs").get(end.path("outputs").size() - 1);
      JsonNode manifest =
          JSON.readTree(Path.of(snapshot.path("name").asText(), "manifest.json").toFile());
      assertThat(snapshot.at("/outputFacets/outputStatistics/rowCount"))
          .isEqualTo(manifest.path("rows"));
      for (JsonNode table : end.path("outputs")) {
        assertThat(Path.of(table.path("name").asText())).isDirectory();
      }
      Path file = output.resolve("lineage/" + run + "-complete.json");
      assertThat(JSON.readTree(file.toFile())).isEqualTo(end);
      // The same run again is the same run; a receiver that is down fails nothing.
      List<Path> files = Cli.files(output.resolve("lineage"));
      String kept = Files.readString(file);
      receiver.close();
      Cli.Result again =
          log.monitor(Path.of(glob), output, "--lineage=" + receiver.uri() + "?key=secret");
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(again.err())
          .contains("has not taken what became of loans (connection refused); it is in " + file)
          .doesNotContain("secret");
      assertThat(Cli.files(output.resolve("lineage"))).isEqualTo(files).hasSize(2);
      assertThat(Files.readString(file)).isEqualTo(kept);
    }
  }

  private static LineageRun run(Path output) {
    return new LineageRun(
        "m",
        RunEvent.id(List.of("m")),
        new LineageRun.Places("/in", null, null, "/b.avro", output.toString()),
        "0123",
        "DirectRunner",
        false,
        0,
        Long.MAX_VALUE,
        List.of());
  }

  /** An end is told behind its beginning, which may not have been taken when it was. */
  @Test
  void aRunThatIsStoppedIsToldBehindItsBeginning() throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    StringWriter err = new StringWriter();
    try (Receiver receiver = Receiver.start()) {
      receiver.answers(request -> receiver.requests().size() == 1 ? 503 : 201);
      Destination to = Destination.ofLineage(receiver.uri());
      for (RuntimeException why :
          List.of(
              new IllegalStateException("disk\nfull"),
              new IllegalStateException(new JobRunner.CancelledException("the job ended")))) {
        try (RunLineage lineage =
            new RunLineage(
                Fleet.one("m", run(folder)),
                folder.toString(),
                to,
                () -> 1_000_000,
                new PrintWriter(err))) {
          lineage.start();
          lineage.stopped(why);
          lineage.stopped(why); // told already
        }
      }
      assertThat(receiver.requests())
          .extracting(request -> body(request).path("eventType").asText())
          .containsExactly("START", "START", "FAIL", "START", "ABORT");
      JsonNode failed = body(receiver.requests().get(2));
      assertThat(failed.at("/run/facets/errorMessage/message").asText()).contains("disk");
      assertThat(failed.at("/run/facets/nominalTime/nominalStartTime").asText())
          .isEqualTo("1970-01-01T00:00:00Z");
      assertThat(err.toString()).isEmpty();
    }
  }

  @Test
  void anAddressThatIsNoneIsToldBeforeAnythingIsWritten() throws Exception {
    Path spec = Files.writeString(folder.resolve("s.yaml"), Log.SPEC.replace("FORMAT", "jsonl"));
    Path output = folder.resolve("none");
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=/none",
            "--baseline=/none",
            "--output=" + output,
            "--lineage=kafka://h:1/t");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--lineage: begins with neither https:// nor http://");
    assertThat(output).doesNotExist();
  }
}
