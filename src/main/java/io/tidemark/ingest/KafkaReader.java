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
 * The values of a stretch of a topic's partition, each a JSON object. A split's path is the topic's
 * URI with the partition behind its name, its bounds are offsets, and so are dead letters'
 * positions. Offsets without a record (compacted away, transaction marks) are passed over.
 */
final class KafkaReader implements EventReader {
  private static final long serialVersionUID = 1;

  private static final byte[] NONE = {};
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Without a record or a step forward for so many polls the broker is taken for gone. */
  private static final int PATIENCE = 60;

  private final EventColumns columns;
  private final JsonRows rows;

  KafkaReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.rows = new JsonRows(columns, redaction);
  }

  static String path(KafkaTopic topic, int partition) {
    String query = topic.properties().isEmpty() ? "" : "?properties=" + topic.properties();
    return topic.shown() + "-" + partition + query;
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    int query = split.path().indexOf('?');
    String shown = query < 0 ? split.path() : split.path().substring(0, query);
    int dash = shown.lastIndexOf('-');
    String uri = shown.substring(0, dash) + (query < 0 ? "" : split.path().substring(query));
    KafkaTopic topic = KafkaTopic.of("--events", uri);
    int number = Integer.parseInt(shown.substring(dash + 1));
    TopicPartition partition = new TopicPartition(topic.topic(), number);
    EventAssembler row = new EventAssembler(columns, "");
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
  static JsonRows.Bytes bytes(String source, ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? NONE : record.value();
    return new JsonRows.Bytes(source, record.offset(), value, 0, value.length, value.length);
  }

  /** Hands a record over, as an event or a dead letter. */
  static void read(
      JsonRows rows,
      JsonRows.Bytes bytes,
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
