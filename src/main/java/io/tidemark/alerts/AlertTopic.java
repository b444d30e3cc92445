package io.tidemark.alerts;

import io.tidemark.kafka.ClientFailure;
import io.tidemark.kafka.KafkaUri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic that takes alerts: the id is the key, so that all copies of an alert are in one partition
 * and a compacted topic keeps one; the finding is the value.
 *
 * @param properties a file of Kafka client properties; "": none
 */
record AlertTopic(String servers, String topic, String properties) implements Destination {
  private static final long serialVersionUID = 1;
  private static final KafkaUri.Form FORM =
      new KafkaUri.Form(
          "give kafka://host:port/topic, with ?properties=FILE for TLS and SASL",
          Set.of("properties"),
          "properties=FILE");

  /** How long a broker may take to answer when the run begins. */
  private static final int TIMEOUT_MILLIS = 20_000;

  /** How long one try may take, with what the client itself tries again. */
  private static final int DELIVERY_MILLIS = 10_000;

  static AlertTopic of(String uri) {
    KafkaUri parts = understood(() -> KafkaUri.of("--alerts", uri, FORM));
    return new AlertTopic(
        parts.servers(), parts.topic(), parts.parameters().getOrDefault("properties", ""));
  }

  private static <T> T understood(java.util.function.Supplier<T> part) {
    try {
      return part.get();
    } catch (KafkaUri.UnusableException e) {
      throw new AlertsException(e.getMessage());
    }
  }

  @Override
  public String shown() {
    return KafkaUri.SCHEME + servers + "/" + topic;
  }

  private String message(String words) {
    return "--alerts: " + shown() + ": " + words;
  }

  private <T> T client(int timeoutMillis, Function<Properties, T> make) {
    Properties client = understood(() -> KafkaUri.client("--alerts: " + shown(), properties));
    client.put("bootstrap.servers", servers);
    client.putIfAbsent("request.timeout.ms", Integer.toString(timeoutMillis / 2));
    try {
      return make.apply(client);
    } catch (RuntimeException | LinkageError e) {
      throw new AlertsException(message("no client can be made: " + ClientFailure.of(e, client)));
    }
  }

  @Override
  public void checkFiles() {
    understood(() -> KafkaUri.client("--alerts: " + shown(), properties));
  }

  @Override
  public void check() {
    open().close(); // what a producer alone would object to
    Admin made =
        client(
            TIMEOUT_MILLIS,
            client -> {
              client.putIfAbsent("default.api.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
              return Admin.create(client);
            });
    try (Admin admin = made) {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new AlertsException(message("there is no such topic; make it first"));
      }
      if (e.getCause() instanceof TimeoutException) {
        throw new AlertsException(
            message("no broker answers; see that it runs and what properties it asks for"));
      }
      throw new AlertsException(message(KafkaUri.firstLine(e.getCause())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AlertsException(message("interrupted"));
    }
  }

  @Override
  public Sender open() {
    return new Produce(
        topic,
        client(
            DELIVERY_MILLIS,
            client -> {
              client.put("key.serializer", ByteArraySerializer.class.getName());
              client.put("value.serializer", ByteArraySerializer.class.getName());
              client.remove("transactional.id"); // each alert stands for itself
              client.put("acks", "all");
              client.put("enable.idempotence", "true");
              client.put("linger.ms", "0");
              client.putIfAbsent("delivery.timeout.ms", Integer.toString(DELIVERY_MILLIS));
              client.putIfAbsent("max.block.ms", Integer.toString(DELIVERY_MILLIS));
              return new KafkaProducer<>(client);
            }));
  }

  private static final class Produce implements Sender {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    Produce(String topic, KafkaProducer<byte[], byte[]> producer) {
      this.topic = topic;
      this.producer = producer;
    }

    @Override
    public void send(String id, byte[] body) throws DeliveryException, InterruptedException {
      byte[] key = id.getBytes(StandardCharsets.UTF_8);
      try {
        producer.send(new ProducerRecord<>(topic, key, body)).get();
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } catch (KafkaException e) {
        throw failure(e);
      }
    }

    private static DeliveryException failure(Throwable e) {
      DeliveryException.Kind kind = DeliveryException.Kind.REFUSED;
      if (e instanceof RetriableException) {
        kind =
            e instanceof TimeoutException
                ? DeliveryException.Kind.SILENT
                : DeliveryException.Kind.BUSY;
      }
      return new DeliveryException(kind, KafkaUri.firstLine(e), 0);
    }

    @Override
    public void close() {
      producer.close(CLOSE);
    }
  }
}
