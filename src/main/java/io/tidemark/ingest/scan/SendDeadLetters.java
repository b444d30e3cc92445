package io.tidemark.ingest.scan;

import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.InputException;
import io.tidemark.schema.DeadLetter;
import io.tidemark.store.JsonLines;
import io.tidemark.store.LetterLength;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends dead letters to a topic, each as the JSON object that a file would have as a line, with the
 * key {@code source@position} and the model in a header. At least once: a step that fails and is
 * tried again sends its letters again, with the same keys and values, by which a consumer can tell.
 */
public final class SendDeadLetters extends PTransform<PCollection<KV<String, DeadLetter>>, PDone> {
  private static final long serialVersionUID = 1;

  /** Whatever counts was flushed before. */
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaTopic topic;

  private SendDeadLetters(KafkaTopic topic) {
    this.topic = topic;
  }

  /**
   * Asks the broker for the topic, too.
   *
   * @param option that gave the URI, for messages
   * @throws InputException with a message for the user
   */
  public static SendDeadLetters to(String option, String uri) {
    if (!KafkaTopic.isOne(uri)) {
      throw new InputException(
          option
              + "="
              + uri
              + ": is no topic; give kafka://host:port/topic, or leave it out: letters are then"
              + " files below --output");
    }
    KafkaTopic topic = KafkaTopic.written(option, uri);
    KafkaPlan.partitions(topic);
    return new SendDeadLetters(topic);
  }

  @Override
  public PDone expand(PCollection<KV<String, DeadLetter>> letters) {
    letters.apply("Send", ParDo.of(new SendFn(topic)));
    return PDone.in(letters.getPipeline());
  }

  static String key(DeadLetter letter) {
    return letter.getSource() + "@" + letter.getPosition();
  }

  /** A letter's line; see {@link LetterLength}. */
  static byte[] value(DeadLetter letter) {
    return JsonLines.line(LetterLength.bounded(letter)).getBytes(StandardCharsets.UTF_8);
  }

  private static final class SendFn extends DoFn<KV<String, DeadLetter>, Void> {
    private static final long serialVersionUID = 1;

    private final KafkaTopic topic;

    private transient Producer<byte[], byte[]> producer;
    private transient AtomicReference<Exception> failure;

    SendFn(KafkaTopic topic) {
      this.topic = topic;
    }

    @StartBundle
    public void start() {
      failure = new AtomicReference<>();
    }

    @ProcessElement
    public void process(@Element KV<String, DeadLetter> ofModel) throws IOException {
      DeadLetter letter = ofModel.getValue();
      if (producer == null) { // not for the many bundles without a letter
        producer = topic.producer();
      }
      byte[] key = key(letter).getBytes(StandardCharsets.UTF_8);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic.topic(), key, value(letter));
      record.headers().add("model", ofModel.getKey().getBytes(StandardCharsets.UTF_8));
      AtomicReference<Exception> failed = failure;
      try {
        producer.send(
            record,
            (sent, exception) -> {
              if (exception != null) {
                failed.compareAndSet(null, exception);
              }
            });
      } catch (KafkaException e) {
        throw unsent(e);
      }
    }

    /** What is behind this has been taken by the broker. */
    @FinishBundle
    public void finish() throws IOException {
      if (producer == null) {
        return;
      }
      producer.flush();
      Exception failed = failure.get();
      if (failed != null) {
        throw unsent(failed);
      }
    }

    private IOException unsent(Exception e) {
      return new IOException(
          topic.shown() + ": dead letters cannot be sent: " + KafkaTopic.firstLine(e), e);
    }

    @Teardown
    public void close() {
      if (producer != null) {
        Uninterrupted.run(() -> producer.close(CLOSE));
        producer = null;
      }
    }
  }
}
