package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.format.WrittenParquet;
import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of one run that differ: columns that come and go, types, order, folders of partitions. */
class ManyFilesTest {
  private static final String KEYS = "timestamp '2024-01-01' as \"at\", 0.5 as p";

  @TempDir Path folder;
  private Path log;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void makeFolder() throws Exception {
    log = Files.createDirectory(folder.resolve("log"));
  }

  private void sql(String statement) throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute(statement);
    }
  }

  private void parquet(String name, String select, String... options) throws Exception {
    Path file = log.resolve(name);
    Files.createDirectories(file.getParent());
    String more = String.join("", options);
    sql("copy (" + select + ") to '" + file + "' (format parquet" + more + ")");
  }

  private Object[] categories(Rows rows) {
    return rows.events.stream().map(event -> event.categories()[0]).toArray();
  }

  private Object[] numbers(Rows rows) {
    return rows.events.stream().map(event -> event.numbers()[0]).toArray();
  }

  @Test
  void aColumnMayHaveAnotherTypeAndPlaceInEachFile() throws Exception {
    parquet("a.parquet", "select 1 as v, " + KEYS);
    parquet("b.parquet", "select " + KEYS + ", 1.0::double as v");
    parquet("c.parquet", "select '1' as v, " + KEYS);
    parquet("d.parquet", "select " + KEYS + ", 1::decimal(9,3) as v, [1] as list");
    parquet("e.parquet", "select true as v, " + KEYS);
    Files.writeString(log.resolve("f.csv"), "v,at,p\n1.0,2024-01-01,0.5\n");
    Files.writeString(log.resolve("g.jsonl"), "{\"v\":1.0,\"at\":\"2024-01-01\",\"p\":0.5}\n");
    MonitoringSpec spec =
        WrittenParquet.spec("n: {type: numeric, path: v}, c: {type: categorical, path: v}");
    Rows rows = WrittenParquet.read(log, spec);
    assertThat(rows.bad).isEmpty();
    assertThat(categories(rows)).containsExactly("1", "1", "1", "1", "true", "1", "1");
    assertThat(numbers(rows)).containsOnly(1.0);
  }

  @Test
  void aColumnMayComeAndGo() throws Exception {
    parquet("a.parquet", "select " + KEYS + ", 'x' as c, null as d");
    parquet("b.parquet", "select " + KEYS + ", 2.0 as n, 'extra' as unknown");
    MonitoringSpec spec = WrittenParquet.spec("n: numeric, c: categorical, d: categorical");
    Rows rows = WrittenParquet.read(log, spec);
    assertThat(numbers(rows)).containsExactly(Double.NaN, 2.0);
    assertThat(categories(rows)).containsExactly("x", null);
    assertThat(EventFiles.plan(log.toString(), spec).warnings()).isEmpty();
  }

  @Test
  void saysWhichColumnsNoFileHas() throws Exception {
    parquet("a.parquet", "select " + KEYS + ", 1 as n, {'x': 1} as r");
    Files.writeString(log.resolve("b.csv"), "at,p,n\n2024-01-01,0.5,1\n");
    MonitoringSpec spec =
        WrittenParquet.spec(
            "n: numeric, m: numeric, x: {type: numeric, path: r.x}, y: {type: numeric, path: r.y}");
    assertThat(EventFiles.plan(log.toString(), spec).warnings())
        .containsExactly(
            "no file has a column m: it is missing in every row",
            "no file has a column r.y: it is missing in every row");
    // Lines may have any names: only reading them would tell.
    Files.writeString(log.resolve("c.jsonl"), "");
    assertThat(EventFiles.plan(log.toString(), spec).warnings()).isEmpty();
  }

  @Test
  void readsFilesWithoutRowsAndNamesWithDotsAndSpaces() throws Exception {
    parquet("a.parquet", "select " + KEYS + ", 1 as \"a b.c d\" where false");
    parquet("b.parquet", "select " + KEYS + ", 7 as \"a b.c d\"");
    Rows rows = WrittenParquet.read(log, WrittenParquet.spec("n: {type: numeric, path: a b.c d}"));
    assertThat(numbers(rows)).containsExactly(7.0);
  }

  @Test
  void readsBrotliAndDeltas() throws Exception {
    String select = "select " + KEYS + ", i as n, 'c' || i % 50 as c from range(5000) t(i)";
    parquet("a.parquet", select, ", codec brotli");
    parquet("b.parquet", select, ", parquet_version v2, dictionary_size_limit 1");
    Rows rows = WrittenParquet.read(log, WrittenParquet.spec("n: numeric, c: categorical"));
    assertThat(rows.events).hasSize(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(rows.events.get(i).numbers()[0]).isEqualTo(i % 5000);
      assertThat(rows.events.get(i).categories()[0]).isEqualTo("c" + i % 50);
    }
  }

  @Test
  void partitionFoldersAreColumns() throws Exception {
    sql(
        "copy (select "
            + KEYS
            + ", i as n, case when i = 3 then null else 'r/' || i end as region from range(4) t(i))"
            + " to '"
            + log
            + "' (format parquet, partition_by (region), overwrite_or_ignore)");
    Path lines = Files.createDirectories(log.resolve("region=j%C3%BC=1"));
    Files.writeString(lines.resolve("a.jsonl"), "{\"at\":\"2024-01-01\",\"p\":0.5,\"n\":4}\n");
    Files.writeString(lines.resolve("b.csv"), "at,p,n,region\n2024-01-01,0.5,5,own\n");
    MonitoringSpec spec = WrittenParquet.spec("n: numeric, region: categorical");
    Rows rows = WrittenParquet.read(log, spec);
    assertThat(rows.events)
        .extracting(event -> (int) event.numbers()[0] + " " + event.categories()[0])
        .containsExactlyInAnyOrder("0 r/0", "1 r/1", "2 r/2", "3 null", "4 jü=1", "5 own");
  }

  @Test
  void anyColumnMayStandInThePath() throws Exception {
    parquet("at=2024-01-02/p=0.25/n=high/a.parquet", "select 1 as x");
    Rows rows = WrittenParquet.read(log, WrittenParquet.spec("n: numeric, x: numeric"));
    InferenceEvent event = rows.events.get(0);
    assertThat(event.timeMicros()).isEqualTo(1_704_150_000_000_000L); // midnight in Berlin
    assertThat(event.numbers()).containsExactly(Double.NaN, 1, .25);
    assertThat(event.invalid(0)).isTrue();
    assertThatThrownBy(
            () -> {
              parquet("q=1/b.parquet", "select 1 as x");
              WrittenParquet.read(log, WrittenParquet.spec("x: numeric"));
            })
        .hasMessageEndingWith("b.parquet: lacks at, p; it has x");
  }
}
