package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.scan.StopJobException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** What savepoints hold of a source, and what the job brings. */
class TopicMarkTest {
  private static final String FORM_1 =
      "01"
          + "000174"
          + "00026964"
          + "00000002"
          + "0000000000000005"
          + "00000001"
          + "00000003"
          + "000000000000000a"
          + "0000000000000001"
          + "0000000000000002"
          + "0000000000000003"
          + "00000004"
          + "0000000000000006";

  private static TopicMark mark() {
    TreeMap<Integer, TopicMark.Place> places = new TreeMap<>();
    places.put(3, new TopicMark.Place(10, new PartitionWatermark.State(1, 2, 3, 4, 6)));
    return TopicMark.restored("t", "id", 2, 5, places);
  }

  @Test
  void isStoredInBytesThatLaterReleasesRead() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new TopicMarkCoder().encode(mark(), bytes);
    assertThat(HexFormat.of().formatHex(bytes.toByteArray())).isEqualTo(FORM_1);
    byte[] stored = HexFormat.of().parseHex(FORM_1);
    TopicMark read = new TopicMarkCoder().decode(new ByteArrayInputStream(stored));
    assertThat(read.places()).isEqualTo(mark().places());
    assertThat(read).usingRecursiveComparison().ignoringFields("complete").isEqualTo(mark());
  }

  @Test
  void howATopicIsReadTheJobBringsInItsOptions() {
    PipelineOptions options = PipelineOptionsFactory.create();
    KafkaTopic topic = KafkaTopic.of("--events", "kafka://h:1/t?idle=PT7S");
    TopicSettings settings = new TopicSettings("--events", topic, Fleet.of(Map.of()), "none", 9, 8);
    settings.putInto(options, "m/events");
    new TopicSettings("--labels", topic, Fleet.of(Map.of()), "none", 1, 2)
        .putInto(options, "m/labels");
    assertThat(TopicSettings.outOf(options, "m/events")).isEqualTo(settings);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> TopicSettings.outOf(options, "other/events"))
        .isInstanceOf(StopJobException.class);
  }
}
