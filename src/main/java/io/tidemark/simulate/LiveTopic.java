package io.tidemark.simulate;

import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic that simulated lines are sent to. Not thread-safe. */
public final class LiveTopic implements LiveSimulation.Lines, AutoCloseable {
  private static final Pattern FORM =
      Pattern.compile("kafka://([^/?@\\s]+:[0-9]{1,5})/([a-zA-Z0-9._-]{1,249})");
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
    Matcher form = FORM.matcher(uri);
    if (!form.matches()) {
      throw new SimulationException(option + "=" + uri + ": give kafka://host:port/topic");
    }
    Properties properties = new Properties();
    properties.put("bootstrap.servers", form.group(1));
    properties.put("linger.ms", "20");
    properties.put("max.block.ms", Integer.toString(TIMEOUT_MILLIS));
    properties.put("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS / 2));
    properties.put("delivery.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    ByteArraySerializer bytes = new ByteArraySerializer();
    try {
      String given = option + "=" + uri;
      return new LiveTopic(given, form.group(2), new KafkaProducer<>(properties, bytes, bytes));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SimulationException(option + "=" + uri + ": " + cause.getMessage());
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
