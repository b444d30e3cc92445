package io.tidemark.ingest.scan;

import io.tidemark.ingest.format.AvroFormat;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.format.TopicSchema;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.kafka.KafkaUri;
import io.tidemark.spec.Format;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a topic holds when a run begins, as splits of its partitions. */
public final class KafkaPlan {
  /** Records a split: enough to be worth a connection. */
  private static final long RECORDS = 200_000;

  /** A guess, to deal out work by. */
  private static final long BYTES_A_RECORD = 200;

  private KafkaPlan() {}

  /**
   * @param option that gave the URI, for messages
   * @param declared format of the spec, or null: as the URI says
   * @throws InputException with a message for the user
   */
  static EventFiles of(String option, String uri, EventColumns columns, Format declared) {
    KafkaTopic topic = KafkaTopic.of(option, uri);
    if (!topic.untilLatest()) {
      throw new InputException(
          option
              + "="
              + uri
              + ": only monitor's --events follow a topic without end; add ?until=latest to read"
              + " what it holds now");
    }
    List<String> absent = check(topic, declared, columns);
    return ask(topic, consumer -> plan(topic, consumer, absent));
  }

  /**
   * Whether what the spec and the URI say of the values goes together.
   *
   * @return declared columns that the values' schema does not have; none of JSON
   * @throws InputException with a message for the user
   */
  public static List<String> check(KafkaTopic topic, Format declared, EventColumns columns) {
    TopicSchema schema = topic.schema();
    Format given = topic.format();
    if (declared != null && declared != given) {
      String form = declared.name().toLowerCase(Locale.ROOT);
      throw new InputException(
          topic.shown()
              + (schema != null
                  ? ": values with schema=FILE are Avro, and the spec says " + form
                  : declared == Format.AVRO
                      ? ": the spec says avro, and values in Avro need their schema: add"
                          + " &schema=FILE.avsc to the URI"
                      : ": values of a topic are JSON, or Avro with &schema=FILE.avsc, and the spec"
                          + " says "
                          + form)
              + "; or leave the format out of the spec, or set it to "
              + given.name().toLowerCase(Locale.ROOT));
    }
    return schema == null
        ? List.of()
        : List.copyOf(AvroFormat.absent(topic.shown(), schema.parsed(), columns));
  }

  /**
   * The topic's partitions, ascending.
   *
   * @throws InputException with a message for the user
   */
  public static List<Integer> partitions(KafkaTopic topic) {
    return ask(topic, consumer -> partitions(topic, consumer)).stream()
        .map(TopicPartition::partition)
        .toList();
  }

  private static <T> T ask(KafkaTopic topic, Function<Consumer<byte[], byte[]>, T> question) {
    try (Consumer<byte[], byte[]> consumer = topic.consumer()) {
      return question.apply(consumer);
    } catch (TimeoutException e) {
      throw new InputException(
          topic.shown() + ": no broker answers; see that it runs and what properties it asks for");
    } catch (UnknownTopicOrPartitionException e) {
      throw new InputException(topic.shown() + ": there is no such topic");
    } catch (KafkaException e) {
      Throwable root = KafkaUri.root(e);
      String why = root == e ? "" : ": " + KafkaTopic.firstLine(root);
      throw new InputException(topic.shown() + ": " + KafkaTopic.firstLine(e) + why);
    }
  }

  private static List<TopicPartition> partitions(
      KafkaTopic topic, Consumer<byte[], byte[]> consumer) {
    var found = consumer.partitionsFor(topic.topic());
    if (found == null || found.isEmpty()) {
      throw new InputException(topic.shown() + ": there is no such topic");
    }
    List<TopicPartition> partitions = new ArrayList<>();
    found.forEach(each -> partitions.add(new TopicPartition(topic.topic(), each.partition())));
    partitions.sort(Comparator.comparingInt(TopicPartition::partition));
    return partitions;
  }

  /** The topic's id: what has its name later may be another one. "": not known. */
  private static String id(KafkaTopic topic) {
    try (TopicClient client = TopicClient.of(topic)) {
      TopicClient.Topic known = client.topic(TopicClient.FIRST_ANSWER);
      return known == null ? "" : known.id();
    }
  }

  private static EventFiles plan(
      KafkaTopic topic, Consumer<byte[], byte[]> consumer, List<String> absent) {
    List<TopicPartition> partitions = partitions(topic, consumer);
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
    List<FileSplit> splits = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    String id = id(topic);
    Format format = topic.format();
    if (topic.schema() != null) {
      names.append(topic.schema().json()).append('\n');
    }
    long records = 0;
    for (TopicPartition partition : partitions) {
      long first = begin.get(partition);
      long last = end.get(partition);
      records += last - first;
      names.append(partition).append(' ').append(first).append(' ').append(last).append('\n');
      String path = KafkaReader.path(topic, partition.partition());
      for (long start = first; start < last; start += RECORDS) {
        long stop = Math.min(last, start + RECORDS);
        long weight = (stop - start) * BYTES_A_RECORD;
        splits.add(new FileSplit(path, format, false, start, stop, weight, topic, id));
      }
    }
    String hash = ContentHash.of(names.toString().getBytes(StandardCharsets.UTF_8));
    return new EventFiles(
        List.copyOf(splits),
        partitions.size(),
        records * BYTES_A_RECORD,
        -1,
        hash,
        absent,
        List.of());
  }
}
