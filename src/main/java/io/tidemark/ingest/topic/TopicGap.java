package io.tidemark.ingest.topic;

import io.tidemark.ingest.scan.LostRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What a broker does not have where a partition was to be read on.
 *
 * @param at where that was
 * @param next where it can be read on
 */
record TopicGap(TopicPartition partition, long at, long next) {

  /**
   * @param offsets where each partition was to be read on
   * @throws KafkaException if brokers do not say what they have
   */
  static List<TopicGap> of(
      OffsetOutOfRangeException thrown,
      Consumer<byte[], byte[]> consumer,
      Map<Integer, Long> offsets) {
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(thrown.partitions());
    Map<TopicPartition, Long> end = consumer.endOffsets(thrown.partitions());
    List<TopicGap> gaps = new ArrayList<>();
    for (TopicPartition each : thrown.partitions()) {
      long at = offsets.get(each.partition());
      long next = Math.max(begin.get(each), Math.min(end.get(each), at));
      if (thrown instanceof LogTruncationException cut
          && cut.divergentOffsets().get(each) != null) {
        next = Math.min(next, cut.divergentOffsets().get(each).offset());
      }
      gaps.add(new TopicGap(each, at, next));
    }
    return gaps;
  }

  boolean isDeleted() {
    return next > at;
  }

  /**
   * What is lost by it.
   *
   * @param name of the partition, as dead letters have it
   * @return null: nothing, the broker has it after all
   */
  LostRecords records(String name) {
    if (next == at) {
      return null;
    }
    return isDeleted() ? LostRecords.deleted(name, at, next) : LostRecords.cutOff(name, at, next);
  }
}
