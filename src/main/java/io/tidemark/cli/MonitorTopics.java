package io.tidemark.cli;

import io.tidemark.alerts.AlertsException;
import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.SendDeadLetters;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.ingest.topic.StateShape;
import io.tidemark.pipeline.FlinkSettings;
import io.tidemark.pipeline.FollowedResults;
import io.tidemark.pipeline.JobRunner;
import io.tidemark.pipeline.Labels;
import io.tidemark.pipeline.LogTopic;
import io.tidemark.pipeline.Model;
import io.tidemark.pipeline.MonitorPipeline;
import io.tidemark.pipeline.Outputs;
import io.tidemark.pipeline.RunLineage;
import io.tidemark.pipeline.StreamShape;
import io.tidemark.pipeline.UsageException;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputLock;
import io.tidemark.store.WriteDeadLetters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** A monitoring job over topics, which is followed until it is stopped. */
final class MonitorTopics {
  private final MonitorOptions asked;

  MonitorTopics(MonitorOptions asked) {
    this.asked = asked;
  }

  /** Runs until the job is stopped. */
  int run(Fleet<MonitoringSpec> specs, PipelineOptions options) throws IOException {
    TopicChecks.check(asked.events, options);
    TopicChecks.keepCheckpoints(options, asked.output);
    FlinkSettings.tolerateCheckpointFailures(
        options.as(FlinkPipelineOptions.class), asked.tolerableFailures);
    for (String option : followedWithout()) {
      throw new UsageException(
          option + ": goes with input that ends; add ?until=latest to --events, or leave it out");
    }
    if (asked.labels != null && !ReadTopic.follows("--labels", asked.labels)) {
      throw new UsageException(
          "--labels="
              + asked.labels
              + ": while --events follows a topic the labels must be one, too, without"
              + " ?until=latest; or add ?until=latest to --events");
    }
    TimeRange range = asked.range();
    specs.all().forEach(spec -> RunBounds.checkWhole(spec, range, ""));
    TopicChecks.checkApart(asked.events, asked.labels, asked.deadLetters);
    byte[] key = asked.maskKey();
    Destination receiver = asked.receiver();
    PrintWriter err = asked.err();
    if (receiver != null) {
      checkReceiver(receiver, err);
    }
    Destination lineageReceiver = asked.lineageReceiver();
    SendDeadLetters sender = asked.letters();
    JobRunner runs = JobRunner.of(options, "monitor");
    Pipeline pipeline = runs.pipeline("monitor", specs.all());
    TreeMap<String, Model> byModel = new TreeMap<>();
    TreeMap<String, StateShape> shapes = new TreeMap<>();
    Fleet<Baselines> baselines = asked.baselines(specs);
    for (MonitoringSpec spec : specs.all()) {
      Redaction redaction = Redaction.of(spec, key);
      asked.warn(spec, redaction);
      Labels.check(asked.labels, spec, err);
      Model model = new Model(spec, redaction, baselines.of(spec.model()));
      StateShape shape = StreamShape.of(model, asked.labels != null);
      if (options.as(FlinkPipelineOptions.class).getSavepointPath() != null) {
        StreamShape.check(asked.output, spec.model(), shape);
      }
      shapes.put(spec.model(), shape);
      byModel.put(spec.model(), model);
    }
    StateShape.put(options, shapes);
    Fleet<Model> models = Fleet.of(byModel);
    try (RunLineage lineage =
        RunLineage.following(models, asked.places(), options, lineageReceiver, asked.clock, err)) {
      follow(pipeline, models, range, sender, receiver, lineage);
      err.println(
          "following " + asked.events + " until the job is stopped; results in " + asked.output);
      err.flush();
      follow(pipeline, options, runs, shapes, lineage);
    }
    return Main.DONE;
  }

  private void follow(
      Pipeline pipeline,
      PipelineOptions options,
      JobRunner runs,
      TreeMap<String, StateShape> shapes,
      RunLineage lineage)
      throws IOException {
    try (OutputLock lock = asked.lock(options)) {
      if (options.as(FlinkPipelineOptions.class).getSavepointPath() == null) {
        // Else it is there, or the job has yet to agree to it.
        StreamShape.write(asked.output, shapes);
      }
      lineage.start();
      try {
        if (runs.follow(pipeline, asked.err())) {
          lineage.ended();
        }
      } catch (IOException | RuntimeException | Error e) {
        lineage.stopped(e);
        throw e;
      }
    }
  }

  private void follow(
      Pipeline pipeline,
      Fleet<Model> models,
      TimeRange range,
      SendDeadLetters sender,
      Destination receiver,
      RunLineage lineage) {
    boolean several = models.all().size() > 1;
    WriteDeadLetters late = WriteDeadLetters.to(asked.output, WriteDeadLetters.LATE);
    FollowedResults results =
        FollowedResults.of(models, asked.events, asked.labels, receiver, asked.output)
            .telling(lineage.keeper());
    LogTopic topic =
        LogTopic.following(
            models,
            asked.events,
            asked.labels,
            range,
            several ? late.ofSeveral() : late,
            results,
            asked.output);
    Outputs outputs = Outputs.of(asked.output, several, sender, receiver);
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
    if (asked.asOf != null) {
      given.add("--as-of");
    }
    if (asked.augmented != null) {
      given.add("--augmented");
    }
    if (asked.partial) {
      given.add("--partial");
    }
    if (asked.failOnAlarm) {
      given.add("--fail-on-alarm");
    }
    return given;
  }
}
