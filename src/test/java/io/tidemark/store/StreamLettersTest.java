package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamLettersTest {
  private static final KvCoder<String, DeadLetter> LETTERS =
      KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(DeadLetter.class));

  @TempDir Path output;

  private TestStream.Builder<KV<String, DeadLetter>> stream = TestStream.create(LETTERS);

  private void letter(int partition, long offset) {
    stream =
        stream.addElements(
            KV.of(
                "m",
                new DeadLetter(
                    "malformed", "why", "kafka://host/topic-" + partition, offset, "x", null)));
  }

  private void letter(int partition, long offset, int characters) {
    stream =
        stream.addElements(
            KV.of(
                "m",
                new DeadLetter(
                    "malformed",
                    "why",
                    "kafka://host/topic-" + partition,
                    offset,
                    "x".repeat(characters),
                    null)));
  }

  private void after(Duration time) {
    stream = stream.advanceProcessingTime(time);
  }

  /** Offsets in the files, by the end of the files' names. */
  private TreeMap<String, List<Long>> written() throws IOException {
    after(Duration.standardSeconds(3));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(stream.advanceWatermarkToInfinity())
        .apply(WriteDeadLetters.to(output.toString(), WriteDeadLetters.TABLE).ofSeveral());
    pipeline.run().waitUntilFinish();
    stream = TestStream.create(LETTERS); // of the next job
    TreeMap<String, List<Long>> offsets = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve("dead-letters"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(name).startsWith("m-topic-");
        List<Long> own = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          own.add(Long.parseLong(line.replaceFirst(".*\"position\":(\\d+).*", "$1")));
        }
        offsets.put(name.replaceFirst("m-topic-(\\d)-[0-9a-f]+-([-\\d]+).jsonl", "$1/$2"), own);
      }
    }
    return offsets;
  }

  @Test
  void aFileForEachStretchOfAPartition() throws Exception {
    letter(0, 3);
    letter(1, 3);
    letter(0, 1023);
    letter(0, 1024);
    letter(0, 4096);
    after(Duration.standardSeconds(3));
    letter(0, 4100);
    letter(0, 9000);
    assertThat(written())
        .hasToString("{0/0=[3, 1023], 0/1=[1024], 0/4=[4096, 4100], 0/8=[9000], 1/0=[3]}");
  }

  /** A model that is asked seldom: a stretch of offsets may take days. */
  @Test
  void lettersOfAStretchFarApartInTime() throws Exception {
    letter(0, 3);
    after(Duration.standardMinutes(20));
    letter(0, 5);
    after(Duration.standardDays(3));
    letter(0, 7);
    after(Duration.standardDays(3));
    letter(1, 1);
    assertThat(written()).hasToString("{0/0=[3, 5, 7], 1/0=[1]}");
  }

  /** A file, and so what is held of a partition, is a megabyte and a letter at most. */
  @Test
  void longLettersAreParts() throws Exception {
    letter(0, 3, 500_000);
    letter(0, 4, 400_000);
    letter(0, 7, 200_000);
    after(Duration.standardSeconds(3));
    letter(0, 8, 890_000);
    letter(0, 9, 890_000);
    letter(0, 10, 10);
    letter(0, 1024, 10);
    letter(0, 1030, 890_000);
    letter(0, 1031, 890_000);
    assertThat(written())
        .hasToString(
            "{0/0=[3, 4], 0/0-7=[7], 0/0-8=[8], 0/0-9=[9, 10], 0/1=[1024, 1030], 0/1-1031=[1031]}");
  }

  /** Which letters share a file depends on the letters, not on when the job came to them. */
  @Test
  void aJobThatDiedAndBeginsAnewWritesTheSameFiles() throws Exception {
    int[] lengths = {700_000, 300_000, 300_000, 20, 890_000, 20, 890_000, 500_000, 400_000, 70_000};
    TreeMap<String, List<Long>> before = new TreeMap<>();
    for (int died : new int[] {4, 7, lengths.length}) {
      for (int i = 0; i < died; i++) {
        letter(0, 2 * i, lengths[i]);
        if ((i + died) % 3 == 0) {
          after(Duration.standardSeconds(3));
        }
      }
      before = written();
      List<Long> all = new ArrayList<>();
      before.values().forEach(all::addAll);
      List<Long> expected = new ArrayList<>();
      for (long i = 0; i < died; i++) {
        expected.add(2 * i);
      }
      assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(before.keySet()).hasSize(5);
  }

  /** What a checkpoint holds of a letter. */
  @Test
  void theFormOfALetterInStateStays() throws Exception {
    DeadLetter letter = new DeadLetter("late", "why", "kafka://host/topic-1", 300L, "é", null);
    assertThat(
            HexFormat.of()
                .formatHex(CoderUtils.encodeToByteArray(RecordCoder.of(DeadLetter.class), letter)))
        .isEqualTo("25086c61746506776879286b61666b613a2f2f686f73742f746f7069632d31d8040204c3a900");
  }
}
