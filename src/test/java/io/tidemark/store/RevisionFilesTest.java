package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionFilesTest {
  @TempDir Path folder;

  private void write(String prefix, String version, long revision, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    RevisionFiles.write(folder.toString(), prefix, version, revision, bytes, "jsonl");
  }

  private List<String> contents() throws IOException {
    TreeSet<String> contents = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.add(Files.readString(file));
      }
    }
    return List.copyOf(contents);
  }

  @Test
  void aHigherRevisionTakesThePlaceOfALowerAndNeverTheOtherWayRound() throws IOException {
    write("part", "", 10, "ten");
    write("part", "", 12, "twelve");
    assertThat(contents()).containsExactly("twelve");
    write("part", "", 10, "ten");
    assertThat(contents()).containsExactly("twelve");
  }

  @Test
  void theSameRevisionMayBeWrittenAnewWithMoreKnown() throws IOException {
    write("part", "", 10, "before");
    write("part", "", 10, "after");
    assertThat(contents()).containsExactly("after");
  }

  @Test
  void versionsAndStagesKeepTheirOwn() throws IOException {
    write("part", "a", 1, "a");
    write("part", "b", 1, "b");
    write("performance", "a", 1, "performance of a");
    write("part", "a", 2, "a again");
    assertThat(contents()).containsExactly("a again", "b", "performance of a");
  }

  @Test
  void whatABatchRunHasWrittenIsReplaced() throws IOException {
    Files.writeString(folder.resolve("part-0123456789abcdef.jsonl"), "batch");
    write("part", "", 1, "stream");
    assertThat(contents()).containsExactly("stream");
  }
}
