package io.tidemark.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.FindingKey;
import io.tidemark.store.JsonLines;
import io.tidemark.store.WindowFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierFindingsTest {
  @TempDir Path output;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @Test
  void aFileThatWasChangedIsNamedAndNotBelieved() throws Exception {
    Finding finding =
        new FindingKey("m", "", 0, 1_000_000, "", FindingKind.data_drift, "x", "psi").begin();
    finding.setExceeded(true);
    String folder = WindowFolders.folder(output.toString(), "findings", "m", 0);
    byte[] whole = JsonLines.of(List.of(finding));
    WindowFolders.replace(folder, "part", whole, "jsonl");
    String series = String.join("\u0000", "", "data_drift", "", "x", "psi");
    assertThat(new EarlierFindings(output.toString(), "m").exceeded(0, series)).isTrue();
    Path file;
    try (var files = Files.list(Path.of(folder))) {
      file = files.findFirst().orElseThrow();
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThatThrownBy(() -> new EarlierFindings(output.toString(), "m").exceeded(0, series))
          .as("byte " + at)
          .isInstanceOf(DamagedFileException.class)
          .hasMessageStartingWith(file + ": is damaged")
          .hasMessageContaining("run the monitor over that window again");
    }
    // Of this window and table alone, and by the content of what names it.
    assertThat(WindowFolders.damaged(output.toString(), "findings", "m", "jsonl", 0, 1_000_000))
        .containsExactly(file.toString());
    assertThat(
            WindowFolders.damaged(
                output.toString(), "findings", "m", "jsonl", 1_000_000, 2_000_000))
        .isEmpty();
    Files.write(file, whole);
    assertThat(WindowFolders.damaged(output.toString(), "findings", "m", "jsonl", 0, 1_000_000))
        .isEmpty();
  }
}
