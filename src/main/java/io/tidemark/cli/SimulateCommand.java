package io.tidemark.cli;

import io.tidemark.pipeline.Terminal;
import io.tidemark.pipeline.UsageException;
import io.tidemark.simulate.Drift;
import io.tidemark.simulate.LiveSimulation;
import io.tidemark.simulate.LiveTopic;
import io.tidemark.simulate.Pattern;
import io.tidemark.simulate.Seasonality;
import io.tidemark.simulate.SimulationOptions;
import io.tidemark.simulate.Simulator;
import io.tidemark.simulate.Sizes;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.store.OutputFiles;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "simulate",
    description = "Writes a reproducible log for a spec, with planted drift and faults.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  private static final long MEMORY_A_FILE = 768L << 20;

  @Spec CommandSpec command;

  @Option(names = "--spec", required = true, description = "Spec file of the model.")
  String specPath;

  @Option(names = "--output", required = true, description = "Folder to write to.")
  String output;

  @Option(names = "--rows", description = "Rows of the events, and of the reference.")
  long rows = 100_000;

  @Option(names = "--seed", description = "Another seed, another log.")
  long seed = 1;

  @Option(names = "--windows", description = "Windows of the events, and of the reference.")
  int windows = SimulationOptions.WINDOWS;

  @Option(
      names = "--drift",
      description =
          "What changes in the later half, as a list: default, covariate (inputs), prior (classes),"
              + " concept (what inputs mean), flips (labels are wrong), slice1, slice2, slice3 (the same in a slice of so many"
              + " predicates); or none.")
  String drift = "default";

  @Option(names = "--pattern", description = "sudden, gradual or recurring.")
  String pattern = "sudden";

  @Option(
      names = "--period",
      description = "Windows that a recurring change stays on, then off (a twelfth of all).")
  Integer period;

  @Option(
      names = "--size",
      description =
          "Of the changes: standard deviations, log-odds of a class (prior), share of rows turned"
              + " round (categories, concept, flips, slices). One for all, or a list by kind:"
              + " covariate=2,concept=0.3.")
  String size;

  @Option(names = "--seasonality", description = "none, daily or weekly.")
  String seasonality = "none";

  @Option(names = "--amplitude", description = "Of the season: 0 to below 1.")
  double amplitude = SimulationOptions.AMPLITUDE;

  @Option(
      names = "--correlation",
      description = "Between numeric features that share a factor: 0 to below 1.")
  double correlation;

  @Option(
      names = "--sharpness",
      description =
          "How surely the truth follows from the features: log-odds are multiplied by it.")
  double sharpness = 1;

  @Option(names = "--clean", description = "No copies and no unusable rows.")
  boolean clean;

  @Option(
      names = "--live",
      description =
          "Topic, as kafka://host:port/topic, that events go to when their time comes, from now on;"
              + " of files only truth.json is written.")
  String live;

  @Option(names = "--live-labels", description = "With --live: topic that their labels go to.")
  String liveLabels;

  @Override
  public Integer call() throws Exception {
    SimulationOptions options = options();
    SpecFiles.checkPlace("--output", output);
    MonitoringSpec spec = SpecFiles.one(specPath);
    if (liveLabels != null && live == null) {
      throw new UsageException("--live-labels=" + liveLabels + ": goes with --live only");
    }
    return live == null ? write(spec, options) : send(spec, options);
  }

  private int send(MonitoringSpec spec, SimulationOptions options) throws Exception {
    PrintWriter out = command.commandLine().getOut();
    try (LiveTopic events = LiveTopic.of("--live", live);
        LiveTopic labels = liveLabels == null ? null : LiveTopic.of("--live-labels", liveLabels)) {
      LiveSimulation simulation =
          LiveSimulation.of(spec, options, events, labels, LiveSimulation.Clock.WALL);
      simulation.writeTruth(output);
      out.printf(
          Locale.ROOT,
          "Sending %s of model %s until %s.%nWhat is planted where: %s%n",
          CountText.of(rows, "event row"),
          spec.model(),
          simulation.end(),
          OutputFiles.path(output, "truth.json"));
      out.flush();
      simulation.run();
    }
    return Main.DONE;
  }

  private int write(MonitoringSpec spec, SimulationOptions options) throws Exception {
    AtomicLong written = new AtomicLong();
    boolean watched = Terminal.isLive();
    Simulator.simulate(
        spec, options, output, threads(), more -> show(watched, written.addAndGet(more), 2 * rows));
    if (watched) {
      System.err.print("\r" + " ".repeat(78) + "\r");
    }
    command
        .commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "Wrote %s and %s of model %s, seed %d.%nWhat is planted where: %s%n",
            CountText.of(rows, "reference row"),
            CountText.of(rows, "event row"),
            spec.model(),
            seed,
            OutputFiles.path(output, "truth.json"));
    return Main.DONE;
  }

  private SimulationOptions options() {
    return new SimulationOptions(
        rows,
        seed,
        windows,
        drifts(),
        choice("--pattern", pattern, Pattern.values()),
        period == null ? SimulationOptions.defaultPeriod(windows) : period,
        sizes(),
        choice("--seasonality", seasonality, Seasonality.values()),
        amplitude,
        correlation,
        sharpness,
        clean);
  }

  private Set<Drift> drifts() {
    EnumSet<Drift> drifts = EnumSet.noneOf(Drift.class);
    if (!drift.equals("none")) {
      for (String name : drift.split(",", -1)) {
        if (name.equals("none") || !drifts.add(choice("--drift", name, Drift.values()))) {
          throw new UsageException("--drift=" + drift + ": name each kind once, or none alone");
        }
      }
    }
    return drifts;
  }

  private Sizes sizes() {
    if (size == null) {
      return Sizes.STANDARD;
    }
    if (!size.contains("=")) {
      return Sizes.all(number(size));
    }
    Set<Drift> planted = drifts();
    Map<Drift, Double> sizes = new EnumMap<>(Drift.class);
    for (String each : size.split(",", -1)) {
      int at = each.indexOf('=');
      Drift kind = choice("--size", each.substring(0, Math.max(0, at)), Drift.values());
      if (!planted.contains(kind)) {
        throw new UsageException("--size=" + size + ": name it in --drift, too");
      }
      if (sizes.put(kind, number(each.substring(at + 1))) != null) {
        throw new UsageException("--size=" + size + ": name each kind once");
      }
    }
    return new Sizes(sizes);
  }

  private double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "--size=" + size + ": give a number, or kinds with one each as covariate=2,concept=0.3");
    }
  }

  private static <E extends Enum<E>> E choice(String option, String name, E[] values) {
    List<String> names = new ArrayList<>();
    for (E value : values) {
      names.add(value.name().toLowerCase(Locale.ROOT));
    }
    if (!names.contains(name)) {
      throw new UsageException(
          option + "=" + name + ": is none of " + String.join(", ", names) + "; choose one");
    }
    return values[names.indexOf(name)];
  }

  /** Files are made in memory, so memory bounds how many at a time. */
  private static int threads() {
    long fit = Runtime.getRuntime().maxMemory() / MEMORY_A_FILE;
    return (int) Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), fit));
  }

  private static void show(boolean watched, long written, long all) {
    if (watched) {
      System.err.printf(Locale.ROOT, "\rsimulating: %,d of %,d rows", Math.min(written, all), all);
    }
  }
}
