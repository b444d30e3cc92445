package io.tidemark.ingest.topic;

import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.scan.LostRecords;
import io.tidemark.ingest.scan.StopJobException;
import io.tidemark.ingest.scan.TopicClient;
import io.tidemark.ingest.scan.Uninterrupted;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of a reader's partitions: those whose number leaves the reader's index, divided by
 * the number of readers. It knows where each stands, finds those that are new, and notices what
 * went away. A partition that is new while the job runs is read from when a checkpoint that holds
 * it is complete. Not thread-safe, but for the end of checkpoints.
 */
final class TopicFeed implements Closeable {
  private static final Duration POLL = Duration.ofMillis(10);

  private final TopicSettings settings;
  private final TopicClient client;
  private final TopicClock clock;
  private final int index;
  private final int readers;
  private final Consumer<LostRecords> lost;
  private final TopicWatch watch;
  private final TreeMap<Integer, Long> offsets = new TreeMap<>();

  /** When the latest record of each partition was sent, as it says, in milliseconds. */
  private final TreeMap<Integer, Long> stamps = new TreeMap<>();

  /** Partitions that brought something since they were looked at last. */
  private final Set<TopicPartition> brought = new HashSet<>();

  /** Partitions of which nothing was read yet, and no checkpoint knows. */
  private final Set<Integer> untouched = new TreeSet<>();

  private final CheckpointGate gate = new CheckpointGate();

  private org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private String id = "";
  private int anew;

  /** Whether records came since the topic's id was last compared. */
  private boolean received;

  /**
   * @param lost takes what is lost where the job is to go on without it
   */
  TopicFeed(
      TopicSettings settings,
      TopicClient client,
      TopicClock clock,
      int index,
      int readers,
      Consumer<LostRecords> lost) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.index = index;
    this.readers = readers;
    this.lost = lost;
    this.watch = new TopicWatch(client, settings.topic().shown());
  }

  /**
   * Begins to read.
   *
   * @param mark where to go on, or null
   * @throws StopJobException if that is not there any more
   */
  void start(TopicMark mark, long now) throws IOException {
    if (mark != null && !mark.topic().equals(settings.topic().topic())) {
      throw new StopJobException(
          settings.option()
              + ": the savepoint is of a job that read topic "
              + mark.topic()
              + ", not "
              + settings.topic().topic()
              + "; give that one, or begin anew, with another --output");
    }
    consumer = client.consumer();
    TopicClient.Topic topic = told(TopicClient.FIRST_ANSWER);
    if (topic == null) {
      throw new IOException(settings.topic().shown() + ": no broker answers");
    }
    if (mark == null) {
      id = topic.id();
      for (int each = index; each < topic.partitions(); each += readers) {
        offsets.put(each, 0L);
        clock.add(each, PartitionWatermark.of(settings.pace(), settings.submitted()));
      }
      untouched.addAll(offsets.keySet());
      assign();
      toBeginnings();
    } else {
      id = mark.id();
      anew = mark.anew();
      mark.places()
          .forEach(
              (partition, place) -> {
                offsets.put(partition, place.offset());
                clock.add(
                    partition,
                    PartitionWatermark.of(settings.pace(), place.clock(), settings.submitted()));
              });
      assign();
      offsets.forEach((partition, offset) -> consumer.seek(of(partition), offset));
      check(topic);
    }
  }

  private TopicPartition of(int partition) {
    return new TopicPartition(settings.topic().topic(), partition);
  }

  private List<TopicPartition> of(Set<Integer> partitions) {
    return partitions.stream().map(this::of).toList();
  }

  private List<TopicPartition> own() {
    return of(offsets.keySet());
  }

  private void assign() {
    consumer.assign(own());
  }

  private void toBeginnings() throws IOException {
    try {
      consumer
          .beginningOffsets(own())
          .forEach(
              (partition, begin) -> {
                consumer.seek(partition, begin);
                offsets.put(partition.partition(), begin);
              });
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private IOException failed(KafkaException e) {
    return new IOException(settings.topic().shown() + ": " + KafkaTopic.firstLine(e), e);
  }

  private TopicClient.Topic told(Duration patience) throws IOException {
    try {
      return client.topic(patience);
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  /** Topic and partition, as dead letters name them: one that was made anew has other records. */
  String name(int partition) {
    return settings.topic().shown() + "-" + partition + (anew == 0 ? "" : "#" + anew);
  }

  /**
   * What there is to read; often nothing.
   *
   * @throws StopJobException if records that were not read yet are gone
   */
  ConsumerRecords<byte[], byte[]> poll() throws IOException {
    settle();
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      outOfRange(e);
      return ConsumerRecords.empty();
    } catch (KafkaException e) {
      throw failed(e);
    }
    for (TopicPartition each : records.partitions()) {
      received = true;
      untouched.remove(each.partition());
      List<ConsumerRecord<byte[], byte[]>> of = records.records(each);
      ConsumerRecord<byte[], byte[]> last = of.get(of.size() - 1);
      offsets.put(each.partition(), last.offset() + 1);
      stamps.put(each.partition(), last.timestamp());
      brought.add(each);
    }
    return records;
  }

  /**
   * Looks at what is quiet, and whether the topic is what it was. What came since the last look
   * counts, not what the latest poll brought: of a partition that brings rows dated ahead, one
   * after the other, there is always one more that no poll has brought yet.
   */
  void look(TopicSilence silence, long now) throws IOException {
    TopicClient.Topic topic = watch.look(now);
    if (topic != null) {
      check(topic);
    }
    List<TopicPartition> quiet = new ArrayList<>();
    for (TopicPartition each : own()) {
      int partition = each.partition();
      boolean busy = brought.contains(each);
      boolean caughtUp = consumer.currentLag(each).orElse(-1) == 0;
      boolean live = isLive(partition, now);
      if (caughtUp && !busy) {
        quiet.add(each);
      } else if (caughtUp || busy || !live) {
        clock.quiet(partition, caughtUp || live, now);
      } // else what waits to be read may move it, or be dated ahead: that is known once it is read
    }
    brought.clear();
    if (!quiet.isEmpty()) {
      Set<TopicPartition> silent = silence.among(consumer, clock, quiet, now);
      quiet.forEach(each -> clock.quiet(each.partition(), silent.contains(each), now));
    }
  }

  /** Whether what was read last was sent a moment ago. */
  private boolean isLive(int partition, long now) {
    long stamp = stamps.getOrDefault(partition, 0L);
    return clock.isBelieved(partition, stamp) && stamp * 1000 >= now - ClockPace.IDLE_MICROS;
  }

  /** Whether it is the topic that was read, and has the partitions that it had. */
  private void check(TopicClient.Topic topic) throws IOException {
    if (watch.isGone(topic) && !settings.topic().skipLost()) {
      throw new StopJobException(
          settings.topic().shown()
              + ": there is no such topic any more. Begin anew, with another --output, when there"
              + " is one");
    }
    if (topic.partitions() == 0) {
      return;
    }
    if (id.isEmpty()) {
      id = topic.id();
    } else if (!topic.id().isEmpty() && !topic.id().equals(id)) {
      beginAnew(topic);
    }
    for (int each = index; each < topic.partitions(); each += readers) {
      if (!offsets.containsKey(each)) {
        watch.found(each);
      }
    }
  }

  private void beginAnew(TopicClient.Topic topic) throws IOException {
    offsets.forEach((partition, offset) -> lose(LostRecords.madeAnew(name(partition), offset)));
    if (offsets.lastKey() >= topic.partitions()) {
      throw new StopJobException(
          settings.topic().shown()
              + ": the topic was made anew, with fewer partitions than it had; begin anew, with"
              + " another --output");
    }
    id = topic.id();
    anew++;
    toBeginnings();
  }

  private void outOfRange(OffsetOutOfRangeException e) throws IOException {
    TopicClient.Topic topic = told(TopicClient.ANSWER);
    int before = anew;
    if (topic != null) {
      check(topic);
    }
    if (anew > before) {
      return;
    }
    try {
      for (TopicGap gap : TopicGap.of(e, consumer, offsets)) {
        int partition = gap.partition().partition();
        // What was deleted before anything was read was never to be read.
        if (gap.records(name(partition)) != null
            && !(gap.isDeleted() && untouched.contains(partition))) {
          lose(gap.records(name(partition)));
        }
        consumer.seek(gap.partition(), gap.next());
        offsets.put(partition, gap.next());
      }
    } catch (KafkaException none) {
      throw failed(none);
    }
  }

  private void lose(LostRecords gap) {
    if (!settings.topic().skipLost()) {
      throw gap.stop(settings.option());
    }
    lost.accept(gap);
  }

  /**
   * Where it stands.
   *
   * @throws StopJobException if records of another topic were read: no checkpoint may hold them
   */
  TopicMark mark(long now) throws IOException {
    if (received && !settings.topic().skipLost()) {
      TopicClient.Topic topic = told(TopicClient.ANSWER);
      if (topic != null) {
        check(topic);
        received = false;
      }
    }
    long number = gate.take();
    untouched.clear();
    join(now);
    clock.decide(now);
    Set<Integer> waiting = clock.waiting();
    if (gate.hold(waiting)) {
      consumer.pause(of(waiting));
    }
    TreeMap<Integer, TopicMark.Place> places = new TreeMap<>();
    clock
        .states()
        .forEach(
            (partition, state) ->
                places.put(partition, new TopicMark.Place(offsets.get(partition), state)));
    return new TopicMark(
        settings.topic().topic(), id, anew, clock.reached(), places, () -> gate.complete(number));
  }

  private void join(long now) {
    Set<Integer> found = watch.takeFound();
    if (found.isEmpty()) {
      return;
    }
    for (int partition : found) {
      clock.join(partition, settings.pace(), now);
      offsets.put(partition, 0L);
    }
    assign();
    found.forEach(partition -> consumer.seek(of(partition), 0));
  }

  /** What was decided counts once the checkpoint that holds it is complete. */
  void settle() {
    Set<Integer> released = gate.release();
    if (!released.isEmpty()) {
      clock.settle();
      consumer.resume(of(released));
    }
  }

  @Override
  public void close() {
    Uninterrupted.run(
        () -> {
          try {
            if (consumer != null) {
              consumer.close(Duration.ofSeconds(1));
            }
          } finally {
            client.close();
          }
        });
  }
}
