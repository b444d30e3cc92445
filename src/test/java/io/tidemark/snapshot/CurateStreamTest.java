package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.BlankColumns;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.Reach;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Grid;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of six hours, a snapshot a day; a period is closed three hours after its end. */
class CurateStreamTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: regression
          events: {id: i, time: t, prediction: {value: p}}
          features: {x: numeric}
          window: {size: PT6H, allowed_lateness: PT3H}
          snapshot: {period: P1D, rows: 40}
          """);
  private static final Redaction NONE = Redaction.of(SPEC, null);
  private static final TreeMap<String, String> BASELINES = new TreeMap<>(Map.of("", "baseline"));
  private static final long HOUR = 3_600_000_000L;
  private static final Broadcast<Fleet<PoolSettings>> POOLS =
      Broadcast.of(Fleet.one("m", settings()));

  private static final int KILL = 2;

  private static final KvCoder<WindowKey, byte[]> PACKED =
      KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of());
  private static final WindowRevision.RevisionCoder<List<DriftedField>> DRIFTED =
      CurateSnapshot.driftedCoder();
  private static final TupleTag<KV<WindowKey, byte[]>> POOL_TAG = new TupleTag<>("pools") {};
  private static final TupleTag<WindowRevision<List<DriftedField>>> DRIFT_TAG =
      new TupleTag<>("drift") {};

  @TempDir Path output;
  @TempDir Path expected;

  private TestStream.Builder<KV<Integer, KV<WindowKey, byte[]>>> stream =
      TestStream.create(KvCoder.of(VarIntCoder.of(), PACKED));
  private final List<KV<WindowKey, byte[]>> pools = new ArrayList<>();
  private final TreeSet<WindowKey> whole = new TreeSet<>();
  private long refused;

  @BeforeAll
  static void files() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static PoolSettings settings() {
    Grid grid = Grid.of(new double[] {0, .25, .5, .75, 1}, true);
    EventLayout layout = EventLayout.of(SPEC);
    List<FieldBins> references = new ArrayList<>();
    List<CutPoints> cuts = new ArrayList<>();
    for (var field : layout.fields()) {
      references.add(new FieldBins(field, grid, null, null, null, false));
      cuts.add(new CutPoints(grid.edges()));
    }
    ProfileLayout profile =
        new ProfileLayout("m", 0, layout, cuts, Arrays.asList(null, null), List.of(), 16, 16);
    TreeMap<Integer, Strata> strata = new TreeMap<>();
    strata.put(0, Strata.of(SPEC, profile, references));
    TreeMap<Integer, CellShares> training = new TreeMap<>();
    training.put(0, CellShares.of(null, profile));
    return new PoolSettings(
        "m",
        ProfileLayouts.single(profile),
        strata,
        training,
        Collections.nCopies(PoolSettings.kept(SPEC.snapshot()).size(), 100),
        new BlankColumns(List.of()),
        5);
  }

  private static InferenceEvent event(int hour, int i) {
    double x = (i * 37 % 100) / 100.0;
    return new InferenceEvent(
        "h" + hour + "-" + i,
        hour * HOUR + i,
        "",
        new double[] {x, 1 - x},
        new String[0],
        null,
        new String[0]);
  }

  /** Candidates of a window, in two pieces. */
  private void window(int hour) throws IOException {
    WindowKey key = new WindowKey("m", "", hour * HOUR);
    for (int piece = 0; piece < 2; piece++) {
      StratifiedSample pool = POOLS.get().of("m").newPool("");
      for (int i = piece; i < 60; i += 2) {
        pool.add(event(hour, i));
      }
      byte[] packed = MergeStates.pack(new StratifiedSampleCoder(POOLS), pool);
      pools.add(KV.of(key, packed));
      stream = stream.addElements(KV.of(0, KV.of(key, packed)));
    }
  }

  private static DriftedField field(int hour, String id) {
    return new DriftedField(
        new WindowKey("m", "", hour * HOUR), 0, id, new double[] {-.2, -.2, 0, .2, .2, 0});
  }

  /** What rang in a window when it was judged with so many rows. */
  private void rang(int hour, long rows, String... ids) {
    rang(hour, rows, true, ids);
  }

  private void rang(int hour, long rows, boolean complete, String... ids) {
    WindowKey key = new WindowKey("m", "", hour * HOUR);
    List<DriftedField> fields = Stream.of(ids).map(id -> field(hour, id)).toList();
    if (complete) {
      whole.add(key);
    }
    byte[] packed = MergeStates.pack(DRIFTED, new WindowRevision<>(key, rows, complete, fields));
    stream = stream.addElements(KV.of(1, KV.of(key, packed)));
  }

  private void watermark(int hour) {
    stream = stream.advanceWatermarkTo(new Instant(hour * HOUR / 1000));
  }

  /** What has not come by now is not written. */
  private void killed() {
    WindowKey any = new WindowKey("m", "", 0);
    stream = stream.addElements(KV.of(KILL, KV.of(any, new byte[0])));
    assertThatThrownBy(this::publishes).hasMessageContaining("killed");
  }

  /** Which manifests came out, in the order of periods. */
  private void publishes(String... periods) {
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple both =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(
                "Apart",
                ParDo.of(new ApartFn()).withOutputTags(POOL_TAG, TupleTagList.of(DRIFT_TAG)));
    both.get(POOL_TAG).setCoder(PACKED);
    both.get(DRIFT_TAG).setCoder(DRIFTED);
    PAssert.that(
            both.get(POOL_TAG)
                .apply(
                    CurateSnapshot.of(
                        new PeriodRun(
                            Fleet.one("m", SPEC),
                            Fleet.one("m", NONE),
                            Fleet.one("m", BASELINES),
                            output.toString(),
                            Fleet.one("m", Reach.STREAM),
                            Fleet.one("m", WindowTiming.withoutLabels(SPEC.window())),
                            new LogEdges(
                                Fleet.one("m", SPEC.window()),
                                Fleet.one("m", WindowCompleteness.UNBOUNDED),
                                null,
                                null)),
                        POOLS,
                        both.get(DRIFT_TAG),
                        PCollectionList.empty(pipeline),
                        Set.of()))
                .get(CurateSnapshot.PUBLISHED)
                .apply(Values.create()))
        .containsInAnyOrder(
            Stream.of(periods)
                .map(period -> output + "/snapshots/m/" + period + "/manifest.json")
                .toList());
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    refused = 0;
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(
                    MetricNameFilter.named(
                        StreamMetric.NAMESPACE, StreamMetric.SNAPSHOTS_REFUSED.of("m")))
                .build())
        .getCounters()
        .forEach(each -> refused += each.getAttempted());
  }

  private static final class ApartFn
      extends DoFn<KV<Integer, KV<WindowKey, byte[]>>, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<Integer, KV<WindowKey, byte[]>> element, MultiOutputReceiver out)
        throws IOException {
      if (element.getKey() == KILL) {
        throw new IllegalStateException("killed");
      } else if (element.getKey() == 0) {
        out.get(POOL_TAG).output(element.getValue());
      } else {
        out.get(DRIFT_TAG).output(MergeStates.unpack(DRIFTED, element.getValue().getValue()));
      }
    }
  }

  /** Hashes of files by their names. */
  private static TreeMap<String, String> files(Path folder) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(file).toString(),
            io.tidemark.store.ContentHash.of(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  /** What a batch run writes of the candidates so far. */
  private void expect(int hour, String... ids) throws IOException {
    prepare(expected, hour, ids);
  }

  private void prepare(Path into, int hour, String... ids) throws IOException {
    List<DriftedField> drifted = new ArrayList<>();
    for (String id : ids) {
      String[] parts = id.split("@");
      drifted.add(field(Integer.parseInt(parts[1]), parts[0]));
    }
    long period = hour * HOUR;
    List<KV<WindowKey, byte[]>> own =
        pools.stream()
            .filter(each -> SPEC.snapshot().period().startOf(each.getKey().start()) == period)
            .toList();
    String manifest =
        new PrepareSnapshot(SPEC, POOLS, NONE, BASELINES, into.toString(), Reach.STREAM, false)
            .prepare(period, own, drifted, whole, PeriodGrounds.NONE, Reach.STREAM)
            .manifest();
    new CommitSnapshot(into.toString(), SPEC.model(), period).publish(manifest);
  }

  @Test
  void aPeriodOnceNothingCanChangeIt() throws Exception {
    window(6);
    rang(6, 60, "f");
    watermark(15);
    window(18);
    watermark(26);
    window(12); // three hours after its end it would be late; here it is in time
    watermark(28);
    expect(0, "f@6");
    publishes("19700101T000000Z");
    assertThat(files(output)).isEqualTo(files(expected)).isNotEmpty();
  }

  @Test
  void theHighestRevisionOfWhatRangCounts() throws Exception {
    window(0);
    window(6);
    rang(0, 60, "old");
    rang(0, 80, "new", "more");
    rang(0, 70, "older"); // came over another way
    rang(6, 50, "gone");
    rang(6, 60);
    expect(0, "new@0", "more@0");
    publishes("19700101T000000Z");
    assertThat(files(output)).isEqualTo(files(expected));
  }

  @Test
  void eachPeriodByItself() throws Exception {
    window(0);
    window(30);
    watermark(28);
    window(24);
    rang(24, 60, "f");
    watermark(100);
    expect(0);
    expect(24, "f@24");
    publishes("19700101T000000Z", "19700102T000000Z");
    assertThat(files(output)).isEqualTo(files(expected));
  }

  @Test
  void aPeriodWithoutRowsHasNoSnapshot() throws Exception {
    rang(0, 0, "silence");
    publishes();
    assertThat(files(output)).isEmpty();
  }

  @Test
  void aSnapshotOfMoreStaysAsItIsAndThatIsCounted() throws Exception {
    window(0);
    window(6);
    prepare(output, 0);
    for (String candidates : files(output.resolve("candidates")).keySet()) {
      Files.delete(output.resolve("candidates").resolve(candidates));
    }
    TreeMap<String, String> before = files(output.resolve("snapshots"));
    stream = TestStream.create(KvCoder.of(VarIntCoder.of(), PACKED));
    window(0);
    watermark(28);
    publishes();
    assertThat(files(output.resolve("snapshots"))).isEqualTo(before);
    assertThat(refused).isEqualTo(1);
  }

  @Test
  void windowsAreKeptWhenTheyCloseForARunThatGoesOn() throws Exception {
    window(0);
    rang(0, 60, "f");
    expect(0, "f@0");
    watermark(10);
    window(6); // not closed when it is killed
    killed();
    assertThat(files(output))
        .isEqualTo(files(expected).tailMap("candidates").headMap("candidatet"))
        .hasSize(1);
  }

  /** That the log's last window was whole a later row says, which may come when all is closed. */
  @Test
  void whatTurnsOutLaterToBeWholeIsKeptSo() throws Exception {
    window(6);
    rang(6, 60, false, "f");
    watermark(20);
    rang(6, 60, true, "f");
    window(18);
    rang(18, 60, false, "g");
    watermark(40);
    rang(18, 60, true, "g");
    expect(0, "f@6", "g@18");
    publishes("19700101T000000Z");
    assertThat(files(output)).isEqualTo(files(expected));
  }
}
