package io.tidemark.simulate;

import io.tidemark.kafka.ClientFailure;
import io.tidemark.kafka.KafkaUri;
import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic that simulated lines are sent to. Not thread-safe. */
public final class LiveTopic implements LiveSimulation.Lines, AutoCloseable {
  private static final KafkaUri.Form FORM =
      new KafkaUri.Form(
          "give kafka://host:port/topic, with ?properties=FILE for TLS and SASL",
          Set.of("properties"),
          "properties=FILE");
  private static final int TIMEOUT_MILLIS = 20_000;

  private final String option;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;

  /** The first that failed, from the producer's thread. */
  private volatile Exception failure;

  private LiveTopic(String option, String topic, KafkaProducer<byte[], byte[]> producer) {
    this.option = option;
    this.topic = topic;
    this.producer = producer;
  }

  /**
   * @param option that gave the URI, for messages
   * @throws SimulationException if the URI names no topic, or no broker that can be looked up
   */
  public static LiveTopic of(String option, String uri) {
    if (!KafkaUri.isOne(uri)) {
      throw new SimulationException(option + "=" + uri + ": " + FORM.form());
    }
    String shown = option + "=" + uri;
    Properties properties = new Properties();
    try {
      KafkaUri parts = KafkaUri.of(option, uri, FORM);
      properties.putAll(KafkaUri.client(shown, parts.parameters().getOrDefault("properties", "")));
      properties.put("bootstrap.servers", parts.servers());
      properties.putIfAbsent("linger.ms", "20");
      // One after the other: a topic that was just made can take the second before the first, whose
      // partition had no leader yet, and then refuses the first for ever.
      properties.putIfAbsent("max.in.flight.requests.per.connection", "1");
      properties.put("max.block.ms", Integer.toString(TIMEOUT_MILLIS));
      properties.put("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS / 2));
      properties.put("delivery.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
      ByteArraySerializer bytes = new ByteArraySerializer();
      return new LiveTopic(shown, parts.topic(), new KafkaProducer<>(properties, bytes, bytes));
    } catch (KafkaUri.UnusableException e) {
      throw new SimulationException(e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      throw new SimulationException(shown + ": " + ClientFailure.of(e, properties));
    }
  }

  @Override
  public void send(byte[] line) throws IOException {
    try {
      producer.send(
          new ProducerRecord<>(topic, line),
          (place, e) -> {
            if (e != null && failure == null) {
              failure = e;
            }
          });
    } catch (KafkaException e) {
      failure = e;
    }
    check();
  }

  @Override
  public void flush() throws IOException {
    producer.flush();
    check();
  }

  private void check() throws IOException {
    Exception failed = failure;
    if (failed != null) {
      throw new IOException(option + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofMillis(TIMEOUT_MILLIS));
  }
}
