package io.tidemark.cli;

import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.FileScheme;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.SendDeadLetters;
import io.tidemark.labelissues.FindLabelIssues;
import io.tidemark.pipeline.LabelIssuesBranch;
import io.tidemark.pipeline.LineageRun;
import io.tidemark.pipeline.RunnerOptions;
import io.tidemark.pipeline.UsageException;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.OutputLock;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the command line of {@code monitor} says, and what is read of it alike for files and topics.
 */
final class MonitorOptions {
  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

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

  @Option(
      names = "--augmented",
      description = "Rows made or collected on request, to train on only: path, folder, glob.")
  String augmented;

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

  @Option(
      names = "--lineage",
      description = "Where OpenLineage events go besides lineage/: https://host/path.")
  String lineage;

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

  WallClock clock = WallClock.SYSTEM;

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Event times that are asked for. */
  TimeRange range() {
    return RunBounds.range(from, to);
  }

  /** Null where unusable rows go to files. */
  SendDeadLetters letters() {
    return deadLetters == null ? null : SendDeadLetters.to("--dead-letters", deadLetters);
  }

  OutputLock lock(PipelineOptions options) throws IOException {
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

  byte[] maskKey() throws IOException {
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
  Destination receiver() {
    if (alerts == null && alertsKey != null) {
      throw new UsageException("--alerts-key: signs alerts; give --alerts=https://host/path, too");
    }
    if (alertsKey != null) {
      FileScheme.check("--alerts-key", alertsKey);
    }
    String key = alertsKey == null ? null : SpecFiles.absolute(alertsKey); // workers read it, too
    return alerts == null ? null : Destination.of(alerts, key);
  }

  /** Null where lineage is kept in files alone. */
  Destination lineageReceiver() {
    return lineage == null ? null : Destination.ofLineage(lineage);
  }

  /** Where this run reads and writes, as jobs before and behind it name it. */
  LineageRun.Places places() {
    return new LineageRun.Places(
        SpecFiles.absolute(events),
        labels == null ? null : SpecFiles.absolute(labels),
        augmented == null ? null : SpecFiles.absolute(augmented),
        SpecFiles.absolute(baseline),
        SpecFiles.absolute(output));
  }

  /** Says what a spec asks for that a run does not do, or not for later ones. */
  void warn(MonitoringSpec spec, Redaction redaction) {
    PrintWriter err = err();
    SpecWarnings.warnings(spec).forEach(err::println);
    if (!spec.horizons().isEmpty() && !StoredProfiles.allowed(spec, redaction)) {
      err.println(
          "window.horizons: a monitored field is masked, so without --mask-key windows are not"
              + " kept for later runs; horizons hold the windows of this run alone");
    }
    if (spec.snapshot() != null && !CurateSnapshot.keepsCandidates(spec, redaction)) {
      err.println(
          "snapshot: ids, labels, features or the group are hidden, so without --mask-key candidates are not kept for"
              + " later runs; a snapshot holds the windows of one run alone");
    }
    if (LabelIssuesBranch.applies(spec) && !FindLabelIssues.keepsEvidence(spec, redaction)) {
      err.println(
          "label_issues: ids, labels, their sources or features are hidden, so without --mask-key nothing of labels is kept for"
              + " later runs; issues are of the windows of one run alone");
    }
  }

  Fleet<Baselines> baselines(Fleet<MonitoringSpec> specs) {
    Fleet<Baselines> baselines = Baselines.read(baseline, specs.models());
    specs.all().forEach(spec -> BaselineFit.check(spec, baselines.of(spec.model())));
    return baselines;
  }
}
