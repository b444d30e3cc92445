package io.tidemark.ingest;

import io.tidemark.event.Redaction;
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
final class KafkaReader implements EventReader {
  private static final long serialVersionUID = 1;

  private static final byte[] NONE = {};
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Without a record or a step forward for so many polls the broker is taken for gone. */
  private static final int PATIENCE = 60;

  private final EventColumns columns;
  private final Redaction redaction;

  KafkaReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.redaction = redaction;
  }

  static String path(KafkaTopic topic, int partition) {
    return topic.shown() + "-" + partition;
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    try (TopicClient client = TopicClient.of(split.topic())) {
      read(split, client, sink);
    } catch (KafkaException e) {
      throw new IOException(split.path() + ": " + KafkaTopic.firstLine(e), e);
    }
  }

  void read(FileSplit split, TopicClient client, EventSink sink) throws IOException {
    KafkaTopic topic = split.topic();
    String shown = split.path();
    int number = Integer.parseInt(shown.substring(shown.lastIndexOf('-') + 1));
    TopicPartition partition = new TopicPartition(topic.topic(), number);
    EventAssembler row = new EventAssembler(columns, "");
    RecordRows rows = topic.rows(columns, redaction);
    try (Consumer<byte[], byte[]> consumer = client.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, split.start());
      int idle = 0;
      for (long at = split.start(); at < split.end(); ) {
        try {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
            if (record.offset() < split.end()) {
              read(rows, bytes(shown, record), record, row, sink);
            }
          }
        } catch (OffsetOutOfRangeException e) {
          checkSame(split, client);
          LostRecords gap = lost(split, at, consumer.beginningOffsets(List.of(partition)));
          if (!topic.skipLost()) {
            throw gap.end();
          }
          sink.bad(gap.letter());
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

  /** A record's value as a row, and where it stands. */
  static RecordRows.Bytes bytes(String source, ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? NONE : record.value();
    return new RecordRows.Bytes(source, record.offset(), value, 0, value.length, value.length);
  }

  /** Hands a record over, as an event or a dead letter. */
  static void read(
      RecordRows rows,
      RecordRows.Bytes bytes,
      ConsumerRecord<byte[], byte[]> record,
      EventAssembler row,
      EventSink sink) {
    if (record.value() == null) {
      sink.bad(rows.letter(bytes, "no_value", "the record has a key and no value"));
    } else {
      rows.read(bytes, row, sink);
    }
  }
}
