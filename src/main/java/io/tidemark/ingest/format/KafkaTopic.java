package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.Envelope;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RecordTakers;
import io.tidemark.kafka.ClientFailure;
import io.tidemark.kafka.KafkaUri;
import io.tidemark.spec.Format;
import java.io.Serializable;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic as a URI names it: {@code kafka://host:port[,host:port]/topic?until=latest}.
 *
 * @param servers the brokers to ask first
 * @param properties a file of Kafka client properties, for TLS and SASL; "": none. Each worker
 *     reads it for itself, so that what it holds is on no command line and in no job
 * @param schema of values that are Avro's; null: they are JSON objects
 * @param untilLatest read what the topic holds when the run begins
 * @param delay by which rows may be out of order in a partition without being late
 * @param idle how long a partition that was read to its end is quiet before it holds nobody up, or
 *     null: as {@code ClockPace} has it
 * @param skipLost whether to go on without records that went away before they were read
 */
public record KafkaTopic(
    String servers,
    String topic,
    String properties,
    TopicSchema schema,
    boolean untilLatest,
    Duration delay,
    Duration idle,
    boolean skipLost)
    implements Serializable {
  private static final KafkaUri.Form FORM =
      new KafkaUri.Form(
          "give kafka://host:port/topic?until=latest, with &properties=FILE for TLS and SASL and"
              + " &schema=FILE for values in Avro",
          Set.of("until", "properties", "schema", "schema-id", "delay", "idle", "lost"),
          "until=latest, properties=FILE, schema=FILE, schema-id=any, delay=PT10S, idle=PT10S,"
              + " lost=skip");
  private static final KafkaUri.Form WRITTEN =
      new KafkaUri.Form(
          "give kafka://host:port/topic, with ?properties=FILE for TLS and SASL",
          Set.of("properties"),
          "properties=FILE, which is what goes with a topic that is written to");
  private static final String DELAY = "PT10S";

  /** How long a broker may take to answer. */
  private static final int TIMEOUT_MILLIS = 20_000;

  public static boolean isOne(String uri) {
    return KafkaUri.isOne(uri);
  }

  /**
   * Reads the schema, if one is given: what reads the topic later, and elsewhere, has it.
   *
   * @param option that gave the URI, for messages
   * @throws InputException with a message for the user
   */
  public static KafkaTopic of(String option, String uri) {
    return of(option, uri, FORM);
  }

  /**
   * A topic to write to.
   *
   * @param option that gave the URI, for messages
   * @throws InputException with a message for the user
   */
  public static KafkaTopic written(String option, String uri) {
    return of(option, uri, WRITTEN);
  }

  private static KafkaTopic of(String option, String uri, KafkaUri.Form form) {
    KafkaUri parts = understood(() -> KafkaUri.of(option, uri, form));
    Map<String, String> given = parts.parameters();
    boolean untilLatest = said(option, uri, given, "until", "latest");
    return new KafkaTopic(
        parts.servers(),
        parts.topic(),
        given.getOrDefault("properties", ""),
        TopicSchema.of(option + "=" + uri, given.get("schema"), given.get("schema-id")),
        untilLatest,
        duration(option, uri, "delay", given.getOrDefault("delay", DELAY)),
        given.containsKey("idle") ? duration(option, uri, "idle", given.get("idle")) : null,
        said(option, uri, given, "lost", "skip"));
  }

  /** Whether a parameter is there; it can have one value only. */
  private static boolean said(
      String option, String uri, Map<String, String> given, String name, String value) {
    String text = given.get(name);
    if (text != null && !text.equals(value)) {
      throw new InputException(
          option + "=" + uri + ": " + name + "=" + text + " must be " + name + "=" + value);
    }
    return text != null;
  }

  private static Duration duration(String option, String uri, String name, String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw new InputException(
        option + "=" + uri + ": " + name + " must be a duration such as PT10S");
  }

  private static <T> T understood(Supplier<T> part) {
    try {
      return part.get();
    } catch (KafkaUri.UnusableException e) {
      throw new InputException(e.getMessage());
    }
  }

  /** As dead letters and messages name it: without parameters. */
  public String shown() {
    return KafkaUri.SCHEME + servers + "/" + topic;
  }

  /** What the values are. */
  public Format format() {
    return schema == null ? Format.JSONL : Format.AVRO;
  }

  /** What reads values of the topic, for one thread. */
  public RecordRows rows(EventColumns columns, Redaction redaction) {
    return FormatReaders.of(format()).decoder(columns, redaction, schema);
  }

  /** What hands values of the topic to those who want them, for one thread. */
  public RecordTakers takers(Audience audience) {
    return new RecordTakers(Envelope.NONE, audience, "", this::rows);
  }

  /**
   * A consumer that is in no group and commits nothing.
   *
   * @throws InputException if the properties cannot be used
   */
  public Consumer<byte[], byte[]> consumer() {
    Properties client = understood(() -> KafkaUri.client(shown(), properties));
    client.put("bootstrap.servers", servers);
    client.put("key.deserializer", ByteArrayDeserializer.class.getName());
    client.put("value.deserializer", ByteArrayDeserializer.class.getName());
    client.put("enable.auto.commit", "false");
    client.put("auto.offset.reset", "none");
    client.putIfAbsent("isolation.level", "read_committed");
    client.putIfAbsent("default.api.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    client.putIfAbsent("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS / 2));
    client.putIfAbsent("allow.auto.create.topics", "false");
    client.putIfAbsent("max.poll.records", "2000");
    try {
      return new KafkaConsumer<>(client);
    } catch (RuntimeException | LinkageError e) {
      throw new InputException(shown() + ": no client can be made: " + ClientFailure.of(e, client));
    }
  }

  /**
   * Asks brokers of the topic itself.
   *
   * @throws InputException if the properties cannot be used
   */
  public Admin admin() {
    Properties client = understood(() -> KafkaUri.client(shown(), properties));
    client.put("bootstrap.servers", servers);
    client.putIfAbsent("default.api.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    client.putIfAbsent("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS / 2));
    try {
      return Admin.create(client);
    } catch (RuntimeException | LinkageError e) {
      throw new InputException(shown() + ": no client can be made: " + ClientFailure.of(e, client));
    }
  }

  /**
   * A producer that waits for all replicas.
   *
   * @throws InputException if the properties cannot be used
   */
  public Producer<byte[], byte[]> producer() {
    Properties client = understood(() -> KafkaUri.client(shown(), properties));
    client.put("bootstrap.servers", servers);
    client.put("key.serializer", ByteArraySerializer.class.getName());
    client.put("value.serializer", ByteArraySerializer.class.getName());
    client.remove("transactional.id"); // each letter stands for itself
    client.put("acks", "all");
    // A letter that is there twice is one. With numbers a topic that was just made can refuse, for
    // ever, what follows a record that came before its partition had a leader.
    client.putIfAbsent("enable.idempotence", "false");
    client.putIfAbsent("max.block.ms", Integer.toString(TIMEOUT_MILLIS));
    try {
      return new KafkaProducer<>(client);
    } catch (RuntimeException | LinkageError e) {
      throw new InputException(shown() + ": no client can be made: " + ClientFailure.of(e, client));
    }
  }

  public static String firstLine(Throwable e) {
    return KafkaUri.firstLine(e);
  }
}
