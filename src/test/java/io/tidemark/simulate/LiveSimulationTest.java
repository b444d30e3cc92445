package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log sent line by line by a clock that only sleeping moves. */
class LiveSimulationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long BEGIN = WindowSpec.micros(Instant.parse("2031-05-06T07:08:10Z"));
  private static final SimulationOptions OPTIONS = SimulationOptions.of(2400, 5);

  @TempDir Path folder;

  /** A line and when it was sent. */
  private record Sent(long at, String line) {
    /** Microseconds since the epoch; -1 where the line has no time that can be read. */
    long time(String column) {
      try {
        return WindowSpec.micros(Instant.parse(JSON.readTree(line).get(column).asText()));
      } catch (Exception e) {
        return -1;
      }
    }
  }

  private static final class ByHand implements LiveSimulation.Clock {
    private long now = BEGIN;

    @Override
    public long now() {
      return now;
    }

    @Override
    public void sleepUntil(long micros) {
      assertThat(micros).isGreaterThan(now);
      now = micros;
    }
  }

  private static LiveSimulation.Lines into(List<Sent> lines, LiveSimulation.Clock clock) {
    return new LiveSimulation.Lines() {
      @Override
      public void send(byte[] line) {
        lines.add(new Sent(clock.now(), new String(line, StandardCharsets.UTF_8)));
      }

      @Override
      public void flush() {}
    };
  }

  private static MonitoringSpec spec() throws Exception {
    return SpecReader.read(
        "pipelines/loan-live.yaml", Files.readString(Path.of("pipelines/loan-live.yaml")));
  }

  private static List<String> lines(Path file) throws Exception {
    return Files.readAllLines(file);
  }

  @Test
  void sendsTheEventsAndLabelsOfTheLogWhenTheirTimeComes() throws Exception {
    List<Sent> events = new ArrayList<>();
    List<Sent> labels = new ArrayList<>();
    ByHand clock = new ByHand();
    LiveSimulation live =
        LiveSimulation.of(spec(), OPTIONS, into(events, clock), into(labels, clock), clock);
    live.writeTruth(folder.resolve("live").toString());
    live.run();

    // 12 windows of 15 seconds from the one that holds the present.
    assertThat(live.end()).isEqualTo(Instant.parse("2031-05-06T07:11:00Z"));
    long first = WindowSpec.micros(Instant.parse("2031-05-06T07:08:00Z"));
    for (Sent event : events) {
      long time = event.time("timestamp");
      if (time >= 0) {
        assertThat(time).isGreaterThanOrEqualTo(first);
        assertThat(event.at).isEqualTo(Math.max(time, BEGIN));
      }
    }
    assertThat(labels).isNotEmpty();
    for (Sent label : labels) {
      assertThat(label.at).isEqualTo(Math.max(label.time("known_at"), BEGIN));
    }

    Path plain = folder.resolve("plain");
    Simulator.simulate(spec(), OPTIONS, plain.toString(), 1, more -> {});
    String time = "\"(timestamp|known_at)\":\"2[0-9TZ.:-]*\"";
    assertThat(events)
        .extracting(sent -> sent.line.replaceAll(time, ""))
        .containsExactlyElementsOf(
            lines(plain.resolve("events/part-00000.jsonl")).stream()
                .map(line -> line.replaceAll(time, ""))
                .toList());
    assertThat(labels)
        .extracting(sent -> sent.line.replaceAll(time, ""))
        .containsExactlyInAnyOrderElementsOf(
            lines(plain.resolve("labels/part-00000.jsonl")).stream()
                .map(line -> line.replaceAll(time, ""))
                .toList());
    JsonNode planted = JSON.readTree(folder.resolve("live/truth.json").toFile());
    JsonNode expected = JSON.readTree(plain.resolve("truth.json").toFile());
    assertThat(planted.get("reference")).isEqualTo(expected.get("reference"));
    assertThat(planted.get("expected_rows")).isEqualTo(expected.get("expected_rows"));
    assertThat(planted.get("events").get("from").asText()).isEqualTo("2031-05-06T07:08:00Z");
  }

  @Test
  void aTopicIsNamedByAUri() {
    assertThatThrownBy(() -> LiveTopic.of("--live", "localhost:9092"))
        .isInstanceOf(SimulationException.class)
        .hasMessageStartingWith("--live=localhost:9092: give kafka://host:port/topic");
    assertThatThrownBy(() -> LiveTopic.of("--live", "kafka://no.such.host.invalid:9092/events"))
        .isInstanceOf(SimulationException.class)
        .hasMessageContaining("kafka://no.such.host.invalid:9092/events: ");
  }
}
