package io.tidemark.pipeline;

import io.tidemark.alerts.AlertsException;
import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.EventFiles;
import io.tidemark.ingest.FileScheme;
import io.tidemark.ingest.ReadTopic;
import io.tidemark.ingest.RowCounts;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.SendDeadLetters;
import io.tidemark.ingest.StateShape;
import io.tidemark.ingest.TimeRange;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.OutputLock;
import io.tidemark.store.WriteDeadLetters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
    name = "monitor",
    description = "Compares a model's inference log with its baseline, window by window.",
    footer = "Any further option goes to Beam, such as --runner=FlinkRunner --parallelism=2.",
    mixinStandardHelpOptions = true)
final class MonitorCommand implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(names = "--spec", required = true, description = "Spec file, or a glob: several models.")
  String specPath;

  @Option(names = "--events", required = true, description = "Inference log: path, folder, glob.")
  String events;

  @Option(
      names = "--baseline",
      required = true,
      description = "Baseline file, or a folder of them, one a model version.")
  String baseline;

  @Option(names = "--output", required = true, description = "Folder of all outputs.")
  String output;

  @Option(names = "--labels", description = "Labels to join on ids: path, folder, glob.")
  String labels;

  @Option(names = "--from", description = "First event time, inclusive.")
  String from;

  @Option(names = "--to", description = "Last event time, exclusive.")
  String to;

  @Option(names = "--partial", description = "Allow bounds inside windows.")
  boolean partial;

  @Option(names = "--as-of", description = "Leave out labels that came later.")
  String asOf;

  @Option(
      names = "--alerts",
      description = "Where alarms go besides: https://host/path, or kafka://host:port/topic.")
  String alerts;

  @Option(names = "--dead-letters", description = "Topic for unusable rows in place of files.")
  String deadLetters;

  @Option(names = "--alerts-key", description = "File with the key of the alerts' signatures.")
  String alertsKey;

  @Option(names = "--mask-key", description = "File with the key of masked columns' HMAC.")
  String maskKey;

  @Option(names = "--fail-on-alarm", description = "Exit with 3 if anything rang.")
  boolean failOnAlarm;

  @Option(
      names = "--tolerableCheckpointFailures",
      description = "Checkpoints in a row that may fail before a job restarts; default: 3.")
  Integer tolerableFailures;

  @Unmatched List<String> rest = new ArrayList<>();

  /** Null: files. */
  private SendDeadLetters letters;

  WallClock clock = WallClock.SYSTEM;

  @Override
  public Integer call() throws Exception {
    SpecFiles.checkPlace("--output", output);
    SpecFiles.checkPlace("--baseline", baseline);
    TreeMap<String, MonitoringSpec> byModel = new TreeMap<>();
    SpecFiles.load(specPath).values().forEach(spec -> byModel.put(spec.model(), spec));
    Fleet<MonitoringSpec> specs = Fleet.of(byModel);
    PipelineOptions options = RunnerOptions.of(rest);
    if (options.getRunner().getSimpleName().equals("FlinkRunner")) {
      output = SpecFiles.absolute(output); // a cluster's processes run in other folders
    }
    if (ReadTopic.follows("--events", events)) {
      return follow(specs, options);
    }
    TimeRange range = RunBounds.range(from, to);
    long known = asOf == null ? Long.MAX_VALUE : RunBounds.micros("--as-of", asOf);
    byte[] key = maskKey();
    Destination receiver = receiver();
    Fleet<ModelRun> models = plan(specs, range, known, key, receiver);
    if (receiver != null) {
      receiver.check();
    }
    letters = deadLetters == null ? null : SendDeadLetters.to("--dead-letters", deadLetters);
    try (OutputLock lock = lock(options)) {
      return run(models, options);
    }
  }

  /** Runs until the job is stopped. */
  private int follow(Fleet<MonitoringSpec> specs, PipelineOptions options) throws IOException {
    TopicChecks.check(events, options);
    TopicChecks.keepCheckpoints(options, output);
    CheckpointTolerance.set(options.as(FlinkPipelineOptions.class), tolerableFailures);
    for (String option : followedWithout()) {
      throw new UsageException(
          option + ": goes with input that ends; add ?until=latest to --events, or leave it out");
    }
    if (labels != null && !ReadTopic.follows("--labels", labels)) {
      throw new UsageException(
          "--labels="
              + labels
              + ": while --events follows a topic the labels must be one, too, without"
              + " ?until=latest; or add ?until=latest to --events");
    }
    TimeRange asked = RunBounds.range(from, to);
    specs.all().forEach(spec -> RunBounds.checkWhole(spec, asked, ""));
    TopicChecks.checkApart(events, labels, deadLetters);
    byte[] key = maskKey();
    Destination receiver = receiver();
    PrintWriter err = command.commandLine().getErr();
    if (receiver != null) {
      checkReceiver(receiver, err);
    }
    SendDeadLetters sender =
        deadLetters == null ? null : SendDeadLetters.to("--dead-letters", deadLetters);
    JobRunner runs = JobRunner.of(options, "monitor");
    Pipeline pipeline = runs.pipeline("monitor", specs.all());
    TreeMap<String, Model> byModel = new TreeMap<>();
    TreeMap<String, StateShape> shapes = new TreeMap<>();
    Fleet<Baselines> baselines = baselines(specs);
    for (MonitoringSpec spec : specs.all()) {
      Redaction redaction = Redaction.of(spec, key);
      warn(spec, redaction);
      Labels.check(labels, spec, err);
      Model model = new Model(spec, redaction, baselines.of(spec.model()));
      StateShape shape = StreamShape.of(model, labels != null);
      if (options.as(FlinkPipelineOptions.class).getSavepointPath() != null) {
        StreamShape.check(output, spec.model(), shape);
      }
      shapes.put(spec.model(), shape);
      byModel.put(spec.model(), model);
    }
    StateShape.put(options, shapes);
    follow(pipeline, Fleet.of(byModel), asked, sender, receiver);
    err.println("following " + events + " until the job is stopped; results in " + output);
    err.flush();
    try (OutputLock lock = lock(options)) {
      if (options.as(FlinkPipelineOptions.class).getSavepointPath() == null) {
        StreamShape.write(output, shapes); // else it is there, or the job has yet to agree to it
      }
      runs.follow(pipeline, err);
    }
    return Main.DONE;
  }

  private void follow(
      Pipeline pipeline,
      Fleet<Model> models,
      TimeRange asked,
      SendDeadLetters sender,
      Destination receiver) {
    boolean several = models.all().size() > 1;
    WriteDeadLetters late = WriteDeadLetters.to(output, WriteDeadLetters.LATE);
    FollowedResults results = FollowedResults.of(models, events, labels, receiver, output);
    LogTopic topic =
        LogTopic.following(
            models, events, labels, asked, several ? late.ofSeveral() : late, results, output);
    Outputs outputs = Outputs.of(output, several, sender, receiver);
    pipeline.apply("Monitor", new MonitorPipeline(models, topic, outputs, results));
  }

  /** A cluster that starts the job again after a failure must not need a receiver for it. */
  private static void checkReceiver(Destination receiver, PrintWriter err) {
    receiver.checkFiles();
    try {
      receiver.check();
    } catch (AlertsException e) {
      err.println(e.getMessage() + ". Alerts wait in the job until they are taken");
    }
  }

  private List<String> followedWithout() {
    List<String> given = new ArrayList<>();
    if (asOf != null) {
      given.add("--as-of");
    }
    if (partial) {
      given.add("--partial");
    }
    if (failOnAlarm) {
      given.add("--fail-on-alarm");
    }
    return given;
  }

  private OutputLock lock(PipelineOptions options) throws IOException {
    try {
      OutputLock lock = OutputLock.of(output);
      try {
        lock.sweep(output, RunnerOptions.local(options), clock.micros() / 1000);
      } catch (IOException e) {
        lock.close();
        throw e;
      }
      return lock;
    } catch (OutputLock.HeldException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private byte[] maskKey() throws IOException {
    if (maskKey == null) {
      return null;
    }
    FileScheme.check("--mask-key", maskKey);
    byte[] key =
        OutputFiles.read(maskKey)
            .orElseThrow(() -> new UsageException("--mask-key=" + maskKey + ": no such file"));
    if (key.length == 0) {
      throw new UsageException("--mask-key=" + maskKey + ": the file is empty");
    }
    return key;
  }

  /** Null where nothing is to be sent. */
  private Destination receiver() {
    if (alerts == null && alertsKey != null) {
      throw new UsageException("--alerts-key: signs alerts; give --alerts=https://host/path, too");
    }
    if (alertsKey != null) {
      FileScheme.check("--alerts-key", alertsKey);
    }
    String key = alertsKey == null ? null : SpecFiles.absolute(alertsKey); // workers read it, too
    return alerts == null ? null : Destination.of(alerts, key);
  }

  /** Says what a spec asks for that a run does not do, or not for later ones. */
  private void warn(MonitoringSpec spec, Redaction redaction) {
    PrintWriter err = command.commandLine().getErr();
    SpecWarnings.warnings(spec).forEach(err::println);
    if (!spec.horizons().isEmpty() && !StoredProfiles.allowed(spec, redaction)) {
      err.println(
          "window.horizons: a monitored field is masked, so without --mask-key windows are not"
              + " kept for later runs; horizons hold the windows of this run alone");
    }
    if (spec.snapshot() != null && !CurateSnapshot.keepsCandidates(redaction)) {
      err.println(
          "snapshot: columns are hidden, so without --mask-key candidates are not kept for"
              + " later runs; a snapshot holds the windows of one run alone");
    }
  }

  private Fleet<Baselines> baselines(Fleet<MonitoringSpec> specs) {
    Fleet<Baselines> baselines = Baselines.read(baseline, specs.models());
    specs.all().forEach(spec -> BaselineFit.check(spec, baselines.of(spec.model())));
    return baselines;
  }

  private Fleet<ModelRun> plan(
      Fleet<MonitoringSpec> specs, TimeRange range, long known, byte[] key, Destination receiver)
      throws IOException {
    PrintWriter err = command.commandLine().getErr();
    Fleet<Redaction> redactions = specs.map(spec -> Redaction.of(spec, key));
    for (MonitoringSpec spec : specs.all()) {
      warn(spec, redactions.of(spec.model()));
      if (!partial) {
        RunBounds.checkWhole(spec, range, ". Or give --partial");
      }
    }
    Fleet<Baselines> baselines = baselines(specs);
    Fleet<EventFiles> files = EventFiles.plan(events, specs);
    Set<String> warnings = new LinkedHashSet<>(); // of files that models share once
    files.all().forEach(each -> warnings.addAll(each.warnings()));
    warnings.forEach(err::println);
    TimeCheck times = TimeCheck.at(clock);
    Fleet<LabelSource> sources = Labels.plan(labels, known, specs, times, err);
    Fleet<RunRange> ranges = specs.map(spec -> RunRange.of(spec, range, sources.has(spec.model())));
    Fleet<EventFiles> within = EventFiles.within(files, ranges.map(RunRange::read), times.likely());
    return specs.mapKeyed(
        (model, spec) ->
            new ModelRun(
                spec,
                within.of(model),
                sources.find(model).orElse(null),
                baselines.of(model),
                redactions.of(model),
                ranges.of(model),
                times,
                receiver));
  }

  private int run(Fleet<ModelRun> models, PipelineOptions options) throws IOException {
    try (ResultFiles handOver = ResultFiles.in(output, "monitor")) { // of a run that fails as well
      return run(models, options, new JobResults(handOver));
    }
  }

  private int run(Fleet<ModelRun> models, PipelineOptions options, JobResults results)
      throws IOException {
    long start = System.nanoTime();
    JobRunner runs = JobRunner.of(options, "monitor");
    Pipeline pipeline = runs.pipeline("monitor", models.map(ModelRun::spec).all());
    boolean several = models.all().size() > 1;
    LogFiles files = new LogFiles(models, runs, results, output);
    Outputs outputs = Outputs.of(output, several, letters, models.all().iterator().next().alerts());
    pipeline.apply(
        "Monitor", new MonitorPipeline(models.map(ModelRun::model), files, outputs, results));
    runs.run(pipeline, "monitoring", JobRunner.rows(models));
    double seconds = (System.nanoTime() - start) / 1e9;
    String place = deadLetters == null ? OutputFiles.path(output, "dead-letters") : deadLetters;
    RowCounts ofNobody = results.of(ScanFiles.NOBODY).rows();
    int code = Main.DONE;
    long read = 0;
    for (String model : models.models()) {
      int own =
          new RunConclusion(
                  models.of(model),
                  results.of(model),
                  output,
                  place,
                  failOnAlarm,
                  ofNobody,
                  !several)
              .tell(seconds, options, runs, command.commandLine());
      code = worse(code, own);
      read += results.of(model).rows().read();
    }
    return worse(code, tell(ofNobody, read, models.map(ModelRun::spec).all()));
  }

  /** Tells of rows that are no model's. */
  private int tell(RowCounts ofNobody, long read, Collection<MonitoringSpec> specs) {
    if (ofNobody.read() == 0) {
      return Main.DONE;
    }
    command.commandLine().getOut().println(Unclaimed.text(ofNobody));
    String failure = Unclaimed.failure(ofNobody, read, specs);
    if (failure.isEmpty()) {
      return Main.DONE;
    }
    command.commandLine().getErr().println(failure);
    return Main.FAILED;
  }

  /** Of several models' exit codes the one to report: a failure before wrong use before alarms. */
  private static int worse(int code, int other) {
    List<Integer> order = List.of(Main.DONE, Main.ALARMS, Main.WRONG_USE, Main.FAILED);
    return order.indexOf(other) > order.indexOf(code) ? other : code;
  }
}
