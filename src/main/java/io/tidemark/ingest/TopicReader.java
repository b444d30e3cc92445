package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.WallClock;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.LetterLength;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads some partitions of a {@link KafkaStream}. Not thread-safe. */
final class TopicReader extends UnboundedSource.UnboundedReader<StreamRows> implements EventSink {
  private static final Duration POLL = Duration.ofMillis(10);

  /** How often partitions without records are looked at. */
  private static final long LOOK_MICROS = 1_000_000L;

  /** How long the first label of a new topic is waited for. */
  private static final long FIRST_LABEL_MICROS = 60_000_000L;

  /** How long a broker may take to say that nothing is left. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final KafkaStream source;
  private final WallClock wallClock;
  private final RecordRows rows;
  private final EventAssembler assembler;
  private final TopicClock clock;
  private final TreeMap<Integer, Long> offsets = new TreeMap<>();
  private final Map<Integer, String> names = new TreeMap<>();
  private final WindowCursor windows;
  private final long lateness;
  private final Gauge lag = StreamMetric.WATERMARK_LAG_SECONDS.gauge();
  private Consumer<byte[], byte[]> consumer;
  private RecordRows.Bytes bytes;

  /** Wall clock when reading began. */
  private long begun;

  private int partition;

  /** Wall clock at the last poll: what was polled then is read in a moment. */
  private long now;

  /** When the record that is being read was sent, as far as the broker knows. */
  private long sent;

  /** Wall clock when partitions without records were last looked at. */
  private long looked;

  /** What is being read. */
  private StreamRows gathered;

  /** Of the rows in time among it. */
  private long least;

  private StreamRows current;
  private org.joda.time.Instant timestamp;

  TopicReader(KafkaStream source, KafkaStream.Mark mark, WallClock wallClock) {
    this.source = source;
    this.wallClock = wallClock;
    this.clock = mark == null ? new TopicClock() : mark.clock().copy();
    this.rows = source.topic.rows(source.columns, source.redaction);
    this.assembler = new EventAssembler(source.columns, "");
    boolean labels = source.window == null;
    this.lateness = labels ? 0 : source.window.allowedLateness().toNanos() / 1000;
    this.windows = labels ? null : new WindowCursor(source.window);
    long delay = source.topic.delay().toNanos() / 1000;
    for (int each : source.partitions) {
      names.put(each, source.topic.shown() + "-" + each);
      PartitionClock begun =
          labels ? PartitionClock.learning(delay, source.disorder) : PartitionClock.of(delay);
      if (source.topic.idle() != null) {
        begun.idleAfter(source.topic.idle().toNanos() / 1000);
      }
      clock.add(each, begun);
    }
    if (mark != null) {
      offsets.putAll(mark.offsets());
    }
  }

  @Override
  public boolean start() throws IOException {
    begun = wallClock.micros();
    consumer = source.topic.consumer();
    List<TopicPartition> own = new ArrayList<>();
    source.partitions.forEach(each -> own.add(new TopicPartition(source.topic.topic(), each)));
    consumer.assign(own);
    for (TopicPartition each : own) {
      Long next = offsets.get(each.partition());
      if (next == null) {
        consumer.seekToBeginning(List.of(each));
      } else {
        consumer.seek(each, next);
      }
    }
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    current = null;
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL);
      now = wallClock.micros();
    } catch (KafkaException e) {
      throw new IOException(source.topic.shown() + ": " + KafkaTopic.firstLine(e), e);
    }
    // Of busy topics too, or a partition without records would hold up what the others bring.
    if (now - looked >= LOOK_MICROS) {
      looked = now;
      lookAtQuiet(records.partitions());
      tellLag();
    }
    if (records.isEmpty()) {
      return false;
    }
    StreamRows read = StreamRows.empty();
    gathered = read;
    least = Long.MAX_VALUE;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      partition = record.partition();
      // Whether a row is of the future is the same whenever it is read, so that replays agree.
      sent = record.timestamp() > 0 ? Math.min(now, record.timestamp() * 1000) : now;
      offsets.put(partition, record.offset() + 1);
      bytes = KafkaReader.bytes(names.get(partition), record);
      KafkaReader.read(rows, bytes, record, assembler, this);
    }
    current = read;
    timestamp =
        read.events().isEmpty()
            ? clock.watermark(now)
            : new org.joda.time.Instant(Math.floorDiv(least, 1000));
    return true;
  }

  /** How far what is read is behind; of quiet topics too: a job that stands still is behind. */
  private void tellLag() {
    long reached = clock.reached(now);
    if (windows != null && reached != PartitionClock.NOTHING_YET) {
      lag.set(Math.max(0, (now - reached) / 1_000_000));
    }
  }

  private void lookAtQuiet(Set<TopicPartition> busy) {
    List<TopicPartition> quiet = new ArrayList<>();
    for (int each : source.partitions) {
      TopicPartition own = new TopicPartition(source.topic.topic(), each);
      OptionalLong behind = consumer.currentLag(own);
      if (busy.contains(own)) {
        continue;
      }
      if (behind.isPresent() && behind.getAsLong() == 0) {
        quiet.add(own);
      } else {
        clock.quiet(each, false, now);
      }
    }
    boolean silent = quiet.isEmpty() || isSilence(quiet);
    quiet.forEach(each -> clock.quiet(each.partition(), silent, now));
  }

  /**
   * Whether nothing to read says something. A broker that is away leaves a consumer believing that
   * it has read everything. And nobody knows from when the rows of a topic will be that has never
   * had any, in no partition: if time went on with the wall clock, those of a log that is sent to
   * it would all be late.
   */
  private boolean isSilence(List<TopicPartition> quiet) {
    try {
      if (clock.hadRows()) {
        consumer.endOffsets(quiet, ANSWER);
        return true;
      }
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo each : consumer.partitionsFor(source.topic.topic(), ANSWER)) {
        all.add(new TopicPartition(each.topic(), each.partition()));
      }
      boolean had = consumer.endOffsets(all, ANSWER).values().stream().anyMatch(end -> end > 0);
      // Labels come later than rows, and what is estimated does not wait for the first of them.
      return had || (windows == null && now - begun >= FIRST_LABEL_MICROS);
    } catch (KafkaException e) {
      return false;
    }
  }

  @Override
  public void event(InferenceEvent event) {
    long time = event.timeMicros();
    long comesTo = clock.comesTo(partition);
    long end = windows == null ? 0 : windows.endOf(time);
    boolean closed =
        windows != null && comesTo != PartitionClock.NOTHING_YET && end + lateness <= comesTo;
    if (closed) {
      String detail =
          "the window that ends at "
              + WindowSpec.instant(end)
              + " was closed: rows up to "
              + WindowSpec.instant(comesTo)
              + " had come";
      gathered.late().add(LetterLength.bounded(rows.letter(bytes, "late", detail)));
      return;
    }
    clock.row(partition, time, sent);
    gathered.events().add(event);
    least = Math.min(least, time);
  }

  @Override
  public void bad(DeadLetter letter) {
    gathered.bad().add(LetterLength.bounded(letter));
  }

  @Override
  public StreamRows getCurrent() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public org.joda.time.Instant getCurrentTimestamp() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return timestamp;
  }

  @Override
  public org.joda.time.Instant getWatermark() {
    return clock.watermark(now);
  }

  @Override
  public KafkaStream.Mark getCheckpointMark() {
    return new KafkaStream.Mark(new TreeMap<>(offsets), clock.copy());
  }

  @Override
  public UnboundedSource<StreamRows, ?> getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close(Duration.ofSeconds(1));
    }
  }
}
