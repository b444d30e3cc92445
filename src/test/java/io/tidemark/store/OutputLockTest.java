package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLockTest {
  private static final long NOW = 1_700_000_000_000L;

  @TempDir Path output;
  private Path table;
  private Path young;
  private Path old;
  private Path handedYoung;
  private Path handedOld;

  @BeforeEach
  void died() throws Exception {
    table = file("findings/model=m/window=w/part-1.jsonl", 2 * 3_600_000);
    young = file("findings/model=m/window=w/.abc-part-1.jsonl.tmp", 60_000);
    old = file("snapshots/m/p/.abc-part-0.parquet.tmp", 2 * 3_600_000);
    handedYoung = file(".handover-m/counts-1", 60_000);
    handedOld = file(".handover-n/counts-1", 2 * 3_600_000);
  }

  private Path file(String name, long age) throws Exception {
    Path file = output.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
    return Files.setLastModifiedTime(file, FileTime.fromMillis(NOW - age));
  }

  private void run(boolean local) throws Exception {
    try (OutputLock lock = OutputLock.of(output.toString())) {
      lock.sweep(output.toString(), local, NOW);
    }
  }

  private void hourOldAreGone() {
    assertThat(table).exists();
    assertThat(young).exists();
    assertThat(handedYoung).exists();
    assertThat(old).doesNotExist();
    assertThat(handedOld.getParent()).doesNotExist();
  }

  @Test
  void whatAProcessHasLeftGoesAtOnce() throws Exception {
    run(true); // the first does not know who was there
    hourOldAreGone();
    run(true);
    assertThat(table).exists();
    assertThat(young).doesNotExist();
    assertThat(handedYoung.getParent()).doesNotExist();
    assertThat(output.resolve(".lock")).hasContent("local");
  }

  @Test
  void whatAJobOnAClusterMayStillWriteStaysForAnHour() throws Exception {
    run(false);
    run(true);
    run(true);
    hourOldAreGone();
    assertThat(output.resolve(".lock")).hasContent("cluster");
  }
}
