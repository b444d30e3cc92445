package io.tidemark.ingest.hold;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.IdsFold;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.WindowAggregate;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.FakeTopic;
import io.tidemark.ingest.topic.KafkaStream;
import io.tidemark.ingest.topic.PlacedLabel;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.ingest.topic.SplitOutputsFn;
import io.tidemark.ingest.topic.StreamRows;
import io.tidemark.ingest.topic.TopicReader;
import io.tidemark.ingest.topic.TopicSettings;
import io.tidemark.labels.JoinLabels;
import io.tidemark.labels.JoinRule;
import io.tidemark.labels.SettleLabels;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;

/**
 * Rows and labels of a day as they come, step by step, and what the steps behind a topic pass on
 * meanwhile. Rows go through the topic's reader, which decides which are too late and how far event
 * time has come: without a delay, to the latest row. Labels are handed on as they are.
 */
final class TopicScript {
  private static final String DAY = "2024-01-01T";
  private static final long SENT = WindowSpec.micros(Instant.parse("2024-06-01T00:00:00Z"));
  private static final String STEP = "then";
  private static final WindowAggregate<List<String>> PROFILE =
      WindowAggregate.of(IdsFold.ofWindows("Profile"), IdsFold::merge);
  private static final WindowAggregate<List<String>> LABELLED =
      WindowAggregate.of(IdsFold.ofWindows("Labelled"), IdsFold::merge);
  private static final AggregateOutput<WindowKey, List<String>> LAST = IdsFold.ofWindows("Last");
  private static final AggregateOutput<ModelVersion, List<String>> OUTCOMES =
      IdsFold.ofOutcomes("Outcomes");

  /** What the steps of a pipeline in this process have passed on, by script. */
  private static final Map<Integer, Queue<String>> PASSED = new ConcurrentHashMap<>();

  private static final AtomicInteger SCRIPTS = new AtomicInteger();

  private final int script = SCRIPTS.incrementAndGet();
  private final MonitoringSpec spec;
  private final FakeTopic topic = new FakeTopic(1);
  private final TopicReader reader;
  private TestStream.Builder<KV<String, StreamRows>> stream =
      TestStream.create(KvCoder.of(StringUtf8Coder.of(), new StreamRows.RowsCoder()));
  private org.joda.time.Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private PipelineResult result;
  private long labels;
  private boolean countsRead;

  TopicScript(String text) throws IOException {
    PASSED.put(script, new ConcurrentLinkedQueue<>());
    spec = SpecReader.read("test", text);
    KafkaStream source = new KafkaStream(new TreeMap<>(), "events", null, "none", 1, 0, 1);
    KafkaTopic named = KafkaTopic.of("--events", "kafka://h:1/" + FakeTopic.NAME + "?delay=PT0S");
    ModelRows rows = ModelRows.of(spec, EventColumns.all(spec), Redaction.of(spec, null));
    TopicSettings.OfModel model = new TopicSettings.OfModel(rows, spec.window(), TimeRange.ALL);
    TopicSettings settings =
        new TopicSettings("--events", named, Fleet.one(spec.model(), model), "none", 0, SENT);
    reader = new TopicReader(source, settings, null, topic, () -> SENT);
    reader.start();
  }

  private Fleet<MonitoringSpec> specs() {
    return Fleet.one(spec.model(), spec);
  }

  private static Instant time(String time) {
    return Instant.parse(DAY + time + ":00Z");
  }

  /** A row comes. */
  TopicScript row(String time, String id) throws IOException {
    return record(
        "{\"id\": \"%s\", \"at\": \"%s\", \"p\": 0.5, \"n\": 1}".formatted(id, time(time)));
  }

  /** A record comes. */
  TopicScript record(String json) throws IOException {
    topic.send(0, json, SENT / 1000);
    topic.serve();
    reader.advance();
    StreamRows rows = reader.getCurrent();
    add(KV.of("rows", rows), reader.getCurrentTimestamp());
    if (reader.getWatermark().isAfter(watermark)) {
      watermark = reader.getWatermark();
      stream = stream.advanceWatermarkTo(watermark);
    }
    return this;
  }

  /** Event time comes to it. */
  TopicScript clock(String time) throws IOException {
    return row(time, IdsFold.CLOCK);
  }

  /** A label comes. */
  TopicScript label(String time, String id, String value) {
    return label(time, id, value, new String[0]);
  }

  /** One of a source that the spec knows of. */
  TopicScript labelOf(String source, String time, String id, String value) {
    return label(time, id, value, new String[] {source});
  }

  private TopicScript label(String time, String id, String value, String[] source) {
    long micros = WindowSpec.micros(time(time));
    String[] values = {value};
    StreamRows rows = StreamRows.empty();
    InferenceEvent label = new InferenceEvent(id, micros, "", new double[0], values, null, source);
    rows.add(spec.model(), PlacedLabel.at(label, "labels-0", labels++));
    add(KV.of("labels", rows), new org.joda.time.Instant(micros / 1000));
    return this;
  }

  private void add(KV<String, StreamRows> element, org.joda.time.Instant at) {
    stream = stream.addElements(TimestampedValue.of(element, at));
  }

  /** Time passes in which nothing comes. */
  TopicScript pause(Duration time) {
    stream = stream.advanceProcessingTime(time);
    return this;
  }

  /** The next step begins. */
  TopicScript then() {
    stream = stream.addElements(KV.of(STEP, StreamRows.empty()));
    return this;
  }

  /**
   * What is passed on of held rows: by each shard, and at last.
   *
   * @return a text a step, and one for when no more comes; what a step passes on is in no order,
   *     here in the alphabet's
   */
  List<String> held() {
    return run(
        AggregateTopic.of(specs(), false, PROFILE).atLast(List.of(LAST)),
        out -> {
          pass(out.get(PROFILE.parts()), TopicScript::part);
          pass(out.get(LAST.tag()), TopicScript::last);
        });
  }

  /** What windows are put together to, likewise. */
  List<String> assembled() {
    Fleet<WindowTiming> times = specs().map(each -> WindowTiming.withoutLabels(each.window()));
    return run(
        AggregateTopic.of(specs(), false, PROFILE),
        out ->
            pass(
                AggregateTopic.assembled("Assemble", out.get(PROFILE.parts()), PROFILE, times),
                TopicScript::window));
  }

  /** What is passed on of rows that wait for labels, and of their outcomes, likewise. */
  List<String> joined() {
    return run(
        AggregateTopic.of(specs(), true, PROFILE)
            .revising(List.of(LABELLED))
            .atLast(List.of(LAST))
            .showing(OUTCOMES, (IdsFold<ModelVersion>) OUTCOMES.fold()),
        out -> {
          pass(out.get(LABELLED.parts()), TopicScript::part);
          pass(out.get(LAST.tag()), TopicScript::last);
          pass(out.get(OUTCOMES.tag()), TopicScript::shown);
        });
  }

  /**
   * What has become of labels: counts, and what is listed below a folder by class, id and offset.
   */
  List<String> settled(Path folder, Redaction redaction) {
    WindowTiming times = WindowTiming.withLabels(spec);
    JoinRule rule = JoinRule.ofStream(spec);
    JoinLabels.Listing listing =
        new JoinLabels.Listing(folder.toString(), spec.labels(), redaction);
    Fleet<SettleLabels.OfModel> models =
        Fleet.one(spec.model(), new SettleLabels.OfModel(times, rule, listing));
    return run(
        AggregateTopic.of(specs(), true, PROFILE).revising(List.of(LABELLED)),
        out -> {
          PCollectionTuple settled =
              out.get(AggregateTopic.CLOSED).apply("Settle", SettleLabels.of(models));
          pass(settled.get(SettleLabels.COUNTS), AccountText::labelCounts);
          pass(settled.get(SettleLabels.LISTED), AccountText::listed);
        });
  }

  /** What has become of rows when no more come. */
  List<String> counted() {
    countsRead = true;
    return run(AggregateTopic.of(specs(), false, PROFILE), out -> {});
  }

  private List<String> run(AggregateTopic aggregate, Consumer<PCollectionTuple> watch) {
    Pipeline pipeline = Pipeline.create();
    PCollection<KV<String, StreamRows>> all = pipeline.apply(stream.advanceWatermarkToInfinity());
    pass(only(all, STEP), rows -> STEP);
    PCollectionTuple read =
        ReadTopic.toldApart(
            "TellApart",
            only(all, "rows"),
            new SplitOutputsFn(
                specs().models(), StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED));
    PCollectionTuple labels =
        ReadTopic.toldApart(
            "TellLabelsApart",
            only(all, "labels"),
            new SplitOutputsFn(
                specs().models(), StreamMetric.LABELS_IN, StreamMetric.LABELS_DEAD_LETTERED));
    PCollectionTuple followed =
        PCollectionTuple.of(ReadTopic.ROWS, read.get(ReadTopic.ROWS))
            .and(ReadTopic.LABELS, labels.get(ReadTopic.ROWS))
            .apply("Follow", aggregate);
    watch.accept(followed);
    pass(read.get(ReadTopic.LATE), TopicScript::letter);
    pass(read.get(ReadTopic.BAD), TopicScript::letter);
    if (countsRead) {
      PCollection<KV<String, RowCounts>> counts =
          PCollectionList.of(read.get(ReadTopic.COUNTS))
              .and(followed.get(AggregateTopic.COUNTS))
              .apply("AllCounts", Flatten.pCollections())
              .apply(
                  "AtLast",
                  Window.<KV<String, RowCounts>>configure()
                      .triggering(AfterWatermark.pastEndOfWindow())
                      .withAllowedLateness(Duration.ZERO)
                      .discardingFiredPanes())
              .apply("SumCounts", Combine.perKey(new RowCounts.Sum()))
              .setCoder(ReadTopic.COUNTS_CODER);
      pass(counts, AccountText::rowCounts);
    }
    result = pipeline.run();
    result.waitUntilFinish();
    return steps();
  }

  private static PCollection<StreamRows> only(
      PCollection<KV<String, StreamRows>> all, String kind) {
    return all.apply("Only " + kind, Filter.by(each -> each.getKey().equals(kind)))
        .apply("Of " + kind, Values.create());
  }

  private <T> void pass(PCollection<T> passed, SerializableFunction<T, String> text) {
    passed.apply("Pass " + passed.getName(), ParDo.of(new PassFn<>(script, text)));
  }

  private List<String> steps() {
    List<String> steps = new ArrayList<>();
    TreeSet<String> step = new TreeSet<>();
    for (String each : PASSED.remove(script)) {
      if (each.equals(STEP)) {
        steps.add(String.join(", ", step));
        step.clear();
      } else if (!step.add(each)) {
        step.add(each + " again");
      }
    }
    steps.add(String.join(", ", step));
    return steps;
  }

  /** What a metric has come to. */
  long count(StreamMetric metric) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(StreamMetric.NAMESPACE, metric.of(spec.model())))
            .build();
    long sum = 0;
    for (MetricResult<Long> each : result.metrics().queryMetrics(filter).getCounters()) {
      sum += each.getAttempted();
    }
    return sum;
  }

  private static final class PassFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;

    private final int script;
    private final SerializableFunction<T, String> text;

    PassFn(int script, SerializableFunction<T, String> text) {
      this.script = script;
      this.text = text;
    }

    @ProcessElement
    public void process(@Element T element) {
      PASSED.get(script).add(text.apply(element));
    }
  }

  /** The hour, and the rows: {@code 00: leo@10 sam@20}. */
  private static String part(KV<WindowKey, KV<Integer, byte[]>> part) {
    return hour(part.getKey()) + ": " + rows(part.getValue().getValue());
  }

  private static String window(KV<WindowKey, List<String>> window) {
    return hour(window.getKey()) + ": " + rows(window.getValue());
  }

  private static String last(KV<WindowKey, byte[]> window) {
    return hour(window.getKey()) + " at last: " + rows(window.getValue());
  }

  private static String shown(KV<ModelVersion, byte[]> outcomes) {
    return "shown: " + rows(outcomes.getValue());
  }

  private static String letter(KV<String, DeadLetter> ofModel) {
    DeadLetter letter = ofModel.getValue();
    return letter.getReason() + ": " + letter.getText().replaceAll(".*\"id\": \"(\\w+)\".*", "$1");
  }

  private static String hour(WindowKey window) {
    return WindowSpec.instant(window.start()).toString().substring(DAY.length(), DAY.length() + 2);
  }

  private static String rows(byte[] state) {
    try {
      return rows(MergeStates.unpack(IdsFold.CODER, state));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String rows(List<String> rows) {
    return String.join(" ", rows.stream().sorted().toList());
  }
}
