package io.tidemark.ingest.topic;

import io.tidemark.ingest.scan.TopicClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether nothing to read says something. A consumer that a broker's answer has not reached,
 * because the broker is away or this process stood still, believes that it has read everything. And
 * nobody knows from when the rows of a topic will be that has never had any, in no partition: if
 * time went on with the wall clock, those of a log that is sent to it would all be late. Labels
 * come later than rows, and what is estimated does not wait for the first of them for long.
 *
 * @param topic its name
 * @param labels whether it is one of labels
 * @param begun wall clock when reading began
 */
record TopicSilence(String topic, boolean labels, long begun) {
  /** How long the first label of a new topic is waited for. */
  private static final long FIRST_LABEL_MICROS = 60_000_000L;

  /**
   * Those of which the broker says that they have been read to their ends.
   *
   * @param quiet partitions of which the consumer believes it
   */
  Set<TopicPartition> among(
      Consumer<byte[], byte[]> consumer, TopicClock clock, List<TopicPartition> quiet, long now) {
    try {
      List<TopicPartition> asked = clock.hadRows() ? quiet : all(consumer);
      Map<TopicPartition, Long> ends = consumer.endOffsets(asked, TopicClient.ANSWER);
      boolean begins = labels && now - begun >= FIRST_LABEL_MICROS;
      if (!clock.hadRows() && !begins && ends.values().stream().allMatch(end -> end == 0)) {
        return Set.of();
      }
      Set<TopicPartition> silent = new HashSet<>();
      for (TopicPartition each : quiet) {
        Long end = ends.get(each);
        if (end != null && consumer.position(each, TopicClient.ANSWER) >= end) {
          silent.add(each);
        }
      }
      return silent;
    } catch (KafkaException e) {
      return Set.of();
    }
  }

  private List<TopicPartition> all(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> all = new ArrayList<>();
    for (PartitionInfo each : consumer.partitionsFor(topic, TopicClient.ANSWER)) {
      all.add(new TopicPartition(each.topic(), each.partition()));
    }
    return all;
  }
}
