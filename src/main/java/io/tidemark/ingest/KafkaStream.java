package io.tidemark.ingest;

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
import java.util.Collections;
import java.util.Iterator;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic as an endless source of rows. Not Beam's: a row is decoded once, where its event time
 * makes the watermark, and whether it is too late is decided by the rows before it in its
 * partition, the same in every replay, and not by where other partitions happen to be. Offsets are
 * in the runner's checkpoints; nothing is committed to the broker.
 */
final class KafkaStream extends UnboundedSource<StreamRow, KafkaStream.Mark> {
  private static final long serialVersionUID = 1;

  private static final Duration POLL = Duration.ofMillis(10);

  private final KafkaTopic topic;
  private final EventColumns columns;
  private final Redaction redaction;
  private final WindowSpec window;
  private final List<Integer> partitions;

  private KafkaStream(
      KafkaTopic topic,
      EventColumns columns,
      Redaction redaction,
      WindowSpec window,
      List<Integer> partitions) {
    this.topic = topic;
    this.columns = columns;
    this.redaction = redaction;
    this.window = window;
    this.partitions = partitions;
  }

  /**
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream of(KafkaTopic topic, MonitoringSpec spec, Redaction redaction) {
    List<Integer> partitions = KafkaPlan.partitions(topic);
    return new KafkaStream(topic, EventColumns.all(spec), redaction, spec.window(), partitions);
  }

  /**
   * Where a reader stands.
   *
   * @param offsets of the next record, by partition
   * @param watermarks event time, by partition
   */
  record Mark(TreeMap<Integer, Long> offsets, TreeMap<Integer, Long> watermarks)
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
      parts.add(new KafkaStream(topic, columns, redaction, window, List.copyOf(own)));
    }
    return parts;
  }

  @Override
  public UnboundedReader<StreamRow> createReader(PipelineOptions options, Mark mark) {
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
  public Coder<StreamRow> getOutputCoder() {
    return new StreamRow.RowCoder();
  }

  private static final class Reader extends UnboundedReader<StreamRow> implements EventSink {
    private final KafkaStream source;
    private final LongSupplier clock;
    private final JsonRows rows;
    private final EventAssembler assembler;
    private final Map<Integer, PartitionClock> clocks = new TreeMap<>();
    private final TreeMap<Integer, Long> offsets = new TreeMap<>();
    private final Map<Integer, String> names = new TreeMap<>();
    private final WindowCursor windows;
    private final long lateness;
    private final Gauge lag = StreamMetric.WATERMARK_LAG_SECONDS.gauge();
    private Consumer<byte[], byte[]> consumer;
    private Iterator<ConsumerRecord<byte[], byte[]>> buffered = Collections.emptyIterator();
    private JsonRows.Bytes bytes;
    private int partition;

    /** Wall clock at the last poll: what was polled then is read in a moment. */
    private long now;

    private StreamRow current;
    private org.joda.time.Instant timestamp;

    Reader(KafkaStream source, Mark mark, LongSupplier clock) {
      this.source = source;
      this.clock = clock;
      this.rows = new JsonRows(source.columns, source.redaction);
      this.assembler = new EventAssembler(source.columns, "");
      this.lateness = source.window.allowedLateness().toNanos() / 1000;
      this.windows = new WindowCursor(source.window);
      long delay = source.topic.delay().toNanos() / 1000;
      for (int each : source.partitions) {
        names.put(each, source.topic.shown() + "-" + each);
        Long stood = mark == null ? null : mark.watermarks().get(each);
        clocks.put(
            each, new PartitionClock(delay, stood == null ? PartitionClock.NOTHING_YET : stood));
      }
      if (mark != null) {
        offsets.putAll(mark.offsets());
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
      if (!buffered.hasNext()) {
        try {
          buffered = consumer.poll(POLL).iterator();
          now = clock.getAsLong();
          tellLag();
        } catch (KafkaException e) {
          throw new IOException(source.topic.shown() + ": " + KafkaTopic.firstLine(e), e);
        }
        if (!buffered.hasNext()) {
          quiet();
          return false;
        }
      }
      ConsumerRecord<byte[], byte[]> record = buffered.next();
      partition = record.partition();
      offsets.put(partition, record.offset() + 1);
      bytes = KafkaReader.bytes(names.get(partition), record);
      KafkaReader.read(rows, bytes, record, assembler, this);
      return true;
    }

    /** Once a poll, and of quiet topics too: a job that stands still is behind. */
    private void tellLag() {
      long least = leastWatermark();
      if (least != PartitionClock.NOTHING_YET) {
        lag.set(Math.max(0, (now - least) / 1_000_000));
      }
    }

    private void quiet() {
      clocks.forEach(
          (number, each) -> {
            TopicPartition own = new TopicPartition(source.topic.topic(), number);
            OptionalLong lag = consumer.currentLag(own);
            each.quiet(lag.isPresent() && lag.getAsLong() == 0, now);
          });
    }

    @Override
    public void event(InferenceEvent event) {
      long time = event.timeMicros();
      PartitionClock own = clocks.get(partition);
      long end = windows.endOf(time);
      boolean closed =
          own.watermark() != PartitionClock.NOTHING_YET && end + lateness <= own.watermark();
      if (closed) {
        String detail =
            "the window that ends at "
                + WindowSpec.instant(end)
                + " was closed: rows up to "
                + WindowSpec.instant(own.watermark())
                + " had come";
        current = new StreamRow(null, null, rows.letter(bytes, "late", detail));
        timestamp = watermark();
        return;
      }
      own.row(time, now);
      current = new StreamRow(event, null, null);
      timestamp = new org.joda.time.Instant(Math.floorDiv(time, 1000));
    }

    @Override
    public void bad(DeadLetter letter) {
      current = new StreamRow(null, letter, null);
      timestamp = watermark();
    }

    @Override
    public StreamRow getCurrent() {
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

    private long leastWatermark() {
      long least = Long.MAX_VALUE;
      for (PartitionClock each : clocks.values()) {
        least = Math.min(least, each.watermark());
      }
      return least;
    }

    private org.joda.time.Instant watermark() {
      long least = leastWatermark();
      long first = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
      return new org.joda.time.Instant(
          least == PartitionClock.NOTHING_YET
              ? first
              : Math.max(first, Math.floorDiv(least, 1000)));
    }

    @Override
    public Mark getCheckpointMark() {
      TreeMap<Integer, Long> watermarks = new TreeMap<>();
      clocks.forEach((number, each) -> watermarks.put(number, each.watermark()));
      return new Mark(new TreeMap<>(offsets), watermarks);
    }

    @Override
    public UnboundedSource<StreamRow, ?> getCurrentSource() {
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
