package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.InputException;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run over what a topic holds makes of a topic that changes under it. */
class KafkaReaderTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {time: at, prediction: {score: p, positive: 1}}
          features: {n: numeric}
          window: {size: PT1M}
          """);

  private final FakeTopic topic = new FakeTopic(1);
  private final List<InferenceEvent> rows = new ArrayList<>();
  private final List<DeadLetter> bad = new ArrayList<>();

  private void read(String parameters) throws Exception {
    KafkaTopic named = KafkaTopic.of("--events", "kafka://h:1/t?until=latest" + parameters);
    FileSplit split =
        new FileSplit("kafka://h:1/t-0", Format.JSONL, false, 2, 10, 1, named, "first");
    EventSink sink =
        new EventSink() {
          @Override
          public void event(InferenceEvent event) {
            rows.add(event);
          }

          @Override
          public void bad(DeadLetter letter) {
            bad.add(letter);
          }
        };
    topic.serveWhatIsAssigned();
    Audience audience = Audience.of(EventColumns.all(SPEC), Redaction.of(SPEC, null), sink);
    KafkaReader.read(split, topic, audience);
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      topic.send(0, Instant.EPOCH.plusSeconds(i), 0);
    }
  }

  @Test
  void readsTheSplit() throws Exception {
    send(12);
    read("");
    assertThat(rows).hasSize(8);
  }

  @Test
  void whatRetentionTookIsSaidOrSkipped() throws Exception {
    send(12);
    topic.deleteBefore(0, 5);
    assertThatThrownBy(() -> read(""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("kafka://h:1/t-0: the records of offsets 2 to 4 were deleted before")
        .hasMessageContaining("Run again, or add lost=skip");
    read("&lost=skip");
    assertThat(rows).hasSize(5);
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).getReason()).isEqualTo("lost");
    assertThat(bad.get(0).getPosition()).isEqualTo(2);
  }

  @Test
  void aTopicThatIsMadeAnewMeanwhileEndsTheRun() {
    topic.makeAnew(1);
    send(12);
    assertThatThrownBy(() -> read("&lost=skip"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "kafka://h:1/t: the topic was deleted and made anew while it was read; run again");
  }
}
