package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRowsTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {time: t, prediction: {score: p, positive: 1}}
      features: {x: numeric}
      window: {size: P1D}
      snapshot: %s
      """;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static String text(String snapshot, Path file, long at, String reason, String detail) {
    MonitoringSpec spec = SpecReader.read("test", SPEC.formatted(snapshot));
    DeadLetter letter = new DeadLetter();
    letter.setReason(reason);
    letter.setDetail(detail);
    letter.setSource(file.toString());
    letter.setPosition(at);
    return new BadRows(List.of(KV.of(reason, KV.of(3L, letter))), BadRows.Source.EVENTS)
        .text(spec, EventFiles.plan(file.toString(), spec));
  }

  private static String time(Path file, long at) {
    return text("off", file, at, "time_unreadable", "the time column holds no date or time");
  }

  @Test
  void theValueIsReadOfEachFormat() throws Exception {
    Path csv = Files.writeString(folder.resolve("f.csv"), "t,p,x\n2024-01-01,1,1\n'soon,1,1\n");
    assertThat(time(csv, 21)).contains("3 rows time_unreadable").contains("(''soon'). A time is");
    Path json =
        Files.writeString(
            folder.resolve("f.jsonl"), "{\"t\":1704067200,\"p\":1}\n{\"t\":[1,2],\"p\":1}\n");
    assertThat(time(json, 23)).contains("f.jsonl@23: the time column").contains("('[1,2]')");
    Path parquet = folder.resolve("f.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute(
          "copy (select case i when 7 then 'soon' else '2024-01-01' end as t, 'a' || i as p, 1 as x"
              + " from range(10) t(i)) to '"
              + parquet
              + "' (format parquet)");
    }
    assertThat(time(parquet, 7)).contains("('soon')");
    String number = "not a number in column p";
    assertThat(text("off", parquet, 4, "prediction_unreadable", number))
        .contains(number + " ('a4'). A number is written as");
  }

  @Test
  void noValueWhereTheSpecHidesAnything() throws Exception {
    Path csv = Files.writeString(folder.resolve("f.csv"), "t,p,x\nsecret,1,1\n");
    String detail = "the time column holds no date or time";
    assertThat(text("{mask: [x]}", csv, 6, "time_unreadable", detail))
        .contains("f.csv@6: " + detail + ". A time is")
        .doesNotContain("secret");
  }

  @Test
  void longValuesAreCut() throws Exception {
    Path csv = Files.writeString(folder.resolve("f.csv"), "t,p,x\n" + "z".repeat(99) + ",1,1\n");
    assertThat(time(csv, 6)).contains("('" + "z".repeat(40) + "...')");
  }
}
