package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A column is read as the same numbers, categories and ids from whatever format it is in. */
class SameValuesTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: at, prediction: {score: p, label: v, positive: 1}}
          features: {n: {type: numeric, path: v}, c: {type: categorical, path: v}}
          window: {size: P1D}
          """);

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(i / 100)::decimal(9, 2)",
        "(i * 1000.5)::decimal(38, 10)",
        "i::bigint * 123456789",
        "i::double / 10",
        "i::double / 1e7",
        "i::double * 1e17",
        "i::double * 1e18 + 1e20",
        "(case when i = 3 then 'nan' when i = 4 then 'infinity' else '7.5' end)::double",
        "i % 2 = 0"
      })
  void inEveryFormat(String value) throws Exception {
    String parquet = read(value, "parquet");
    assertThat(read(value, "csv")).isEqualTo(parquet);
    assertThat(read(value, "jsonl")).isEqualTo(parquet);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i::float / 10", "i::float / 1e6", "i::float * 1e20"})
  void ofFloatsInTheFormatsThatHaveThem(String value) throws Exception {
    assertThat(read(value, "csv")).isEqualTo(read(value, "parquet"));
    assertThat(read("(" + value + ")::varchar::double", "parquet"))
        .isEqualTo(read(value, "parquet"));
  }

  private String read(String value, String format) throws Exception {
    Path file = folder.resolve("f." + format);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute(
          "copy (select '2024-01-01' as at, .5::double as p, "
              + value
              + " as v, (case when i = 3 then null else 1000 + i end)::double as i from range(7)"
              + " r(i)) to '"
              + file
              + "' (format "
              + format.replace("jsonl", "json")
              + ")");
    }
    CollectedRows rows = new CollectedRows();
    Readers readers = new Readers(EventColumns.all(SPEC), Redaction.of(SPEC, null));
    for (FileSplit split : EventFiles.plan(file.toString(), SPEC).splits()) {
      readers.of(split.format()).read(split, rows);
    }
    StringBuilder text = new StringBuilder();
    for (InferenceEvent event : rows.events) {
      text.append(event.id())
          .append(' ')
          .append(event.numbers()[0])
          .append(' ')
          .append(String.join(" ", event.categories()))
          .append('\n');
    }
    rows.bad.forEach(letter -> text.append(letter.getReason()).append('\n'));
    return text.toString();
  }
}
