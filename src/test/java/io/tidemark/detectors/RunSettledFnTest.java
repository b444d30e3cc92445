package io.tidemark.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.ModelVersion;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.store.JsonLines;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose error rate rises in the sixth of ten hours of labels. */
class RunSettledFnTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: followed
          task: binary
          events: {id: i, time: t, prediction: {score: p, positive: "1"}}
          features: {a: numeric}
          labels: {id: i, value: y, time: t, horizon: P1D}
          window: {size: PT1H, allowed_lateness: PT30M}
          performance: {detectors: [ddm, page_hinkley]}
          snapshot: off
          """);

  private static final List<String> METHODS = List.of("ddm", "page_hinkley");
  private static final ModelVersion VERSION = new ModelVersion(SPEC.model(), "");
  private static final Redaction NONE = Redaction.of(SPEC, null);
  private static final long HOUR = 3_600_000_000L;
  private static final int HOURS = 10;
  private static final int AN_HOUR = 300;

  @TempDir Path output;

  private TestStream.Builder<KV<ModelVersion, byte[]>> stream =
      TestStream.create(KvCoder.of(new ModelVersion.VersionCoder(), ByteArrayCoder.of()));

  @BeforeAll
  static void files() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private record Outcome(long labelTime, long eventTime, String id, boolean error) {}

  private static List<Outcome> outcomes() {
    Random random = new Random(3);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < HOURS * AN_HOUR; i++) {
      long labelled = i * HOUR / AN_HOUR;
      // Labels of one moment come in the order of their events.
      outcomes.add(
          new Outcome(
              labelled - labelled % 100_000_000,
              labelled - random.nextInt(1_000_000),
              "id-" + i,
              random.nextDouble() < (i < HOURS * AN_HOUR / 2 ? .1 : .5)));
    }
    return outcomes;
  }

  private static OutcomeLog log(List<Outcome> outcomes) {
    OutcomeLog log = new OutcomeLog();
    outcomes.forEach(each -> log.add(each.labelTime, each.eventTime, each.id, each.error));
    return log;
  }

  private void send(List<Outcome> outcomes) throws IOException {
    for (int from = 0; from < outcomes.size(); from += 70) {
      List<Outcome> part = outcomes.subList(from, Math.min(outcomes.size(), from + 70));
      stream =
          stream.addElements(KV.of(VERSION, MergeStates.pack(new OutcomeLogCoder(), log(part))));
    }
  }

  private void watermark(double hours) {
    stream = stream.advanceWatermarkTo(new Instant((long) (hours * HOUR / 1000)));
  }

  private PipelineResult gives(List<String> alarms) {
    Pipeline pipeline = Pipeline.create();
    PCollection<String> rang =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(
                DetectChanges.with(
                    Fleet.one(SPEC.model(), SPEC),
                    Fleet.one(SPEC.model(), NONE),
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    output.toString()))
            .apply(WriteTable.<Finding>of(Table.FINDINGS, output.toString()).inFiles("detectors"))
            .apply(
                FlatMapElements.into(TypeDescriptors.strings())
                    .via(
                        window ->
                            window.content().stream()
                                .filter(Finding::getAlarm)
                                .map(JsonLines::line)
                                .toList()));
    PAssert.that(rang).containsInAnyOrder(alarms);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result;
  }

  private static long count(PipelineResult result, StreamMetric metric) {
    long count = 0;
    for (var each :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named(StreamMetric.NAMESPACE, metric.of(SPEC.model())))
                    .build())
            .getCounters()) {
      count += each.getAttempted();
    }
    return count;
  }

  /** What detectors say that are shown everything at once. */
  private static List<String> alarms(List<Outcome> outcomes) throws IOException {
    RunDetectors show = show();
    List<Finding> findings = new ArrayList<>();
    show.show(log(outcomes), "", show.watches(List.of(), 0), 0, null, findings::add);
    return findings.stream().filter(Finding::getAlarm).map(JsonLines::line).toList();
  }

  private static RunDetectors show() {
    return RunDetectors.of(SPEC, NONE, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private DetectorState state() throws IOException {
    return new DetectorStates(output.toString(), SPEC.model())
        .latest("", Long.MAX_VALUE)
        .orElseThrow();
  }

  @Test
  void outcomesInAnyOrderWithinTheLateness() throws Exception {
    List<Outcome> all = outcomes();
    List<String> alarms = alarms(all);
    assertThat(alarms).hasSizeGreaterThanOrEqualTo(METHODS.size());
    Random random = new Random(5);
    for (int from = 0; from < all.size(); from += AN_HOUR) {
      // Each hour's come half in it and half in the next, before that is half over.
      List<Outcome> half = new ArrayList<>(all.subList(from, from + AN_HOUR / 2));
      List<Outcome> rest = new ArrayList<>(all.subList(from + AN_HOUR / 2, from + AN_HOUR));
      Collections.shuffle(rest, random);
      Collections.shuffle(half, random);
      double hour = (double) from / AN_HOUR;
      send(rest);
      watermark(hour + 1.2);
      send(half);
      watermark(hour + 1.4);
    }
    PipelineResult result = gives(alarms);
    assertThat(count(result, StreamMetric.OUTCOMES_SHOWN)).isEqualTo(all.size());
    assertThat(count(result, StreamMetric.OUTCOMES_LATE)).isZero();
    RunDetectors show = show();
    List<DetectorRun> watches = show.watches(List.of(), 0);
    long next = show.show(log(all), "", watches, 0, null, finding -> {});
    assertThat(state()).isEqualTo(show.state("", watches, next, HOURS * HOUR));
  }

  @Test
  void goesOnFromWhereARunBeforeLeftTheDetectors() throws Exception {
    List<Outcome> all = outcomes();
    int half = all.size() / 2;
    RunDetectors show = show();
    List<DetectorRun> watches = show.watches(List.of(), 0);
    List<Finding> before = new ArrayList<>();
    long next = show.show(log(all.subList(0, half)), "", watches, 0, null, before::add);
    new DetectorStates(output.toString(), SPEC.model())
        .write(show.state("", watches, next, HOURS / 2 * HOUR));
    List<String> alarms = new ArrayList<>(alarms(all));
    alarms.removeAll(before.stream().filter(Finding::getAlarm).map(JsonLines::line).toList());
    assertThat(alarms).isNotEmpty();
    send(all.subList(half, all.size()));
    gives(alarms);
    assertThat(state().getOutcomes()).isEqualTo(all.size());
  }

  @Test
  void outcomesWhoseTurnHasPassedAreCountedAndNotShown() throws Exception {
    List<Outcome> all = outcomes();
    List<Outcome> late = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      late.add(all.get(5 * i));
    }
    List<Outcome> others = new ArrayList<>(all);
    others.removeAll(late);
    send(others.subList(0, others.size() / 2));
    watermark(4);
    send(late);
    watermark(5);
    send(others.subList(others.size() / 2, others.size()));
    PipelineResult result = gives(alarms(others));
    assertThat(count(result, StreamMetric.OUTCOMES_LATE)).isEqualTo(late.size());
    assertThat(count(result, StreamMetric.OUTCOMES_SHOWN)).isEqualTo(others.size());
    assertThat(state().getOutcomes()).isEqualTo(others.size());
  }
}
