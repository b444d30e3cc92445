package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamLettersTest {
  @TempDir Path output;

  private TestStream.Builder<DeadLetter> stream =
      TestStream.create(RecordCoder.of(DeadLetter.class));

  private void letter(int partition, long offset) {
    stream =
        stream.addElements(
            new DeadLetter(
                "malformed", "why", "kafka://host/topic-" + partition, offset, "x", null));
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
        .apply(StreamLetters.to(output.toString(), "dead-letters").of("m"));
    pipeline.run().waitUntilFinish();
    TreeMap<String, List<Long>> offsets = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve("dead-letters"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(name).startsWith("m-topic-");
        List<Long> own = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          own.add(Long.parseLong(line.replaceFirst(".*\"position\":(\\d+).*", "$1")));
        }
        offsets.put(name.replaceFirst("m-topic-(\\d)-.*-(\\d+).jsonl", "$1/$2"), own);
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
}
