package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
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
 */
record KafkaTopic(
    String servers,
    String topic,
    String properties,
    TopicSchema schema,
    boolean untilLatest,
    Duration delay)
    implements Serializable {
  static final String SCHEME = "kafka://";

  private static final String FORM =
      "give kafka://host:port/topic?until=latest, with &properties=FILE for TLS and SASL and"
          + " &schema=FILE for values in Avro";
  private static final Set<String> PARAMETERS =
      Set.of("until", "properties", "schema", "schema-id", "delay");
  private static final Duration DELAY = Duration.ofSeconds(10);

  /** How long a broker may take to answer. */
  private static final int TIMEOUT_MILLIS = 20_000;

  static boolean isOne(String uri) {
    return uri.startsWith(SCHEME);
  }

  /**
   * Reads the schema, if one is given: what reads the topic later, and elsewhere, has it.
   *
   * @param option that gave the URI, for messages
   * @throws InputException with a message for the user
   */
  static KafkaTopic of(String option, String uri) {
    String rest = uri.substring(SCHEME.length());
    int query = rest.indexOf('?');
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    if (slash <= 0 || slash == place.length() - 1 || !isServers(place.substring(0, slash))) {
      throw new InputException(option + "=" + uri + ": " + FORM);
    }
    String topic = place.substring(slash + 1);
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}")) {
      throw new InputException(
          option + "=" + uri + ": '" + topic + "' is no name of a topic; " + FORM);
    }
    TreeMap<String, String> given = parameters(option, uri, query < 0 ? "" : rest.substring(query));
    String until = given.get("until");
    if (until != null && !until.equals("latest")) {
      throw new InputException(option + "=" + uri + ": until=" + until + " must be until=latest");
    }
    return new KafkaTopic(
        place.substring(0, slash),
        topic,
        given.getOrDefault("properties", ""),
        TopicSchema.of(option + "=" + uri, given.get("schema"), given.get("schema-id")),
        until != null,
        delay(option, uri, given.get("delay")));
  }

  private static Duration delay(String option, String uri, String text) {
    try {
      Duration delay = text == null ? DELAY : Duration.parse(text);
      if (!delay.isNegative()) {
        return delay;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw new InputException(option + "=" + uri + ": delay must be a duration such as PT10S");
  }

  private static boolean isServers(String text) {
    for (String server : text.split(",", -1)) {
      if (!server.matches("[^:@\\s]+:[0-9]{1,5}")) {
        return false;
      }
    }
    return true;
  }

  private static TreeMap<String, String> parameters(String option, String uri, String query) {
    TreeMap<String, String> given = new TreeMap<>();
    if (query.length() <= 1) {
      return given;
    }
    for (String each : query.substring(1).split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (!PARAMETERS.contains(name) || equals == each.length() - 1 || equals < 0) {
        throw new InputException(
            option
                + "="
                + uri
                + ": '"
                + each
                + "' is none of until=latest, properties=FILE, schema=FILE, schema-id=any,"
                + " delay=PT10S");
      }
      if (given.put(name, each.substring(equals + 1)) != null) {
        throw new InputException(option + "=" + uri + ": names " + name + " twice");
      }
    }
    return given;
  }

  /** As dead letters and messages name it: without parameters. */
  String shown() {
    return SCHEME + servers + "/" + topic;
  }

  /** What reads values of the topic, for one thread. */
  RecordRows rows(EventColumns columns, Redaction redaction) {
    return schema == null
        ? new JsonRows(columns, redaction)
        : new AvroRows(columns, redaction, schema);
  }

  /**
   * A consumer that is in no group and commits nothing.
   *
   * @throws InputException if the properties cannot be used
   */
  Consumer<byte[], byte[]> consumer() {
    Properties client = clientProperties();
    client.put("bootstrap.servers", servers);
    client.put("key.deserializer", ByteArrayDeserializer.class.getName());
    client.put("value.deserializer", ByteArrayDeserializer.class.getName());
    client.put("enable.auto.commit", "false");
    client.put("auto.offset.reset", "none");
    client.putIfAbsent("isolation.level", "read_committed");
    client.putIfAbsent("default.api.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    client.putIfAbsent("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS / 2));
    client.putIfAbsent("allow.auto.create.topics", "false");
    try {
      return new KafkaConsumer<>(client);
    } catch (KafkaException e) {
      throw new InputException(shown() + ": no client can be made: " + reason(e));
    }
  }

  /**
   * A producer that waits for all replicas.
   *
   * @throws InputException if the properties cannot be used
   */
  Producer<byte[], byte[]> producer() {
    Properties client = clientProperties();
    client.put("bootstrap.servers", servers);
    client.put("key.serializer", ByteArraySerializer.class.getName());
    client.put("value.serializer", ByteArraySerializer.class.getName());
    client.put("acks", "all");
    client.putIfAbsent("max.block.ms", Integer.toString(TIMEOUT_MILLIS));
    try {
      return new KafkaProducer<>(client);
    } catch (KafkaException e) {
      throw new InputException(shown() + ": no client can be made: " + reason(e));
    }
  }

  /** What a client says of its configuration, which may quote a part of a badly quoted password. */
  private static String reason(KafkaException e) {
    Throwable root = root(e);
    for (StackTraceElement each : root.getStackTrace()) {
      if (each.getClassName().startsWith("org.apache.kafka.common.security.Jaas")) {
        return "sasl.jaas.config cannot be read: it is 'MODULE required name=\"value\" ...;', with the"
            + " semicolon";
      }
    }
    return firstLine(root);
  }

  /** What a client's exceptions have as their first cause. */
  static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private Properties clientProperties() {
    Properties client = new Properties();
    if (!properties.isEmpty()) {
      try (Reader reader = Files.newBufferedReader(Path.of(properties), StandardCharsets.UTF_8)) {
        client.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new InputException(
            shown() + ": properties=" + properties + ": not readable as a file of properties");
      }
    }
    return client;
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
