package io.tidemark.ingest.scan;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A topic in memory, of which records, the first offset and the id may change. */
public final class FakeTopic implements TopicClient {
  public static final String NAME = "t";

  private final TreeMap<Integer, Map<Long, ConsumerRecord<byte[], byte[]>>> records =
      new TreeMap<>();
  private final TreeMap<Integer, Long> begins = new TreeMap<>();
  private final TreeMap<Integer, Long> ends = new TreeMap<>();
  private String id = "first";
  private MockConsumer<byte[], byte[]> consumer;
  private boolean self;
  private final TreeMap<Integer, Boolean> held = new TreeMap<>();

  public FakeTopic(int partitions) {
    grow(partitions);
  }

  public void grow(int partitions) {
    for (int each = records.size(); each < partitions; each++) {
      records.put(each, new HashMap<>());
      begins.put(each, 0L);
      ends.put(each, 0L);
    }
  }

  /** Deletes it, and makes another one of its name. */
  public void makeAnew(int partitions) {
    records.clear();
    begins.clear();
    ends.clear();
    id += "'";
    grow(partitions);
  }

  public void delete() {
    records.clear();
  }

  public void send(int partition, Instant time, long stampMillis) {
    send(partition, "{\"at\": \"" + time + "\", \"p\": 0.5, \"n\": 1}", stampMillis);
  }

  public void send(int partition, String json, long stampMillis) {
    long offset = ends.merge(partition, 1L, Long::sum) - 1;
    byte[] value = json.getBytes(StandardCharsets.UTF_8);
    records
        .get(partition)
        .put(
            offset,
            new ConsumerRecord<>(
                NAME,
                partition,
                offset,
                stampMillis,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                null,
                value,
                new RecordHeaders(),
                Optional.empty()));
  }

  /** Retention. */
  public void deleteBefore(int partition, long offset) {
    begins.put(partition, offset);
    records.get(partition).keySet().removeIf(each -> each < offset);
  }

  /** Hands a consumer all there is with each poll. */
  void serveWhatIsAssigned() {
    self = true;
  }

  /**
   * Holds back what is sent to a partition from now on.
   *
   * @param known whether the consumer knows that there is some
   */
  public void hold(int partition, boolean known) {
    held.put(partition, known);
  }

  public void release() {
    held.clear();
  }

  /** Hands the consumer what there is for it to read. */
  public void serve() {
    Map<TopicPartition, Long> first = new HashMap<>();
    Map<TopicPartition, Long> last = new HashMap<>();
    begins.forEach((each, offset) -> first.put(new TopicPartition(NAME, each), offset));
    ends.forEach((each, offset) -> last.put(new TopicPartition(NAME, each), offset));
    consumer.updateBeginningOffsets(first);
    consumer.updateEndOffsets(last);
    for (TopicPartition each : consumer.assignment()) {
      if (!held.containsKey(each.partition())
          && !consumer.paused().contains(each)
          && records.containsKey(each.partition())) {
        records.get(each.partition()).entrySet().stream()
            .filter(record -> record.getKey() >= consumer.position(each))
            .sorted(Map.Entry.comparingByKey())
            .forEach(record -> consumer.addRecord(record.getValue()));
      }
    }
  }

  @Override
  public Consumer<byte[], byte[]> consumer() {
    consumer =
        new MockConsumer<>(OffsetResetStrategy.NONE) {
          @Override
          public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            if (self) {
              serve();
            }
            return super.poll(timeout);
          }

          @Override
          public synchronized OptionalLong currentLag(TopicPartition partition) {
            return held.getOrDefault(partition.partition(), true)
                ? super.currentLag(partition)
                : OptionalLong.of(0);
          }
        };
    serve();
    return consumer;
  }

  @Override
  public CompletableFuture<Topic> topic() {
    return CompletableFuture.completedFuture(
        records.isEmpty() ? Topic.NONE : new Topic(id, records.size()));
  }

  @Override
  public void close() {}
}
