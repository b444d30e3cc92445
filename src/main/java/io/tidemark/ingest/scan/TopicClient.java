package io.tidemark.ingest.scan;

import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.InputException;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a reader asks brokers of a topic: records, and whether it is still the same topic. */
public interface TopicClient extends Closeable {
  /** How long a broker may take to say something of a topic while it is read. */
  Duration ANSWER = Duration.ofSeconds(2);

  /** The same before anything is read. */
  Duration FIRST_ANSWER = Duration.ofSeconds(20);

  /**
   * A topic as the brokers know it.
   *
   * @param id of this topic, and of no other that has, had or will have its name; "": the brokers
   *     are too old to give one
   * @param partitions 0: there is no such topic
   */
  record Topic(String id, int partitions) {
    static final Topic NONE = new Topic("", 0);
  }

  /**
   * @throws InputException if no client can be made
   */
  Consumer<byte[], byte[]> consumer();

  CompletableFuture<Topic> topic();

  @Override
  void close();

  /**
   * The topic.
   *
   * @return null where no broker answers in time
   * @throws KafkaException with what a broker answers instead
   */
  default Topic topic(Duration patience) {
    try {
      return topic().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        return null;
      }
      throw e.getCause() instanceof KafkaException told ? told : new KafkaException(e.getCause());
    }
  }

  static TopicClient of(KafkaTopic topic) {
    return new Brokers(topic);
  }

  /** The real ones. */
  final class Brokers implements TopicClient {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    /** For the admin's thread to end, which then waits for no broker. */
    private static final Duration END = Duration.ofSeconds(10);

    private static final int INTERRUPTS = 3;

    private final KafkaTopic topic;
    private Admin admin;

    private Brokers(KafkaTopic topic) {
      this.topic = topic;
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
      return topic.consumer();
    }

    @Override
    public CompletableFuture<Topic> topic() {
      if (admin == null) {
        admin = topic.admin();
      }
      return admin
          .describeTopics(List.of(topic.topic()))
          .topicNameValues()
          .get(topic.topic())
          .toCompletionStage()
          .thenApply(Brokers::known)
          .exceptionally(Brokers::unknown)
          .toCompletableFuture();
    }

    private static Topic known(TopicDescription found) {
      boolean told = found.topicId() != null && !found.topicId().equals(Uuid.ZERO_UUID);
      return new Topic(told ? found.topicId().toString() : "", found.partitions().size());
    }

    private static Topic unknown(Throwable thrown) {
      Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
      if (cause instanceof UnknownTopicOrPartitionException
          || cause instanceof InvalidTopicException) {
        return Topic.NONE;
      }
      throw cause instanceof KafkaException told ? told : new KafkaException(cause);
    }

    @Override
    public void close() {
      if (admin != null) {
        Uninterrupted.run(this::end);
      }
    }

    /** The first limit ends what is under way, and holds; the second waits for the thread. */
    private void end() {
      admin.close(AT_ONCE);
      boolean interrupted = false;
      for (int i = 0; i < INTERRUPTS; i++) {
        admin.close(END);
        if (!Thread.interrupted()) {
          break;
        }
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
