package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record of a run that ends, {@code runs/FROM-TO-HASH.json}. */
class RunRecordTest {
  @TempDir Path folder;

  @Test
  void theRecordAsItIsWritten() throws Exception {
    String spec =
        Log.SPEC
                .replace("FORMAT", "jsonl")
                .replace("  label: truth\n", "")
                .replace("window: {size: PT6H,", "window: {size: PT6H, horizons: [P1D],")
            + "labels: {format: jsonl, id: id, value: is, time: known, horizon: P1D}\n";
    Log log = Log.of(folder, spec, 600, "--drift=none", "--windows=4");
    Path output = folder.resolve("out");
    Cli.Result run =
        log.monitor(
            log.events(), output, "--labels=" + log.labels(), "--as-of=2030-01-01T00:00:00Z");
    assertThat(run.code()).as(run.err()).isZero();
    List<Path> records = Cli.files(output.resolve("runs"));
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getFileName().toString())
        .matches("[0-9]{8}T[0-9]{6}Z-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}\\.json");
    GoldenRecord.holds(Files.readAllBytes(records.get(0)), "run.json");
  }
}
