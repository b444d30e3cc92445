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
import io.tidemark.spec.WindowSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parquet as another writer writes it: every type to the one number, text or time it means. */
class ParquetReaderTest {
  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static MonitoringSpec spec(String features, String timezone) {
    return SpecReader.read(
        "test",
        """
        model: m
        task: binary
        events:
          time: at
          timezone: ZONE
          prediction: {score: p, positive: 1}
        features: {FEATURES}
        window: {size: P1D}
        """
            .replace("ZONE", timezone)
            .replace("FEATURES", features));
  }

  private CollectedRows read(String select, MonitoringSpec spec, String options) throws Exception {
    Path file = folder.resolve("f.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute("copy (" + select + ") to '" + file + "' (format parquet" + options + ")");
    }
    CollectedRows rows = new CollectedRows();
    Readers readers = new Readers(EventColumns.all(spec), Redaction.of(spec, null));
    for (FileSplit split : EventFiles.plan(file.toString(), spec).splits()) {
      readers.of(split.format()).read(split, rows);
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "1::tinyint, 1, 1",
    "200::utinyint, 200, 200",
    "-7::smallint, -7, -7",
    "4000000000::uinteger, 4000000000, 4000000000",
    "9007199254740993::bigint, 9007199254740992, 9007199254740993",
    "1.0::double, 1, 1",
    "0.1::double, 0.1, 0.1",
    "0.5::float, 0.5, 0.5",
    "'12.50::decimal(6,2)', 12.5, 12.5",
    "'3.00::decimal(18,2)', 3, 3",
    "'123456789012345678.25::decimal(30,2)', 123456789012345680, 123456789012345678.25",
    "true, 1, true",
    "varchar '7.25', 7.25, 7.25",
    "date '2024-02-29', 19782, 2024-02-29"
  })
  void readsEveryTypeAsNumberAndAsText(String value, double number, String text) throws Exception {
    CollectedRows rows =
        read(
            "select timestamp '2024-01-01 00:00:00' as at, 0.5 as p, " + value + " as v",
            spec("n: {type: numeric, path: v}, c: {type: categorical, path: v}", "UTC"),
            "");
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events.get(0).numbers()[0]).isEqualTo(number);
    assertThat(rows.events.get(0).categories()[0]).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp_s '2024-07-01 10:00:00', 2024-07-01T08:00:00Z",
    "timestamp_ms '2024-07-01 10:00:00.123', 2024-07-01T08:00:00.123Z",
    "timestamp '2024-07-01 10:00:00.123456', 2024-07-01T08:00:00.123456Z",
    "timestamp_ns '2024-07-01 10:00:00.123456789', 2024-07-01T08:00:00.123456Z",
    "timestamptz '2024-07-01 10:00:00+00', 2024-07-01T10:00:00Z",
    "date '2024-07-01', 2024-06-30T22:00:00Z",
    "varchar '2024-07-01 10:00:00', 2024-07-01T08:00:00Z",
    "1719828000, 2024-07-01T10:00:00Z",
    "1719828000000::bigint, 2024-07-01T10:00:00Z",
    "1719828000.5::double, 2024-07-01T10:00:00.500Z"
  })
  void readsEveryFormOfTime(String value, String time) throws Exception {
    CollectedRows rows =
        read(
            "select " + value + " as at, 0.5 as p, 1 as v",
            spec("v: numeric", "Europe/Berlin"),
            "");
    assertThat(rows.bad).isEmpty();
    assertThat(WindowSpec.instant(rows.events.get(0).timeMicros())).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({"uncompressed", "snappy", "gzip", "zstd", "lz4_raw"})
  void readsEveryCompressionOverManyRowGroups(String codec) throws Exception {
    CollectedRows rows =
        read(
            "select timestamp '2024-01-01' + i * interval 1 second as at, (i % 100) / 100 as p,"
                + " i as v, 'c' || (i % 7) as c, case when i % 5 = 0 then null else i / 3 end as d"
                + " from range(10000) t(i)",
            spec("v: numeric, c: categorical, d: numeric", "UTC"),
            ", codec " + codec + ", row_group_size 3000");
    assertThat(rows.events).hasSize(10_000);
    for (int i = 0; i < 10_000; i++) {
      InferenceEvent event = rows.events.get(i);
      assertThat(event.numbers()[0]).isEqualTo(i);
      assertThat(event.categories()[0]).isEqualTo("c" + i % 7);
      assertThat(event.numbers()[1]).isEqualTo(Double.valueOf(i % 5 == 0 ? Double.NaN : i / 3.0));
    }
  }

  @Test
  void reachesIntoNestedRecordsAndPrefersAColumnOfTheWholeName() throws Exception {
    String select =
        "select timestamp '2024-01-01' as at, 0.5 as p, {'a': {'b': 4.5}} as r, 7 as \"x.y\"";
    CollectedRows rows =
        read(
            select,
            spec(
                "deep: {type: numeric, path: r.a.b}, whole: {type: numeric, path: x.y}, gone:"
                    + " numeric",
                "UTC"),
            "");
    assertThat(rows.events.get(0).numbers()).containsExactly(4.5, 7, Double.NaN, .5);
  }

  @Test
  void sendsUnusableRowsToTheDeadLetters() throws Exception {
    CollectedRows rows =
        read(
            "select * from (values (timestamp '2024-01-01', 0.5, 'x'), (null, 0.5, 'x'),"
                + " (timestamp '2024-01-01', null, '2')) t(\"at\", p, v)",
            spec("v: numeric", "UTC"),
            "");
    assertThat(rows.events).hasSize(1);
    assertThat(rows.events.get(0).invalid(0)).isTrue();
    assertThat(rows.bad)
        .extracting(DeadLetter::getReason)
        .containsExactly("time_missing", "prediction_missing");
    assertThat(rows.bad).extracting(DeadLetter::getPosition).containsExactly(1L, 2L);
    assertThat(rows.bad.get(1).getText())
        .isEqualTo("{\"at\":\"2024-01-01T00:00:00Z\",\"v\":2.0,\"p\":null}");
  }

  @Test
  void saysWhichColumnsAFileLacks() {
    assertThatThrownBy(() -> read("select 1 as v, 2 as w", spec("v: numeric", "UTC"), ""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("f.parquet: lacks at, p; it has v, w");
  }

  @Test
  void refusesAListWhereAValueIsDue() {
    assertThatThrownBy(
            () ->
                read(
                    "select timestamp '2024-01-01' as at, 0.5 as p, [1, 2] as v",
                    spec("v: numeric", "UTC"),
                    ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column v is a record or list");
  }
}
