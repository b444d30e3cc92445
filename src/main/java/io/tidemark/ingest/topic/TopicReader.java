package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.WallClock;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RecordTakers;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.ingest.scan.KafkaReader;
import io.tidemark.ingest.scan.LostRecords;
import io.tidemark.ingest.scan.ScanFn;
import io.tidemark.ingest.scan.TopicClient;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.LetterLength;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads some partitions of a {@link KafkaStream}. Not thread-safe. */
public final class TopicReader extends UnboundedSource.UnboundedReader<StreamRows>
    implements Audience.Others {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

  /** How often partitions without records are looked at. */
  private static final long LOOK_MICROS = 1_000_000L;

  private final KafkaStream source;
  private final TopicSettings settings;
  private final TopicMark mark;
  private final WallClock wallClock;
  private final RecordTakers takers;
  private final TopicClock clock;
  private final TopicFeed feed;
  private final List<DeadLetter> lost = new ArrayList<>();
  private final Gauge lag = StreamMetric.WATERMARK_LAG_SECONDS.gauge();
  private final Counter ahead = StreamMetric.ROWS_AHEAD.counter();
  private final Counter offsetsLost = StreamMetric.OFFSETS_LOST.counter();
  private final AheadRows aheadRows;
  private TopicSilence silence;
  private RecordRows.Bytes bytes;

  /** What is being read. */
  private ConsumerRecord<byte[], byte[]> record;

  /** Time of its row, of the model that took it last; meaningless before one has. */
  private long taken;

  private boolean isTaken;

  /** Wall clock when reading began. */
  private long begun;

  /** Wall clock at the last poll: what was polled then is read in a moment. */
  private long now;

  /** Wall clock when partitions without records were last looked at. */
  private long looked;

  private StreamRows gathered;
  private long unclaimed;

  /** Of the rows in time among it. */
  private long least;

  private StreamRows current;
  private org.joda.time.Instant timestamp;

  /**
   * @param mark where to go on, or null
   */
  public TopicReader(
      KafkaStream source,
      TopicSettings settings,
      TopicMark mark,
      TopicClient client,
      WallClock wallClock) {
    this.source = source;
    this.settings = settings;
    this.mark = mark;
    this.wallClock = wallClock;
    List<Audience.Taker> each = new ArrayList<>();
    for (String model : settings.models().models()) {
      each.add(
          settings.models().of(model).rows().into(new Taking(model, settings.models().of(model))));
    }
    this.takers = settings.topic().takers(new Audience(each, this));
    this.clock = new TopicClock(mark == null ? PartitionWatermark.NOTHING_YET : mark.reached());
    this.feed = new TopicFeed(settings, client, clock, source.index, source.readers, this::lose);
    this.aheadRows = new AheadRows(LOG::warn);
  }

  @Override
  public boolean start() throws IOException {
    begun = wallClock.micros();
    now = begun;
    silence = new TopicSilence(settings.topic().topic(), settings.ofLabels(), begun);
    ahead.inc(0); // known from the start, so that the first is seen as a rise from 0
    offsetsLost.inc(0);
    feed.start(mark, begun);
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    current = null;
    ConsumerRecords<byte[], byte[]> records = feed.poll();
    now = wallClock.micros();
    // Of busy topics too, or a partition without records would hold up what the others bring.
    if (now - looked >= LOOK_MICROS) {
      // What a reader that stood still has not seen is no silence of the topic: one look is one.
      clock.missed(now - looked >= 2 * LOOK_MICROS ? now - looked - LOOK_MICROS : 0);
      looked = now;
      feed.look(silence, now);
      aheadRows.tell(now);
      tellLag();
    }
    if (records.isEmpty() && lost.isEmpty()) {
      return false;
    }
    StreamRows read = StreamRows.empty();
    gathered = read;
    least = Long.MAX_VALUE;
    unclaimed = 0;
    for (DeadLetter letter : lost) {
      lost(letter);
    }
    lost.clear();
    for (ConsumerRecord<byte[], byte[]> each : records) {
      record = each;
      isTaken = false;
      bytes = KafkaReader.bytes(feed.name(each.partition()), each);
      KafkaReader.hand(takers, bytes, each);
    }
    current = read.withUnclaimed(unclaimed);
    timestamp =
        read.events().isEmpty()
            ? clock.watermark()
            : new org.joda.time.Instant(Math.floorDiv(least, 1000));
    return true;
  }

  private void lose(LostRecords gap) {
    offsetsLost.inc(gap.count());
    lost.add(gap.letter());
    LOG.warn("{}: {}", gap.source(), gap.what());
  }

  /** How far what is read is behind; of quiet topics too: a job that stands still is behind. */
  private void tellLag() {
    long behind = clock.behind(begun, now);
    if (!settings.ofLabels() && behind >= 0) {
      lag.set(behind / 1_000_000);
    }
  }

  /** One model's rows. */
  private final class Taking implements EventSink {
    private final String model;
    private final WindowCursor windows;
    private final long lateness;
    private final TimeRange range;
    private final RecordRows rows;

    Taking(String model, TopicSettings.OfModel own) {
      this.model = model;
      this.windows = own.window() == null ? null : new WindowCursor(own.window());
      this.lateness = own.lateness();
      this.range = own.range();
      this.rows = settings.topic().rows(own.rows().columns(), own.rows().redaction());
    }

    @Override
    public void event(InferenceEvent event) {
      long time = event.timeMicros();
      if (!range.contains(time)) {
        moveClock(time);
        gathered.outOfRange().merge(model, 1L, Long::sum);
        return;
      }
      long comesTo = clock.comesTo(record.partition());
      long end = windows == null ? 0 : windows.endOf(time);
      boolean closed =
          windows != null && comesTo != PartitionWatermark.NOTHING_YET && end + lateness <= comesTo;
      if (closed) {
        String detail =
            "the window that ends at "
                + WindowSpec.instant(end)
                + " was closed: rows up to "
                + WindowSpec.instant(comesTo)
                + " had come";
        DeadLetter letter = rows.letter(bytes, "late", detail);
        gathered.late().add(KV.of(model, LetterLength.bounded(letter)));
        return;
      }
      moveClock(time);
      gathered.add(
          model,
          settings.ofLabels() ? PlacedLabel.at(event, bytes.source(), bytes.position()) : event);
      least = Math.min(least, time);
    }

    @Override
    public void bad(DeadLetter letter) {
      gathered.bad().add(KV.of(model, LetterLength.bounded(letter)));
    }
  }

  /** A row that several models take is one. */
  private void moveClock(long time) {
    boolean again = isTaken && taken == time;
    if (!again && clock.row(record.partition(), time, record.timestamp())) {
      ahead.inc();
      aheadRows.add(feed.name(record.partition()), time);
    }
    taken = time;
    isTaken = true;
  }

  /** What was lost is everybody's who takes all rows, or else nobody's. */
  private void lost(DeadLetter letter) {
    boolean told = false;
    for (String model : settings.models().models()) {
      if (settings.models().of(model).rows().takesAll()) {
        gathered.bad().add(KV.of(model, letter));
        told = true;
      }
    }
    if (!told) {
      gathered.bad().add(KV.of(ScanFn.NOBODY, letter));
    }
  }

  @Override
  public void unclaimed(long rows) {
    unclaimed += rows;
  }

  @Override
  public void unreadable(DeadLetter letter) {
    gathered.bad().add(KV.of(ScanFn.NOBODY, LetterLength.bounded(letter)));
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
    feed.settle();
    return clock.watermark();
  }

  @Override
  public TopicMark getCheckpointMark() {
    try {
      return feed.mark(now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public UnboundedSource<StreamRows, ?> getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    feed.close();
  }
}
