package io.tidemark.pipeline;

import io.tidemark.alerts.AlertsException;
import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.ingest.EventFiles;
import io.tidemark.ingest.FileScheme;
import io.tidemark.ingest.ReadTopic;
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
import java.util.List;
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
    List<MonitoringSpec> specs = List.copyOf(SpecFiles.load(specPath).values());
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
    List<ModelRun> models = new ArrayList<>();
    for (MonitoringSpec spec : specs) {
      models.add(plan(spec, range, known, key, receiver));
    }
    if (receiver != null) {
      receiver.check();
    }
    letters = deadLetters == null ? null : SendDeadLetters.to("--dead-letters", deadLetters);
    try (OutputLock lock = lock(options)) {
      return run(models, options);
    }
  }

  /** Runs until the job is stopped. */
  private int follow(List<MonitoringSpec> specs, PipelineOptions options) throws IOException {
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
    Pipeline pipeline = runs.pipeline("monitor", specs);
    List<Model> models = new ArrayList<>();
    TreeMap<String, StateShape> shapes = new TreeMap<>();
    for (MonitoringSpec spec : specs) {
      Redaction redaction = Redaction.of(spec, key);
      warn(spec, redaction);
      Labels.check(labels, spec, err);
      Baselines baselines = Baselines.read(baseline, spec.model());
      BaselineFit.check(spec, baselines);
      Model model = new Model(spec, redaction, baselines);
      StateShape shape = StreamShape.of(model, labels != null);
      if (options.as(FlinkPipelineOptions.class).getSavepointPath() != null) {
        StreamShape.check(output, spec.model(), shape);
      }
      shapes.put(spec.model(), shape);
      models.add(model);
    }
    StateShape.put(options, shapes);
    for (Model model : models) {
      follow(pipeline, model, specs.size() > 1, sender, receiver);
    }
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
      Model model,
      boolean several,
      SendDeadLetters sender,
      Destination receiver) {
    String name = model.spec().model();
    WriteDeadLetters late = WriteDeadLetters.to(output, WriteDeadLetters.LATE);
    LogTopic topic = new LogTopic(model, events, labels, several ? late.of(name) : late);
    Outputs outputs = Outputs.of(output, name, several, sender, receiver);
    RunResults results = new FollowedResults(model.spec());
    pipeline.apply(name, new MonitorPipeline(model, topic, outputs, results));
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
    if (from != null || to != null) {
      given.add(from != null ? "--from" : "--to");
    }
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

  private ModelRun plan(
      MonitoringSpec spec, TimeRange range, long known, byte[] key, Destination receiver)
      throws IOException {
    Redaction redaction = Redaction.of(spec, key);
    warn(spec, redaction);
    if (!partial) {
      RunBounds.checkWhole(spec, range);
    }
    Baselines baselines = Baselines.read(baseline, spec.model());
    BaselineFit.check(spec, baselines);
    EventFiles files = EventFiles.plan(events, spec);
    files.warnings().forEach(command.commandLine().getErr()::println);
    TimeCheck times = TimeCheck.at(clock);
    LabelSource source = Labels.plan(labels, known, spec, times, command.commandLine().getErr());
    RunRange read = RunRange.of(spec, range, source != null);
    EventFiles within = files.within(read.read(), times.likely());
    return new ModelRun(spec, within, source, baselines, redaction, read, times, receiver);
  }

  private int run(List<ModelRun> models, PipelineOptions options) throws IOException {
    List<ResultFiles> handOvers = new ArrayList<>();
    try {
      return run(models, options, handOvers);
    } finally {
      for (ResultFiles handOver : handOvers) {
        handOver.close(); // of a run that fails as well
      }
    }
  }

  private int run(List<ModelRun> models, PipelineOptions options, List<ResultFiles> handOvers)
      throws IOException {
    long start = System.nanoTime();
    JobRunner runs = JobRunner.of(options, "monitor");
    long rows = 0;
    Pipeline pipeline = runs.pipeline("monitor", models.stream().map(ModelRun::spec).toList());
    for (ModelRun model : models) {
      ResultFiles handOver = ResultFiles.in(output, model.spec().model());
      handOvers.add(handOver);
      String name = model.spec().model();
      JobResults result = new JobResults(handOver);
      LogFiles files = new LogFiles(model, runs, result, output);
      Outputs outputs = Outputs.of(output, name, models.size() > 1, letters, model.alerts());
      pipeline.apply(name, new MonitorPipeline(model.model(), files, outputs, result));
      long own = JobRunner.rows(model.spec(), model.files(), model.labels());
      rows = rows < 0 || own < 0 ? -1 : rows + own;
    }
    runs.run(pipeline, "monitoring", rows);
    double seconds = (System.nanoTime() - start) / 1e9;
    String place = deadLetters == null ? OutputFiles.path(output, "dead-letters") : deadLetters;
    int code = Main.DONE;
    for (int i = 0; i < models.size(); i++) {
      int own =
          new RunConclusion(
                  models.get(i), new JobResults(handOvers.get(i)), output, place, failOnAlarm)
              .tell(seconds, options, runs, command.commandLine());
      code = worse(code, own);
    }
    return code;
  }

  /** Of several models' exit codes the one to report: a failure before wrong use before alarms. */
  private static int worse(int code, int other) {
    List<Integer> order = List.of(Main.DONE, Main.ALARMS, Main.WRONG_USE, Main.FAILED);
    return order.indexOf(other) > order.indexOf(code) ? other : code;
  }
}
