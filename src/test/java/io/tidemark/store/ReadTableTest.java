package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schema.LabelCoverage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadTableTest {
  private static final long HOUR = 3_600_000_000L;

  @TempDir Path output;
  private ReadTable<LabelCoverage> table;

  @BeforeEach
  void files() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    table = ReadTable.of(Table.LABEL_COVERAGE, LabelCoverage.class, output.toString(), "m");
  }

  private static LabelCoverage coverage(String version, long predictions) {
    return LabelCoverage.newBuilder()
        .setModel("m")
        .setModelVersion(version)
        .setWindowStart(Instant.EPOCH)
        .setWindowEnd(Instant.EPOCH.plusSeconds(3600))
        .setPredictions(predictions)
        .setLabelled(1)
        .setLabelledInLog(0)
        .setDisputed(0)
        .setUnlabelled(predictions - 1)
        .setUnlabelledIds(List.of("a", "b"))
        .build();
  }

  private String folder(String horizon) {
    String name = Table.LABEL_COVERAGE.folder();
    return WindowFolders.folder(output.toString(), name, "m", horizon, HOUR);
  }

  private void write(String horizon, String prefix, LabelCoverage... records) throws IOException {
    byte[] file = JsonLines.of(List.of(records));
    WindowFolders.replace(folder(horizon), prefix, file, "jsonl");
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder("")))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void whatWasWritten() throws IOException {
    write("", "part", coverage("a", 3), coverage("b", 4));
    assertThat(table.window(HOUR)).containsExactly(coverage("a", 3), coverage("b", 4));
    assertThat(table.window(2 * HOUR)).isEmpty();
  }

  @Test
  void ofOneStageAndOneHorizon() throws IOException {
    write("", "part", coverage("a", 3));
    write("", "other", coverage("b", 4));
    write("P1D", "part", coverage("c", 5));
    assertThat(table.window(HOUR)).hasSize(2);
    assertThat(table.inFiles("part").window(HOUR)).containsExactly(coverage("a", 3));
    assertThat(table.ofHorizon("P1D").window(HOUR)).containsExactly(coverage("c", 5));
  }

  @Test
  void damageIsSaidWithTheFile() throws IOException {
    write("", "part", coverage("a", 3));
    Files.writeString(
        only(), Files.readString(only()).replace("\"predictions\":3", "\"predictions\":9"));
    assertThatThrownBy(() -> table.window(HOUR))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(only().getFileName().toString())
        .hasMessageContaining("--from and --to");
  }

  @Test
  void whatIsNoRecordIsDamage() throws IOException {
    byte[] other = "{\"model\":\"m\"}\n".getBytes(StandardCharsets.UTF_8);
    WindowFolders.replace(folder(""), "part", other, "jsonl");
    assertThatThrownBy(() -> table.window(HOUR)).isInstanceOf(DamagedFileException.class);
    WindowFolders.replace(folder(""), "part", "{\"mod".getBytes(StandardCharsets.UTF_8), "jsonl");
    assertThatThrownBy(() -> table.window(HOUR)).isInstanceOf(DamagedFileException.class);
  }
}
