package io.tidemark.ingest.topic;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.StopJobException;
import io.tidemark.spec.WindowSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * How a job reads a topic, and for which models: what the command and specs say, and no state.
 *
 * @param option that named the topic
 * @param models whose rows it holds, or labels
 * @param keyName tells the key of masked columns; each source has the key itself
 * @param disorder of labels at most; 0: events
 * @param submitted wall clock when the job was made, which replays know too
 */
public record TopicSettings(
    String option,
    KafkaTopic topic,
    Fleet<OfModel> models,
    String keyName,
    long disorder,
    long submitted)
    implements Serializable {

  /**
   * What is read for a model.
   *
   * @param rows without the key of what is masked
   * @param window of events; null: labels
   * @param range event times that are asked for: other rows move the clock and nothing else
   */
  public record OfModel(ModelRows rows, WindowSpec window, TimeRange range)
      implements Serializable {
    private OfModel withKey(byte[] key) {
      return new OfModel(rows.with(rows.redaction().withKey(key)), window, range);
    }

    /** How long rows may come after their window's end; 0 of labels. */
    long lateness() {
      return window == null ? 0 : window.allowedLateness().toNanos() / 1000;
    }
  }

  ClockPace pace() {
    return ClockPace.of(topic, disorder);
  }

  /** Whether it is a topic of labels. */
  boolean ofLabels() {
    return models.any(each -> each.window() == null);
  }

  /** The same with the key of what is masked. */
  TopicSettings withKey(byte[] key) {
    return new TopicSettings(
        option, topic, models.map(each -> each.withKey(key)), keyName, disorder, submitted);
  }

  /** Sends them along with a job. */
  void putInto(PipelineOptions options, String source) {
    TopicOptions topics = options.as(TopicOptions.class);
    Map<String, String> all = new TreeMap<>();
    if (topics.getFollowedTopics() != null) {
      all.putAll(topics.getFollowedTopics());
    }
    all.put(source, text());
    topics.setFollowedTopics(all);
  }

  /**
   * Those of the job that runs.
   *
   * @throws StopJobException if the job does not have the source
   */
  static TopicSettings outOf(PipelineOptions options, String source) {
    Map<String, String> all = options.as(TopicOptions.class).getFollowedTopics();
    String text = all == null ? null : all.get(source);
    if (text == null) {
      throw new StopJobException(
          "the savepoint has the source " + source + ", which this job does not have");
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      return (TopicSettings) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
