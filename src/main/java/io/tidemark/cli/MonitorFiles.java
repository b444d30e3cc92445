package io.tidemark.cli;

import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.ingest.scan.SendDeadLetters;
import io.tidemark.pipeline.Augmented;
import io.tidemark.pipeline.JobResults;
import io.tidemark.pipeline.JobRunner;
import io.tidemark.pipeline.LabelSource;
import io.tidemark.pipeline.Labels;
import io.tidemark.pipeline.LogFiles;
import io.tidemark.pipeline.ModelRun;
import io.tidemark.pipeline.MonitorPipeline;
import io.tidemark.pipeline.Outputs;
import io.tidemark.pipeline.ResultFiles;
import io.tidemark.pipeline.RunLineage;
import io.tidemark.pipeline.RunRange;
import io.tidemark.pipeline.TimeCheck;
import io.tidemark.pipeline.Unclaimed;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.OutputLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** A monitoring job over input that ends: what is read is planned, run and told of. */
final class MonitorFiles {
  private final MonitorOptions asked;

  MonitorFiles(MonitorOptions asked) {
    this.asked = asked;
  }

  int run(Fleet<MonitoringSpec> specs, PipelineOptions options) throws IOException {
    TimeRange range = asked.range();
    long known = asked.asOf == null ? Long.MAX_VALUE : RunBounds.micros("--as-of", asked.asOf);
    byte[] key = asked.maskKey();
    Destination receiver = asked.receiver();
    Destination lineageReceiver = asked.lineageReceiver();
    Fleet<ModelRun> models = plan(specs, range, known, key, receiver);
    if (receiver != null) {
      receiver.check();
    }
    SendDeadLetters letters = asked.letters();
    try (OutputLock lock = asked.lock(options);
        ResultFiles handOver = ResultFiles.in(asked.output, "monitor"); // of failed runs as well
        RunLineage lineage =
            RunLineage.of(
                models, asked.places(), options, lineageReceiver, asked.clock, asked.err())) {
      lineage.start();
      try {
        return run(models, options, letters, new JobResults(handOver), lineage);
      } catch (IOException | RuntimeException | Error e) {
        lineage.stopped(e);
        throw e;
      }
    }
  }

  private Fleet<ModelRun> plan(
      Fleet<MonitoringSpec> specs, TimeRange range, long known, byte[] key, Destination receiver)
      throws IOException {
    PrintWriter err = asked.err();
    Fleet<Redaction> redactions = specs.map(spec -> Redaction.of(spec, key));
    for (MonitoringSpec spec : specs.all()) {
      asked.warn(spec, redactions.of(spec.model()));
      if (!asked.partial) {
        RunBounds.checkWhole(spec, range, ". Or give --partial");
      }
    }
    Fleet<Baselines> baselines = asked.baselines(specs);
    Fleet<EventFiles> files = EventFiles.plan(asked.events, specs);
    Set<String> warnings = new LinkedHashSet<>(); // of files that models share once
    files.all().forEach(each -> warnings.addAll(each.warnings()));
    warnings.forEach(err::println);
    TimeCheck times = TimeCheck.at(asked.clock);
    Fleet<LabelSource> sources = Labels.plan(asked.labels, known, specs, times, err);
    Fleet<EventFiles> augmented = Augmented.plan(asked.augmented, specs, err);
    Fleet<RunRange> ranges = specs.map(spec -> RunRange.of(spec, range, sources.has(spec.model())));
    Fleet<EventFiles> within = EventFiles.within(files, ranges.map(RunRange::read), times.likely());
    return specs.mapKeyed(
        (model, spec) ->
            new ModelRun(
                spec,
                within.of(model),
                sources.find(model).orElse(null),
                augmented.find(model).orElse(null),
                baselines.of(model),
                redactions.of(model),
                ranges.of(model),
                times,
                receiver));
  }

  private int run(
      Fleet<ModelRun> models,
      PipelineOptions options,
      SendDeadLetters letters,
      JobResults results,
      RunLineage lineage)
      throws IOException {
    long start = System.nanoTime();
    JobRunner runs = JobRunner.of(options, "monitor");
    Pipeline pipeline = runs.pipeline("monitor", models.map(ModelRun::spec).all());
    boolean several = models.all().size() > 1;
    LogFiles files = new LogFiles(models, runs, results, asked.output);
    Outputs outputs =
        Outputs.of(asked.output, several, letters, models.all().iterator().next().alerts());
    pipeline.apply(
        "Monitor", new MonitorPipeline(models.map(ModelRun::model), files, outputs, results));
    runs.run(pipeline, "monitoring", JobRunner.rows(models));
    double seconds = (System.nanoTime() - start) / 1e9;
    String place =
        asked.deadLetters == null
            ? OutputFiles.path(asked.output, "dead-letters")
            : asked.deadLetters;
    RowCounts ofNobody = results.of(ScanFiles.NOBODY).rows();
    int code = Main.DONE;
    long read = 0;
    for (String model : models.models()) {
      int own =
          new RunConclusion(
                  models.of(model),
                  results.of(model),
                  asked.output,
                  place,
                  asked.failOnAlarm,
                  ofNobody,
                  !several)
              .tell(seconds, options, runs, asked.command.commandLine());
      lineage.end(models.of(model), results.of(model), ofNobody, own == Main.FAILED);
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
    asked.out().println(Unclaimed.text(ofNobody));
    String failure = Unclaimed.failure(ofNobody, read, specs);
    if (failure.isEmpty()) {
      return Main.DONE;
    }
    asked.err().println(failure);
    return Main.FAILED;
  }

  /** Of several models' exit codes the one to report: a failure before wrong use before alarms. */
  private static int worse(int code, int other) {
    List<Integer> order = List.of(Main.DONE, Main.ALARMS, Main.WRONG_USE, Main.FAILED);
    return order.indexOf(other) > order.indexOf(code) ? other : code;
  }
}
