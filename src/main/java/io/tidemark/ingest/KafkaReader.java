package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    KafkaTopic topic = split.topic();
    String shown = split.path();
    int number = Integer.parseInt(shown.substring(shown.lastIndexOf('-') + 1));
    TopicPartition partition = new TopicPartition(topic.topic(), number);
    EventAssembler row = new EventAssembler(columns, "");
    RecordRows rows = topic.rows(columns, redaction);
    try (Consumer<byte[], byte[]> consumer = topic.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, split.start());
      int idle = 0;
      for (long at = split.start(); at < split.end(); ) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
          if (record.offset() < split.end()) {
            read(rows, bytes(shown, record), record, row, sink);
          }
        }
        long now = consumer.position(partition);
        idle = now > at ? 0 : idle + 1;
        at = now;
        if (idle >= PATIENCE) {
          throw new IOException(shown + ": no record for " + PATIENCE + " s at offset " + at);
        }
      }
    } catch (OffsetOutOfRangeException e) {
      throw new InputException(
          shown
              + ": records from offset "
              + split.start()
              + " on were deleted while the run began; run again");
    } catch (KafkaException e) {
      throw new IOException(shown + ": " + KafkaTopic.firstLine(e), e);
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
