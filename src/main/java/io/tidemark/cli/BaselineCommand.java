package io.tidemark.cli;

import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.pipeline.BaselineJob;
import io.tidemark.pipeline.JobRunner;
import io.tidemark.pipeline.LabelSource;
import io.tidemark.pipeline.Labels;
import io.tidemark.pipeline.RunnerOptions;
import io.tidemark.pipeline.TimeCheck;
import io.tidemark.pipeline.Unclaimed;
import io.tidemark.pipeline.UsageException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.store.OutputLock;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
    name = "baseline",
    description = "Learns from reference events what a model's data look like when all is well.",
    footer = "Any further option goes to Beam, such as --runner=FlinkRunner --parallelism=2.",
    mixinStandardHelpOptions = true)
final class BaselineCommand implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(names = "--spec", required = true, description = "Spec file of the model.")
  String specPath;

  @Option(
      names = "--events",
      required = true,
      description = "Reference events: path, folder, glob.")
  String events;

  @Option(names = "--output", required = true, description = "Baseline file to write.")
  String output;

  @Option(names = "--labels", description = "Labels of the reference, joined on ids.")
  String labels;

  @Option(names = "--from", description = "First event time, inclusive.")
  String from;

  @Option(names = "--to", description = "Last event time, exclusive.")
  String to;

  @Option(
      names = "--model-version",
      description = "The version that this is the baseline of; without it, of all versions.",
      defaultValue = "")
  String version;

  @Option(
      names = "--allow-empty-fields",
      description = "Build it though a field of the spec has not one usable value.")
  boolean allowEmpty;

  @Unmatched List<String> rest = new ArrayList<>();

  WallClock clock = WallClock.SYSTEM;

  @Override
  public Integer call() throws Exception {
    SpecFiles.checkPlace("--output", output);
    MonitoringSpec spec = SpecFiles.one(specPath);
    PipelineOptions options = RunnerOptions.of(rest);
    TimeRange range = RunBounds.range(from, to);
    TimeCheck times = TimeCheck.at(clock);
    String model = spec.model();
    EventFiles files =
        EventFiles.within(
                Fleet.one(model, EventFiles.plan(events, spec)),
                Fleet.one(model, range),
                times.likely())
            .of(model);
    files.warnings().forEach(command.commandLine().getErr()::println);
    PrintWriter err = command.commandLine().getErr();
    LabelSource source =
        Labels.plan(labels, Long.MAX_VALUE, Fleet.one(model, spec), times, err)
            .find(model)
            .orElse(null);
    JobRunner runs = JobRunner.of(options, "baseline");
    BaselineJob.Built built;
    try (OutputLock lock = OutputLock.beside(output)) {
      built =
          new BaselineJob(spec, files, source, range, times, version, allowEmpty, output, runs)
              .run();
    } catch (OutputLock.HeldException e) {
      throw new UsageException(e.getMessage());
    }
    RowCounts counts = built.counts();
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Read %s from %s: %,d in the baseline, %s, %,d out of range, %,d unusable.%n",
        CountText.of(counts.read(), "row"),
        files.places(),
        counts.profiled(),
        CountText.of(counts.duplicate(), "duplicate"),
        counts.outOfRange(),
        counts.deadLettered());
    if (files.passedOver().groups() > 0) {
      out.println(files.passedOver().text());
    }
    out.printf(
        Locale.ROOT,
        "Baseline of %s over %s: %s%n",
        CountText.of(built.baseline().fields().size(), "field"),
        CountText.of(built.baseline().windows().size(), "window"),
        output);
    String unlikely = times.message(spec, files, counts);
    if (!unlikely.isEmpty()) {
      out.println(unlikely);
    }
    if (!built.unusable().isEmpty()) {
      err.println(built.unusable());
    }
    if (!built.baseline().spansDay()) {
      err.println(
          "The baseline's windows have seen less than a day: only changes larger than what other"
              + " hours may bring will ring. Give a whole day at least, better a week.");
    }
    if (source != null) {
      out.printf(
          Locale.ROOT,
          "%s, %,d joined to %s.%n",
          CountText.of(built.labels().read(), "label"),
          built.labels().joined(),
          CountText.of(built.labels().predictions(), "prediction"));
    }
    if (built.ofNobody().read() > 0) {
      out.println(Unclaimed.text(built.ofNobody()));
    }
    if (!counts.balanced() || !built.labels().balanced()) {
      throw new IllegalStateException(
          "rows are not accounted for: " + counts + ", " + built.labels());
    }
    String bad = built.bad().text(spec, files);
    String badLabels = source == null ? "" : built.badLabels().text(spec, source.files());
    if (counts.deadLettered() > spec.events().maxBad() * counts.read()) {
      err.println(DeadLetterShare.message(spec, counts, "the baseline is kept", bad));
      return Main.FAILED;
    }
    if (built.labels().deadLettered() > spec.events().maxBad() * built.labels().read()) {
      err.println(DeadLetterShare.message(spec, built.labels(), "the baseline is kept", badLabels));
      return Main.FAILED;
    }
    if (!bad.isEmpty() || !badLabels.isEmpty()) {
      out.println("Unusable:" + bad + badLabels);
    }
    return Main.DONE;
  }
}
