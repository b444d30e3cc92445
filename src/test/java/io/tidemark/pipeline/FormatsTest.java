package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows in every format give the same results. */
class FormatsTest {
  private static final List<String> FORMATS = List.of("parquet", "jsonl", "csv", "avro");

  @TempDir Path folder;

  @Test
  void simulatedLogsGiveTheSameResultsInEveryFormat() throws Exception {
    TreeMap<String, String> first = null;
    for (String format : FORMATS) {
      Log log = Log.simulate(folder.resolve(format), format, 3000, "--clean");
      Path output = log.folder.resolve("out");
      Cli.Result result = log.monitor(log.events(), output);
      assertThat(result.code()).as(result.err()).isZero();
      // A snapshot names the spec by its hash, which the format is part of.
      TreeMap<String, String> results = Log.results(output, "snapshots");
      assertThat(results).isNotEmpty();
      first = first == null ? results : first;
      assertThat(results).as(format).isEqualTo(first);
    }
  }

  @Test
  void carLoanGivesTheSameFindingsInEveryFormatAndByWeekMonthAndSegment() throws Exception {
    Path data = Cli.shared().resolve("data/car_loan");
    assumeTrue(Files.exists(data), "no data at " + data);
    for (String part : List.of("reference", "monitoring")) {
      Path source = folder.resolve(part + "/f.parquet");
      Files.createDirectories(source.getParent());
      // Each tenth row is of every week and salary range.
      sql(
          "copy (select * exclude (n) from (select *, row_number() over () n from '%s')"
              + " where n %% 10 = 0) to '%s' (format parquet)",
          data.resolve(part + ".parquet"), part + "/f.parquet");
      sql("copy (from '%s') to '%s' (format csv, header)", source, part + "/f.csv");
      sql("copy (from '%s') to '%s' (format json)", source, part + "/f.jsonl");
      writeAvro(source, folder.resolve(part + "/f.avro"));
    }
    Map<String, String> segmentsByWindow = Map.of("P7D", "[]", "P1M", "[salary_range]");
    for (Map.Entry<String, String> each : segmentsByWindow.entrySet()) {
      Path spec = folder.resolve("spec.yaml");
      Files.writeString(
          spec,
          Files.readString(Path.of("pipelines/car-loan.yaml"))
                  .replace("size: P7D", "size: " + each.getKey())
              + "segments: "
              + each.getValue()
              + "\nsnapshot: off\n");
      sameInEveryFormat(spec, each.getKey());
    }
  }

  private void sameInEveryFormat(Path spec, String name) throws Exception {
    TreeMap<String, String> first = null;
    for (String format : FORMATS) {
      Path baseline = folder.resolve(name + format + ".avro");
      run("baseline", spec, "reference/f." + format, "--output=" + baseline);
      Path output = folder.resolve(name + format);
      run(
          "monitor",
          spec,
          "monitoring/f." + format,
          "--baseline=" + baseline,
          "--output=" + output);
      TreeMap<String, String> results = Log.results(output);
      assertThat(results.keySet()).anyMatch(path -> path.startsWith("findings"));
      first = first == null ? results : first;
      assertThat(results).as(name + " " + format).isEqualTo(first);
    }
  }

  private void run(String command, Path spec, String events, String... more) {
    List<String> args =
        new java.util.ArrayList<>(
            List.of(command, "--spec=" + spec, "--events=" + folder.resolve(events)));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
  }

  private void sql(String statement, Path source, String target) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute(statement.formatted(source, folder.resolve(target)));
    }
  }

  private static void writeAvro(Path source, Path target) throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement();
        ResultSet rows = sql.executeQuery("from '" + source + "'")) {
      int columns = rows.getMetaData().getColumnCount();
      SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Row").fields();
      for (int i = 1; i <= columns; i++) {
        String type =
            switch (rows.getMetaData().getColumnTypeName(i)) {
              case "DOUBLE" -> "double";
              case "BIGINT", "INTEGER" -> "long";
              case "BOOLEAN" -> "boolean";
              default -> "string";
            };
        Schema value = new Schema.Parser().parse("[\"null\", \"" + type + "\"]");
        fields = fields.name(rows.getMetaData().getColumnName(i)).type(value).noDefault();
      }
      Schema schema = fields.endRecord();
      try (DataFileWriter<GenericRecord> writer =
          new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
        writer.create(schema, target.toFile());
        while (rows.next()) {
          GenericRecord row = new GenericData.Record(schema);
          for (int i = 0; i < columns; i++) {
            Object value = rows.getObject(i + 1);
            boolean asItIs = value == null || value instanceof Double || value instanceof Boolean;
            row.put(
                i,
                asItIs
                    ? value
                    : value instanceof Number number ? number.longValue() : value.toString());
          }
          writer.append(row);
        }
      }
    }
  }
}
