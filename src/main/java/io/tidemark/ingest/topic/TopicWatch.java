package io.tidemark.ingest.topic;

import io.tidemark.ingest.scan.TopicClient;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks now and then, beside the reading, what brokers know of a topic. Not thread-safe. */
final class TopicWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

  /** How often. Rows of a partition that nobody has found yet are not waited for. */
  static final long EVERY_MICROS = 10_000_000L;

  /** A topic is gone when brokers have said so that often: one may have just come up. */
  private static final int SURE = 3;

  private final TopicClient client;
  private final String shown;
  private final Set<Integer> found = new TreeSet<>();
  private CompletableFuture<TopicClient.Topic> answer;
  private long asked = Long.MIN_VALUE;
  private int absent;

  /**
   * @param shown the topic, for messages
   */
  TopicWatch(TopicClient client, String shown) {
    this.client = client;
    this.shown = shown;
  }

  /** What brokers have answered since, or null. */
  TopicClient.Topic look(long now) {
    if (answer == null) {
      if (asked == Long.MIN_VALUE || now - asked >= EVERY_MICROS) {
        asked = now;
        answer = client.topic();
      }
      return null;
    }
    if (!answer.isDone()) {
      return null;
    }
    CompletableFuture<TopicClient.Topic> done = answer;
    answer = null;
    try {
      return done.join();
    } catch (CompletionException e) {
      return null; // no broker is there, or it will be said when records are asked for
    }
  }

  /** Whether there is no such topic any more, and no doubt of it. */
  boolean isGone(TopicClient.Topic topic) {
    absent = topic.partitions() == 0 ? absent + 1 : 0;
    return absent >= SURE;
  }

  /** Takes notice of a partition that is not read yet. */
  void found(int partition) {
    if (found.add(partition)) {
      LOG.warn("{}-{}: a new partition; it is read from the next checkpoint on", shown, partition);
    }
  }

  Set<Integer> takeFound() {
    Set<Integer> taken = Set.copyOf(found);
    found.clear();
    return taken;
  }
}
