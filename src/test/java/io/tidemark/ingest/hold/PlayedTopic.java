package io.tidemark.ingest.hold;

import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.FakeTopic;
import io.tidemark.ingest.topic.KafkaStream;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.ingest.topic.SplitOutputsFn;
import io.tidemark.ingest.topic.StreamRows;
import io.tidemark.ingest.topic.TopicReader;
import io.tidemark.ingest.topic.TopicSettings;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;

/**
 * What {@link ReadTopic} gives of a topic of JSON lines, without a broker: the lines go through the
 * topic's reader, a poll after the other. When all have been read the job is killed: what it has
 * not written by then it never will.
 */
public final class PlayedTopic extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** What the job is killed with. */
  public static final String KILLED = "killed";

  private static final long SENT = WindowSpec.micros(Instant.parse("2040-01-01T00:00:00Z"));
  private static final long KILL = Long.MAX_VALUE;
  private static final int POLL = 200;

  private final transient MonitoringSpec spec;
  private final transient TimeRange range;
  private final transient List<String> lines;

  public PlayedTopic(MonitoringSpec spec, TimeRange range, List<String> lines) {
    this.spec = spec;
    this.range = range;
    this.lines = lines;
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    try {
      return ReadTopic.toldApart(
          "TellApart",
          begin.apply("Play", played()).apply("Kill", ParDo.of(new KillFn())),
          new SplitOutputsFn(
              Set.of(spec.model()), StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestStream<StreamRows> played() throws IOException {
    FakeTopic topic = new FakeTopic(1);
    TopicReader reader = reader(topic);
    TestStream.Builder<StreamRows> stream = TestStream.create(new StreamRows.RowsCoder());
    org.joda.time.Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
    for (int from = 0; from < lines.size(); from += POLL) {
      for (String line : lines.subList(from, Math.min(lines.size(), from + POLL))) {
        topic.send(0, line, SENT / 1000);
      }
      topic.serve();
      if (!reader.advance()) {
        throw new IOException("nothing was polled");
      }
      stream =
          stream.addElements(
              TimestampedValue.of(reader.getCurrent(), reader.getCurrentTimestamp()));
      if (reader.getWatermark().isAfter(watermark)) {
        watermark = reader.getWatermark();
        stream = stream.advanceWatermarkTo(watermark);
      }
      stream = stream.advanceProcessingTime(Duration.standardSeconds(10));
    }
    return stream.addElements(StreamRows.empty().withUnclaimed(KILL)).advanceWatermarkToInfinity();
  }

  private TopicReader reader(FakeTopic topic) throws IOException {
    KafkaTopic named = KafkaTopic.of("--events", "kafka://h:1/" + FakeTopic.NAME + "?delay=PT0S");
    ModelRows rows = ModelRows.of(spec, EventColumns.all(spec), Redaction.of(spec, null));
    TopicSettings settings =
        new TopicSettings(
            "--events",
            named,
            Fleet.one(spec.model(), new TopicSettings.OfModel(rows, spec.window(), range)),
            "none",
            0,
            SENT);
    KafkaStream source = new KafkaStream(new TreeMap<>(), "events", null, "none", 1, 0, 1);
    WallClock clock = () -> SENT;
    TopicReader reader = new TopicReader(source, settings, null, topic, clock);
    reader.start();
    return reader;
  }

  private static final class KillFn extends DoFn<StreamRows, StreamRows> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element StreamRows rows, OutputReceiver<StreamRows> out) {
      if (rows.unclaimed() == KILL) {
        throw new IllegalStateException(KILLED);
      }
      out.output(rows);
    }
  }
}
