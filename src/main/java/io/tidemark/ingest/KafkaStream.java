package io.tidemark.ingest;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic as an endless source of rows, those of a poll together. Not Beam's: a row is decoded
 * once, where its event time makes the watermark, and whether it is too late is decided by the rows
 * before it in its partition, the same in every replay, and not by where other partitions happen to
 * be. Offsets are in the runner's checkpoints; nothing is committed to the broker.
 */
final class KafkaStream extends UnboundedSource<StreamRows, KafkaStream.Mark> {
  private static final long serialVersionUID = 1;

  private static final Duration POLL = Duration.ofMillis(10);

  /** How long a broker's answer that nothing is left holds. */
  private static final long CONFIRMED_MICROS = 2_000_000L;

  /** How long a broker may take to say that nothing is left. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final KafkaTopic topic;
  private final EventColumns columns;
  private final Redaction redaction;
  private final WindowSpec window;
  private final long disorder;
  private final List<Integer> partitions;

  private KafkaStream(
      KafkaTopic topic,
      EventColumns columns,
      Redaction redaction,
      WindowSpec window,
      long disorder,
      List<Integer> partitions) {
    this.topic = topic;
    this.columns = columns;
    this.redaction = redaction;
    this.window = window;
    this.disorder = disorder;
    this.partitions = partitions;
  }

  /**
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream of(KafkaTopic topic, MonitoringSpec spec, Redaction redaction) {
    KafkaPlan.check(topic, spec.events().format(), EventColumns.all(spec));
    List<Integer> partitions = KafkaPlan.partitions(topic);
    return new KafkaStream(topic, EventColumns.all(spec), redaction, spec.window(), 0, partitions);
  }

  /**
   * Labels as rows whose time is the label's, see {@link EventColumns#labels}; none is too late.
   *
   * @param redaction of events; the labels' follows from it
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream ofLabels(KafkaTopic topic, MonitoringSpec spec, Redaction redaction) {
    KafkaPlan.check(topic, spec.labels().format(), EventColumns.labels(spec));
    return new KafkaStream(
        topic,
        EventColumns.labels(spec),
        redaction.ofLabels(spec),
        null,
        AttachLabels.horizon(spec.labels()),
        KafkaPlan.partitions(topic));
  }

  /**
   * Where a reader stands.
   *
   * @param offsets of the next record, by partition
   * @param clocks event time, by partition
   * @param reached the reader's watermark, microseconds
   */
  record Mark(TreeMap<Integer, Long> offsets, TreeMap<Integer, PartitionClock> clocks, long reached)
      implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {}
  }

  /** As many sources as there are partitions at most: each partition has one reader. */
  @Override
  public List<KafkaStream> split(int desired, PipelineOptions options) {
    int count = Math.max(1, Math.min(desired, partitions.size()));
    List<KafkaStream> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      List<Integer> own = new ArrayList<>();
      for (int i = part; i < partitions.size(); i += count) {
        own.add(partitions.get(i));
      }
      parts.add(new KafkaStream(topic, columns, redaction, window, disorder, List.copyOf(own)));
    }
    return parts;
  }

  @Override
  public UnboundedReader<StreamRows> createReader(PipelineOptions options, Mark mark) {
    return new Reader(this, mark, KafkaStream::wallClock);
  }

  private static long wallClock() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<StreamRows> getOutputCoder() {
    return new StreamRows.RowsCoder();
  }

  private static final class Reader extends UnboundedReader<StreamRows> implements EventSink {
    private final KafkaStream source;
    private final LongSupplier clock;
    private final RecordRows rows;
    private final EventAssembler assembler;
    private final Map<Integer, PartitionClock> clocks = new TreeMap<>();
    private final TreeMap<Integer, Long> offsets = new TreeMap<>();
    private final Map<Integer, String> names = new TreeMap<>();
    private final WindowCursor windows;
    private final long lateness;
    private final Gauge lag = StreamMetric.WATERMARK_LAG_SECONDS.gauge();
    private Consumer<byte[], byte[]> consumer;
    private RecordRows.Bytes bytes;
    private int partition;

    /** Wall clock at the last poll: what was polled then is read in a moment. */
    private long now;

    /** The highest watermark so far, microseconds. */
    private long reached = PartitionClock.NOTHING_YET;

    /** Wall clock when the broker last said that nothing is left to read. */
    private long confirmed;

    /** What is being read. */
    private StreamRows gathered;

    /** Of the rows in time among it. */
    private long least;

    private StreamRows current;
    private org.joda.time.Instant timestamp;

    Reader(KafkaStream source, Mark mark, LongSupplier clock) {
      this.source = source;
      this.clock = clock;
      this.rows = source.topic.rows(source.columns, source.redaction);
      this.assembler = new EventAssembler(source.columns, "");
      boolean labels = source.window == null;
      this.lateness = labels ? 0 : source.window.allowedLateness().toNanos() / 1000;
      this.windows = labels ? null : new WindowCursor(source.window);
      long delay = source.topic.delay().toNanos() / 1000;
      for (int each : source.partitions) {
        names.put(each, source.topic.shown() + "-" + each);
        PartitionClock stood = mark == null ? null : mark.clocks().get(each);
        PartitionClock begun =
            labels ? PartitionClock.learning(delay, source.disorder) : PartitionClock.of(delay);
        if (source.topic.idle() != null) {
          begun.idleAfter(source.topic.idle().toNanos() / 1000);
        }
        clocks.put(each, stood == null ? begun : stood.copy());
      }
      if (mark != null) {
        offsets.putAll(mark.offsets());
        reached = mark.reached();
      }
    }

    @Override
    public boolean start() throws IOException {
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
        now = clock.getAsLong();
      } catch (KafkaException e) {
        throw new IOException(source.topic.shown() + ": " + KafkaTopic.firstLine(e), e);
      }
      tellLag();
      if (records.isEmpty()) {
        quiet();
        return false;
      }
      StreamRows read = StreamRows.empty();
      gathered = read;
      least = Long.MAX_VALUE;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        partition = record.partition();
        offsets.put(partition, record.offset() + 1);
        bytes = KafkaReader.bytes(names.get(partition), record);
        KafkaReader.read(rows, bytes, record, assembler, this);
      }
      current = read;
      timestamp =
          read.events().isEmpty()
              ? watermark()
              : new org.joda.time.Instant(Math.floorDiv(least, 1000));
      return true;
    }

    /** Once a poll, and of quiet topics too: a job that stands still is behind. */
    private void tellLag() {
      if (windows != null && reached != PartitionClock.NOTHING_YET) {
        lag.set(Math.max(0, (now - reached) / 1_000_000));
      }
    }

    private void quiet() {
      boolean answers = now - confirmed < CONFIRMED_MICROS || confirm();
      clocks.forEach(
          (number, each) -> {
            OptionalLong lag = consumer.currentLag(partition(number));
            each.quiet(answers && lag.isPresent() && lag.getAsLong() == 0, now);
          });
    }

    private TopicPartition partition(int number) {
      return new TopicPartition(source.topic.topic(), number);
    }

    /** A broker that is away leaves a consumer believing that it has read everything. */
    private boolean confirm() {
      List<TopicPartition> own = source.partitions.stream().map(this::partition).toList();
      try {
        consumer.endOffsets(own, ANSWER);
        confirmed = now;
        return true;
      } catch (KafkaException e) {
        return false;
      }
    }

    @Override
    public void event(InferenceEvent event) {
      long time = event.timeMicros();
      PartitionClock own = clocks.get(partition);
      own.wake(reached);
      long end = windows == null ? 0 : windows.endOf(time);
      boolean closed =
          windows != null
              && own.watermark() != PartitionClock.NOTHING_YET
              && end + lateness <= own.watermark();
      if (closed) {
        String detail =
            "the window that ends at "
                + WindowSpec.instant(end)
                + " was closed: rows up to "
                + WindowSpec.instant(own.watermark())
                + " had come";
        gathered.late().add(rows.letter(bytes, "late", detail));
        return;
      }
      own.row(time, now);
      gathered.events().add(event);
      least = Math.min(least, time);
    }

    @Override
    public void bad(DeadLetter letter) {
      gathered.bad().add(letter);
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
      return watermark();
    }

    private org.joda.time.Instant watermark() {
      long least = Long.MAX_VALUE;
      long idle = Long.MAX_VALUE;
      for (PartitionClock each : clocks.values()) {
        if (each.idle()) {
          idle = Math.min(idle, each.idleWatermark(now));
        } else {
          least = Math.min(least, each.watermark());
        }
      }
      reached = Math.max(reached, least == Long.MAX_VALUE ? idle : least);
      long first = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
      return new org.joda.time.Instant(
          reached == PartitionClock.NOTHING_YET
              ? first
              : Math.max(first, Math.floorDiv(reached, 1000)));
    }

    @Override
    public Mark getCheckpointMark() {
      TreeMap<Integer, PartitionClock> stood = new TreeMap<>();
      clocks.forEach((number, each) -> stood.put(number, each.copy()));
      return new Mark(new TreeMap<>(offsets), stood, reached);
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
}
