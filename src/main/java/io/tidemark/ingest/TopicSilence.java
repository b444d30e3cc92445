package io.tidemark.ingest;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether nothing to read says something. A broker that is away leaves a consumer believing that it
 * has read everything. And nobody knows from when the rows of a topic will be that has never had
 * any, in no partition: if time went on with the wall clock, those of a log that is sent to it
 * would all be late. Labels come later than rows, and what is estimated does not wait for the first
 * of them for long.
 *
 * @param topic its name
 * @param labels whether it is one of labels
 * @param begun wall clock when reading began
 */
record TopicSilence(String topic, boolean labels, long begun) {
  /** How long the first label of a new topic is waited for. */
  private static final long FIRST_LABEL_MICROS = 60_000_000L;

  /**
   * @param quiet partitions that have been read to their ends, as far as the consumer knows
   */
  boolean means(
      Consumer<byte[], byte[]> consumer, TopicClock clock, List<TopicPartition> quiet, long now) {
    try {
      if (clock.hadRows()) {
        consumer.endOffsets(quiet, TopicClient.ANSWER);
        return true;
      }
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo each : consumer.partitionsFor(topic, TopicClient.ANSWER)) {
        all.add(new TopicPartition(each.topic(), each.partition()));
      }
      boolean had =
          consumer.endOffsets(all, TopicClient.ANSWER).values().stream().anyMatch(end -> end > 0);
      return had || (labels && now - begun >= FIRST_LABEL_MICROS);
    } catch (KafkaException e) {
      return false;
    }
  }
}
