package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.format.KafkaTopic;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No thread of a client is left when it is closed, by a thread that is interrupted either. */
class UninterruptedTest {
  private static final String NOBODY = "kafka://localhost:1/t";

  private final Set<Thread> before = threads();

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private Set<Thread> left() {
    Set<Thread> left = threads();
    left.removeAll(before);
    left.removeIf(thread -> !thread.getName().startsWith("kafka-"));
    return left;
  }

  @AfterEach
  void forget() {
    Thread.interrupted();
  }

  @Test
  void anAdminsThreadEnds() {
    TopicClient client = TopicClient.of(KafkaTopic.of("--events", NOBODY));
    client.topic();
    assertThat(left()).hasSize(1);
    Thread.currentThread().interrupt();
    client.close();
    assertThat(left()).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aProducersThreadEnds() {
    Producer<byte[], byte[]> producer = KafkaTopic.written("--dead-letters", NOBODY).producer();
    assertThat(left()).hasSize(1);
    Thread.currentThread().interrupt();
    Uninterrupted.run(() -> producer.close(Duration.ofMillis(100)));
    assertThat(left()).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
  }
}
