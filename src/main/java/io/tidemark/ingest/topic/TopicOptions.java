package io.tidemark.ingest.topic;

import java.util.Map;
import org.apache.beam.sdk.options.Hidden;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * How the topics of a job are read. A job that goes on from a savepoint takes its sources out of
 * it, but its options from the command that starts it: so what a command says of topics travels
 * here. Nothing that is secret does.
 */
public interface TopicOptions extends PipelineOptions {
  /** {@link TopicSettings} as text, by the source's name; null: no topic is followed. */
  @Hidden
  Map<String, String> getFollowedTopics();

  void setFollowedTopics(Map<String, String> topics);
}
