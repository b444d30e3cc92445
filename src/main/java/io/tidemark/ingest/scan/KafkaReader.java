package io.tidemark.ingest.scan;

import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RecordTakers;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The values of a stretch of a topic's partition, each a row. A split's bounds are offsets, and so
 * are dead letters' positions. Offsets without a record (compacted away, transaction marks) are
 * passed over.
 */
public final class KafkaReader {

  private static final byte[] NONE = {};
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Without a record or a step forward for so many polls the broker is taken for gone. */
  private static final int PATIENCE = 60;

  private KafkaReader() {}

  static String path(KafkaTopic topic, int partition) {
    return topic.shown() + "-" + partition;
  }

  static void read(FileSplit split, Audience audience) throws IOException {
    try (TopicClient client = TopicClient.of(split.topic())) {
      read(split, client, audience);
    } catch (KafkaException e) {
      throw new IOException(split.path() + ": " + KafkaTopic.firstLine(e), e);
    }
  }

  static void read(FileSplit split, TopicClient client, Audience audience) throws IOException {
    KafkaTopic topic = split.topic();
    String shown = split.path();
    int number = Integer.parseInt(shown.substring(shown.lastIndexOf('-') + 1));
    TopicPartition partition = new TopicPartition(topic.topic(), number);
    RecordTakers takers = topic.takers(audience);
    try (Consumer<byte[], byte[]> consumer = client.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, split.start());
      int idle = 0;
      for (long at = split.start(); at < split.end(); ) {
        try {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
            if (record.offset() < split.end()) {
              hand(takers, bytes(shown, record), record);
            }
          }
        } catch (OffsetOutOfRangeException e) {
          checkSame(split, client);
          LostRecords gap = lost(split, at, consumer.beginningOffsets(List.of(partition)));
          if (!topic.skipLost()) {
            throw gap.end();
          }
          lost(gap.letter(), audience);
          consumer.seek(partition, at + gap.count());
        }
        long now = consumer.position(partition);
        idle = now > at ? 0 : idle + 1;
        at = now;
        if (idle >= PATIENCE) {
          checkSame(split, client);
          throw new IOException(shown + ": no record for " + PATIENCE + " s at offset " + at);
        }
      }
      checkSame(split, client);
    }
  }

  /** Records that are gone are nobody's, where rows are each one's own. */
  private static void lost(DeadLetter letter, Audience audience) {
    if (audience.takesAll()) {
      for (Audience.Taker each : audience.takers()) {
        each.sink().bad(DeadLetter.newBuilder(letter).build());
      }
    } else {
      audience.others().unreadable(letter);
    }
  }

  /** What is not there of a split, from an offset on. */
  private static LostRecords lost(FileSplit split, long at, Map<TopicPartition, Long> begins) {
    long begin = begins.values().iterator().next();
    // Or it ends before: another topic, of a broker that gives topics no ids.
    long next = begin > at ? Math.min(begin, split.end()) : split.end();
    return LostRecords.deleted(split.path(), at, next);
  }

  /**
   * @throws InputException if the topic is another one than the run was planned for
   */
  private static void checkSame(FileSplit split, TopicClient client) {
    TopicClient.Topic topic = client.topic(TopicClient.FIRST_ANSWER);
    if (topic != null && topic.partitions() == 0) {
      throw new InputException(
          split.topic().shown() + ": the topic was deleted while it was read; run again");
    }
    boolean told = topic != null && !topic.id().isEmpty() && !split.topicId().isEmpty();
    if (told && !topic.id().equals(split.topicId())) {
      throw new InputException(
          split.topic().shown()
              + ": the topic was deleted and made anew while it was read; run again");
    }
  }

  /** Hands a record over. */
  public static void hand(
      RecordTakers takers, RecordRows.Bytes bytes, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      takers.unreadable(bytes, "no_value", "the record has a key and no value");
    } else {
      takers.read(bytes);
    }
  }

  /** A record's value as a row, and where it stands. */
  public static RecordRows.Bytes bytes(String source, ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? NONE : record.value();
    return new RecordRows.Bytes(source, record.offset(), value, 0, value.length, value.length);
  }
}
