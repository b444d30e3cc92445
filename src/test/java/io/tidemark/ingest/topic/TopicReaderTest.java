package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.FakeTopic;
import io.tidemark.ingest.scan.StopJobException;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a reader makes of a topic that changes under it, and of checkpoints and failures. */
class TopicReaderTest {
  private static final Instant NOW = Instant.parse("2025-06-01T12:00:30Z");
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

  private final List<DeadLetter> bad = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private final List<String> inTime = new ArrayList<>();
  private FakeTopic topic = new FakeTopic(1);
  private Instant now = NOW;
  private String parameters = "";
  private TimeRange range = TimeRange.ALL;
  private int index;
  private int readers = 1;
  private TopicReader reader;

  private void begin(TopicMark mark) throws Exception {
    KafkaTopic named = KafkaTopic.of("--events", "kafka://h:1/" + FakeTopic.NAME + parameters);
    KafkaStream source =
        new KafkaStream(new TreeMap<>(), "events", null, "none", 1, index, readers);
    ModelRows own = ModelRows.of(SPEC, EventColumns.all(SPEC), Redaction.of(SPEC, null));
    TopicSettings settings =
        new TopicSettings(
            "--events",
            named,
            Fleet.one("m", new TopicSettings.OfModel(own, SPEC.window(), range)),
            "none",
            0,
            WindowSpec.micros(NOW));
    reader = new TopicReader(source, settings, mark, topic, () -> WindowSpec.micros(now));
    take(reader.start());
  }

  private void take(boolean some) {
    if (some) {
      StreamRows rows = reader.getCurrent();
      rows.bad().forEach(each -> bad.add(each.getValue()));
      rows.late()
          .forEach(
              each -> late.add(each.getValue().getSource() + "@" + each.getValue().getPosition()));
      rows.events("m")
          .forEach(each -> inTime.add(WindowSpec.instant(each.timeMicros()).toString()));
    }
  }

  /** Reads, a second at a time. */
  private void read(int seconds) throws Exception {
    for (int i = 0; i < seconds; i++) {
      now = now.plusSeconds(1);
      topic.serve();
      take(reader.advance());
      topic.serve();
      take(reader.advance());
    }
  }

  /** Through bytes, as a checkpoint goes. */
  private static TopicMark stored(TopicMark mark) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new TopicMarkCoder().encode(mark, bytes);
    return new TopicMarkCoder().decode(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private TopicMark checkpoint() throws Exception {
    TopicMark mark = reader.getCheckpointMark();
    TopicMark copy = stored(mark);
    mark.finalizeCheckpoint();
    return copy;
  }

  /** Of rows before and after what was asked for no one is told, but what is open closes. */
  @Test
  void rowsOutsideWhatWasAskedForMoveTheClockAlone() throws Exception {
    Instant from = NOW.minusSeconds(630);
    Instant to = NOW.minusSeconds(30);
    range = new TimeRange(WindowSpec.micros(from), WindowSpec.micros(to));
    parameters = "?delay=PT0S";
    begin(null);
    send(0, from.minusSeconds(1));
    send(0, from);
    send(0, to.minusSeconds(1));
    send(0, from.minusSeconds(1)); // its window is closed: it is not late, it is not asked for
    send(0, to);
    read(1);
    assertThat(inTime).containsExactly(from.toString(), to.minusSeconds(1).toString());
    assertThat(late).isEmpty();
    assertThat(bad).isEmpty();
    assertThat(watermark()).isEqualTo(to);
  }

  private void send(int partition, Instant time) {
    topic.send(partition, time, now.toEpochMilli());
  }

  private Instant watermark() {
    return Instant.ofEpochMilli(reader.getWatermark().getMillis());
  }

  /**
   * A partition falls idle, and a row comes that is too late for that: whether the job fails before
   * or after, and whenever a checkpoint was taken, what was said of the row once is said again.
   */
  @Test
  void aReplayDecidesTheSameOfRowsThatComeAfterAPause() throws Exception {
    for (boolean complete : new boolean[] {false, true}) {
      topic = new FakeTopic(1);
      now = NOW;
      late.clear();
      inTime.clear();
      begin(null);
      send(0, NOW);
      read(1);
      TopicMark first = checkpoint();
      read(60);
      assertThat(watermark()).as("nothing was decided").isEqualTo(NOW.minusSeconds(10));
      TopicMark taken = reader.getCheckpointMark();
      TopicMark second = stored(taken);
      read(1);
      assertThat(watermark()).as("nor is it yet").isEqualTo(NOW.minusSeconds(10));
      if (complete) {
        taken.finalizeCheckpoint();
        read(1);
        assertThat(watermark()).isAfter(NOW.plusSeconds(30));
      }
      send(0, NOW); // its window is closed if the pause counts
      read(1);
      List<String> saidLate = List.copyOf(late);
      List<String> saidInTime = List.copyOf(inTime);
      assertThat(saidLate).hasSize(complete ? 1 : 0);
      assertThat(saidInTime).as("held, if it is not decided").hasSize(1);

      late.clear();
      inTime.clear();
      begin(complete ? second : first);
      read(1);
      assertThat(late).isEqualTo(saidLate);
      assertThat(inTime).hasSize(complete ? 0 : 1);
    }
  }

  @Test
  void aPauseThatIsDecidedHoldsRowsBackUntilItsCheckpointIsComplete() throws Exception {
    begin(null);
    send(0, NOW);
    read(60);
    TopicMark taken = reader.getCheckpointMark();
    send(0, now);
    read(2);
    assertThat(inTime).hasSize(1);
    taken.finalizeCheckpoint();
    read(1);
    assertThat(inTime).hasSize(2);
  }

  /**
   * Of a machine that is overloaded or held, or of a step behind that takes nothing for a while.
   */
  @Test
  void aPauseOfTheReaderIsNoneOfTheTopic() throws Exception {
    begin(null);
    send(0, NOW);
    read(5);
    for (int pause = 0; pause < 3; pause++) {
      now = now.plusSeconds(120);
      read(1);
      checkpoint();
    }
    read(1);
    assertThat(watermark()).as("nothing was decided").isEqualTo(NOW.minusSeconds(10));
    for (int i = 0; i < 8; i++) {
      now = now.plusSeconds(5);
      read(1);
    }
    checkpoint();
    read(1);
    assertThat(watermark()).as("though one that is slow sees that, too").isAfter(NOW);
  }

  @Test
  void whatHasNotComeYetIsWaitedForThoughAllThatIsKnownIsRead() throws Exception {
    begin(null);
    send(0, NOW);
    read(2);
    topic.hold(0, false);
    send(0, NOW.plusSeconds(1));
    read(60);
    checkpoint();
    read(1);
    assertThat(watermark()).isEqualTo(NOW.minusSeconds(10));
    topic.release();
    read(1);
    assertThat(late).isEmpty();
    assertThat(inTime).containsExactly("" + NOW, "" + NOW.plusSeconds(1));
  }

  /** However short a pause is taken for one. */
  @Test
  void whatWaitsBehindAnotherPartitionIsNoPause() throws Exception {
    parameters = "?idle=PT2S";
    topic = new FakeTopic(2);
    begin(null);
    send(0, NOW);
    send(1, NOW);
    read(2);
    topic.hold(1, true);
    send(1, NOW.plusSeconds(1));
    for (int i = 0; i < 6; i++) {
      send(0, NOW.plusSeconds(60 * i));
      read(1);
      checkpoint();
    }
    assertThat(watermark()).isEqualTo(NOW.minusSeconds(10));
    topic.release();
    read(1);
    assertThat(late).isEmpty();
    assertThat(inTime).contains("" + NOW.plusSeconds(1));
  }

  @Test
  void aNewPartitionIsReadOnceACheckpointHoldsIt() throws Exception {
    readers = 2;
    begin(null);
    send(0, NOW);
    topic.grow(3); // the second is the other reader's, the third this one's
    send(1, NOW);
    send(2, NOW.plusSeconds(1));
    read(15);
    assertThat(inTime).hasSize(1);
    TopicMark mark = checkpoint();
    assertThat(mark.places()).containsOnlyKeys(0, 2);
    read(1);
    assertThat(inTime).containsExactly("" + NOW, "" + NOW.plusSeconds(1));

    inTime.clear();
    begin(mark);
    read(1);
    assertThat(inTime).containsExactly("" + NOW.plusSeconds(1));
  }

  @Test
  void aTopicThatIsMadeAnewStopsTheJobThoughItIsAsLong() throws Exception {
    begin(null);
    send(0, NOW);
    read(1);
    TopicMark mark = checkpoint();
    topic.makeAnew(1);
    send(0, NOW);
    send(0, NOW.plusSeconds(1));
    assertThatThrownBy(() -> begin(mark))
        .isInstanceOf(StopJobException.class)
        .hasMessageContaining(
            "kafka://h:1/t-0: the topic was deleted and made anew; what the one before held from"
                + " offset 1 on is lost")
        .hasMessageContaining("add lost=skip to the URI of --events");
  }

  @Test
  void noCheckpointHoldsRowsOfATopicThatWasMadeAnew() throws Exception {
    begin(null);
    send(0, NOW);
    read(1);
    checkpoint();
    topic.makeAnew(1);
    send(0, NOW);
    send(0, NOW.plusSeconds(1));
    read(1);
    assertThat(inTime).as("nobody knows yet").hasSize(2);
    assertThatThrownBy(() -> reader.getCheckpointMark()).isInstanceOf(StopJobException.class);
    assertThatThrownBy(() -> read(15)).isInstanceOf(StopJobException.class);
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsStartWhereThatIsAskedFor() throws Exception {
    begin(null);
    send(0, NOW);
    send(0, NOW);
    read(1);
    TopicMark mark = checkpoint();
    topic.makeAnew(1);
    parameters = "?lost=skip";
    send(0, NOW.plusSeconds(2));
    inTime.clear();
    begin(mark);
    read(1);
    assertThat(inTime).containsExactly("" + NOW.plusSeconds(2));
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).getReason()).isEqualTo("lost");
    assertThat(bad.get(0).getSource()).isEqualTo("kafka://h:1/t-0");
    assertThat(bad.get(0).getPosition()).isEqualTo(2);
    topic.send(0, Instant.EPOCH.minusSeconds(1L << 40), now.toEpochMilli()); // no row
    read(1);
    assertThat(bad.get(1).getSource()).as("another record 1").isEqualTo("kafka://h:1/t-0#1");
    checkpoint();
  }

  @Test
  void retentionThatPassesTheReaderStopsTheJobOrIsSkippedAndSaid() throws Exception {
    begin(null);
    for (int i = 0; i < 10; i++) {
      send(0, NOW.plusSeconds(i));
    }
    read(1);
    TopicMark mark = checkpoint();
    for (int i = 0; i < 10; i++) {
      send(0, NOW.plusSeconds(10 + i));
    }
    topic.deleteBefore(0, 15);
    assertThatThrownBy(
            () -> {
              begin(mark);
              read(1);
            })
        .isInstanceOf(StopJobException.class)
        .hasMessageContaining("kafka://h:1/t-0: the records of offsets 10 to 14 were deleted");
    parameters = "?lost=skip";
    inTime.clear();
    begin(mark);
    read(1);
    assertThat(inTime).hasSize(5);
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).getDetail()).startsWith("the records of offsets 10 to 14 were deleted");
    assertThat(bad.get(0).getPosition()).isEqualTo(10);
  }

  @Test
  void whatIsDeletedBeforeAnythingWasReadIsNotMissed() throws Exception {
    begin(null);
    send(0, NOW);
    send(0, NOW.plusSeconds(1));
    topic.deleteBefore(0, 1);
    read(1);
    assertThat(inTime).containsExactly("" + NOW.plusSeconds(1));
  }

  @Test
  void aTopicThatIsGoneStopsTheJob() throws Exception {
    begin(null);
    send(0, NOW);
    read(1);
    topic.delete();
    assertThatThrownBy(() -> read(60))
        .isInstanceOf(StopJobException.class)
        .hasMessageStartingWith("kafka://h:1/t: there is no such topic any more");
  }

  @Test
  void aSavepointOfAnotherTopicIsRefused() throws Exception {
    begin(null);
    TopicMark own = checkpoint();
    TopicMark other =
        TopicMark.restored("u", own.id(), 0, own.reached(), new java.util.TreeMap<>(own.places()));
    assertThatThrownBy(() -> begin(other))
        .isInstanceOf(StopJobException.class)
        .hasMessageContaining("--events: the savepoint is of a job that read topic u, not t");
  }

  @Test
  void rowsAheadHoldNobodyUpAndSendTimesInSecondsAreNotBelieved() throws Exception {
    topic = new FakeTopic(2);
    begin(null);
    for (int second = 0; second < 30; second++) {
      topic.send(0, now, now.getEpochSecond());
      send(1, now.plusSeconds(86_400));
      read(1);
      checkpoint();
    }
    assertThat(watermark()).isBetween(now.minusSeconds(15), now);
    assertThat(late).isEmpty();
  }

  /** Each time that the broker is asked there is another one. */
  @Test
  void rowsAheadWithoutAPauseHoldNobodyUp() throws Exception {
    topic = new FakeTopic(2);
    begin(null);
    for (int second = 0; second < 30; second++) {
      now = now.plusSeconds(1);
      topic.hold(1, false);
      send(0, now);
      send(1, now.plusSeconds(86_400));
      topic.serve();
      take(reader.advance()); // it looks once a second
      topic.release();
      topic.serve();
      take(reader.advance());
      checkpoint();
    }
    assertThat(watermark()).isBetween(now.minusSeconds(25), now);
    assertThat(late).isEmpty();
  }
}
