package io.tidemark.performance;

import io.tidemark.baseline.BuildBaseline;
import io.tidemark.baseline.RowSample;
import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.BaselineFormat;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeLayouts;
import io.tidemark.profile.PerformanceAggregator;
import io.tidemark.profile.ProfileAggregator;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.KV;

/**
 * A calibrated binary model of about 85 % accuracy with two features, window by window through
 * baseline and judgement: how often preset {@code tidemark} rings where nothing is wrong, and how
 * soon where something is. Prints a table when run.
 */
final class PerformanceSimulation {
  private static final String SPEC =
      """
      model: simulated
      task: binary
      events: {time: t, prediction: {score: p, positive: "1"}, label: y}
      features: {a: numeric, b: numeric}
      window: {size: PT1H}
      snapshot: off
      """;

  private static final long HOUR = 3_600_000_000L;

  private final MonitoringSpec spec = SpecReader.read("simulation", SPEC);
  private final Random random;
  private final int rows;
  private final boolean blind;
  private final OutcomeLayouts layouts;
  private final MeasureWindow measure;
  private long window;

  /**
   * What is wrong with a window.
   *
   * @param shift of feature a, which the score follows
   * @param flipped share of labels turned round
   * @param wobble of feature a from window to window
   * @param away shift of feature b into the region that a blind model is bad in
   */
  record Trouble(double shift, double flipped, double wobble, double away) {
    static final Trouble NONE = new Trouble(0, 0, 0);

    Trouble(double shift, double flipped, double wobble) {
      this(shift, flipped, wobble, 0);
    }
  }

  PerformanceSimulation(Path folder, long seed, int rows, int windows, double wobble)
      throws IOException {
    this(folder, seed, rows, windows, wobble, false);
  }

  /**
   * @param blind truths are a coin's where b is above .8, and the scores don't know
   */
  PerformanceSimulation(Path folder, long seed, int rows, int windows, double wobble, boolean blind)
      throws IOException {
    this.blind = blind;
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    this.random = new Random(seed);
    this.rows = rows;
    BuildBaseline build = BuildBaseline.of(spec);
    List<List<InferenceEvent>> reference = new ArrayList<>();
    for (int i = 0; i < windows; i++) {
      reference.add(events(new Trouble(0, 0, wobble)));
    }
    RowSample sample = gather(build.sample(), reference).get(0).getValue();
    List<FieldBins> bins = build.bins(sample);
    ProfileLayouts profiles = build.layouts(bins, sample.rows());
    OutcomeLayout outcomes = build.outcomes(profiles, sample);
    Baseline baseline =
        build.assemble(
            "",
            bins,
            profiles,
            PerformanceSimulation.<WindowKey, WindowProfile>gather(
                new ProfileAggregator(Broadcast.of(profiles)), reference),
            WindowCompleteness.UNBOUNDED,
            outcomes,
            gather(
                new PerformanceAggregator(Broadcast.of(OutcomeLayouts.single(outcomes))),
                reference));
    Path file = folder.resolve("baseline-" + seed + ".avro");
    Files.write(file, BaselineFormat.write(baseline, spec.hash(), null, null));
    Baselines baselines = Baselines.read(file.toString(), spec.model());
    this.layouts =
        OutcomeLayouts.of(
            spec, baselines.layouts(spec, BaselineFit.valueCapacity(spec, baselines)), baselines);
    this.measure =
        new MeasureWindow(new PerformanceContext(spec, Redaction.of(spec, null), baselines));
  }

  private List<InferenceEvent> events(Trouble trouble) {
    List<InferenceEvent> events = new ArrayList<>();
    double common = trouble.wobble() * random.nextGaussian();
    for (int i = 0; i < rows; i++) {
      double a = random.nextGaussian() + trouble.shift() + common;
      double b = random.nextGaussian() + trouble.away();
      double score = 1 / (1 + Math.exp(-2.6 * a - (blind ? 0 : 1.3 * b)));
      boolean positive = random.nextDouble() < (blind && b > .8 ? .5 : score);
      boolean shown = random.nextDouble() < trouble.flipped() ? !positive : positive;
      events.add(
          new InferenceEvent(
              null,
              window * HOUR + i * 1000L,
              "",
              new double[] {a, b, score},
              new String[] {shown ? "1" : "0"},
              null,
              new String[0]));
    }
    window++;
    return events;
  }

  private static <K, S> List<KV<K, S>> gather(
      Aggregator<K, S> fold, List<List<InferenceEvent>> windows) {
    Aggregator.Accumulator<K, S> gathering = fold.start("simulated");
    for (List<InferenceEvent> window : windows) {
      for (InferenceEvent event : window) {
        gathering.add(event, Math.floorDiv(event.timeMicros(), HOUR) * HOUR);
      }
    }
    List<KV<K, S>> states = new ArrayList<>();
    gathering.drainTo((key, state) -> states.add(KV.of(key, state)));
    return states;
  }

  /** The findings of one more window. */
  List<Finding> next(Trouble trouble) {
    KV<WindowKey, WindowOutcomes> state =
        gather(new PerformanceAggregator(Broadcast.of(layouts)), List.of(events(trouble))).get(0);
    return measure.measure(state.getKey(), state.getValue(), true).findings();
  }

  static boolean rings(List<Finding> findings) {
    return findings.stream().anyMatch(Finding::getAlarm);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("simulation");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(
        "| rows | baseline windows | between windows, sd | stationary windows with any alarm | 2 /"
            + " 5 points of accuracy found in 1 window | in 2 | feature shifted .5 sd, any alarm"
            + " |");
    out.println("|---|---|---|---|---|---|---|");
    for (int rows : new int[] {200, 1000, 5000}) {
      for (double wobble : new double[] {0, .1}) {
        for (int windows : new int[] {8, 20}) {
          out.println(row(folder, rows, windows, wobble));
        }
      }
    }
  }

  private static String row(Path folder, int rows, int windows, double wobble) throws IOException {
    int seeds = 20;
    int alarms = 0;
    int stationary = 100;
    int[] first = new int[3];
    int[] second = new int[2];
    double[] flipped = {2 / 70.0, 5 / 70.0};
    for (int seed = 0; seed < seeds; seed++) {
      PerformanceSimulation simulation =
          new PerformanceSimulation(folder, seed, rows, windows, wobble);
      for (int i = 0; i < stationary; i++) {
        alarms += rings(simulation.next(new Trouble(0, 0, wobble))) ? 1 : 0;
      }
      for (int i = 0; i < flipped.length; i++) {
        boolean once = rings(simulation.next(new Trouble(0, flipped[i], wobble)));
        boolean twice = once | rings(simulation.next(new Trouble(0, flipped[i], wobble)));
        first[i] += once ? 1 : 0;
        second[i] += twice ? 1 : 0;
      }
      first[2] += rings(simulation.next(new Trouble(.5, 0, wobble))) ? 1 : 0;
    }
    double n = seeds;
    return String.format(
        Locale.ROOT,
        "| %,d | %d | %.1f | %.4f | %.2f / %.2f | %.2f / %.2f | %.2f |",
        rows,
        windows,
        wobble,
        alarms / (n * stationary),
        first[0] / n,
        first[1] / n,
        second[0] / n,
        second[1] / n,
        first[2] / n);
  }
}
