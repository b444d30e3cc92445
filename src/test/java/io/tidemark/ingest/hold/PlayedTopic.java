package io.tidemark.ingest.hold;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.FakeTopic;
import io.tidemark.ingest.topic.KafkaStream;
import io.tidemark.ingest.topic.PlacedLabel;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
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
  private static final String ROWS = "rows";
  private static final String LABELS = "labels";
  private static final int POLL = 200;

  private final transient MonitoringSpec spec;
  private final transient TimeRange range;
  private final transient List<String> lines;

  /** By their time; null: there is no topic of labels. */
  private final transient List<InferenceEvent> labels;

  public PlayedTopic(MonitoringSpec spec, TimeRange range, List<String> lines) {
    this(spec, range, lines, null);
  }

  private PlayedTopic(
      MonitoringSpec spec, TimeRange range, List<String> lines, List<InferenceEvent> labels) {
    this.spec = spec;
    this.range = range;
    this.lines = lines;
    this.labels = labels;
  }

  /** The same with labels, which come when the rows of their time have come. */
  public PlayedTopic withLabels(List<InferenceEvent> given) {
    List<InferenceEvent> inTime = new ArrayList<>(given);
    inTime.sort(Comparator.comparingLong(InferenceEvent::timeMicros));
    return new PlayedTopic(spec, range, lines, inTime);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    try {
      PCollection<KV<String, StreamRows>> all = begin.apply("Play", played());
      PCollectionTuple rows =
          ReadTopic.toldApart(
              "TellApart",
              only(ROWS, all).apply("Kill", ParDo.of(new KillFn())),
              new SplitOutputsFn(
                  Set.of(spec.model()), StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED));
      if (labels == null) {
        return rows;
      }
      PCollectionTuple given =
          ReadTopic.toldApart(
              "TellLabelsApart",
              only(LABELS, all),
              new SplitOutputsFn(
                  Set.of(spec.model()), StreamMetric.LABELS_IN, StreamMetric.LABELS_DEAD_LETTERED));
      return rows.and(ReadTopic.LABELS, given.get(ReadTopic.ROWS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PCollection<StreamRows> only(
      String kind, PCollection<KV<String, StreamRows>> all) {
    return all.apply("Only " + kind, Filter.by(each -> each.getKey().equals(kind)))
        .apply("Of " + kind, Values.create());
  }

  private TestStream<KV<String, StreamRows>> played() throws IOException {
    FakeTopic topic = new FakeTopic(1);
    TopicReader reader = reader(topic);
    TestStream.Builder<KV<String, StreamRows>> stream =
        TestStream.create(KvCoder.of(StringUtf8Coder.of(), new StreamRows.RowsCoder()));
    int label = 0;
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
              TimestampedValue.of(KV.of(ROWS, reader.getCurrent()), reader.getCurrentTimestamp()));
      StreamRows due = StreamRows.empty();
      int first = label;
      long until = reader.getWatermark().getMillis() * 1000;
      while (labels != null && label < labels.size() && labels.get(label).timeMicros() <= until) {
        due.add(spec.model(), PlacedLabel.at(labels.get(label), "labels-0", label));
        label++;
      }
      if (label > first) {
        org.joda.time.Instant at = new org.joda.time.Instant(labels.get(first).timeMicros() / 1000);
        stream = stream.addElements(TimestampedValue.of(KV.of(LABELS, due), at));
      }
      if (reader.getWatermark().isAfter(watermark)) {
        watermark = reader.getWatermark();
        stream = stream.advanceWatermarkTo(watermark);
      }
      stream = stream.advanceProcessingTime(Duration.standardSeconds(10));
    }
    return stream
        .addElements(KV.of(ROWS, StreamRows.empty().withUnclaimed(KILL)))
        .advanceWatermarkToInfinity();
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
