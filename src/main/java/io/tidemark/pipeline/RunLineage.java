package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.alerts.Messenger;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.lineage.Dataset;
import io.tidemark.lineage.RunEvent;
import io.tidemark.profile.EmptyFields;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Tells in OpenLineage how the runs of a command go: in files below the output, and to a receiver
 * where there is one. A receiver that does not take an event changes nothing of a run but a line
 * that says so.
 */
public final class RunLineage implements AutoCloseable {
  private final Fleet<LineageRun> runs;
  private final String output;
  private final Destination receiver;
  private final WallClock clock;
  private final PrintWriter err;
  private final Messenger messenger;

  /** Beginnings that nobody has taken yet; an end is not told before its beginning. */
  private final TreeMap<String, RunEvent> untold = new TreeMap<>();

  /** Beginnings of runs that end: a run over input that is unusable leaves no file. */
  private final TreeMap<String, RunEvent> unwritten = new TreeMap<>();

  private final TreeSet<String> ended = new TreeSet<>();

  /**
   * @param receiver null: there is none
   */
  RunLineage(
      Fleet<LineageRun> runs,
      String output,
      Destination receiver,
      WallClock clock,
      PrintWriter err) {
    this.runs = runs;
    this.output = output;
    this.receiver = receiver;
    this.clock = clock;
    this.err = err;
    this.messenger = receiver == null ? null : Messenger.to(receiver);
  }

  /** Of runs that end. */
  public static RunLineage of(
      Fleet<ModelRun> models,
      LineageRun.Places places,
      PipelineOptions options,
      Destination receiver,
      WallClock clock,
      PrintWriter err) {
    Fleet<LineageRun> runs = models.map(model -> LineageRun.of(model, places, options));
    return new RunLineage(runs, places.output(), receiver, clock, err);
  }

  /** Of a job that follows topics. */
  public static RunLineage following(
      Fleet<Model> models,
      LineageRun.Places places,
      PipelineOptions options,
      Destination receiver,
      WallClock clock,
      PrintWriter err) {
    Fleet<LineageRun> runs = models.map(model -> LineageRun.following(model, places, options));
    return new RunLineage(runs, places.output(), receiver, clock, err);
  }

  /** What a job's workers tell of. */
  public LineageKeeper keeper() {
    return new LineageKeeper(runs, receiver, clock);
  }

  /** The runs begin. */
  public void start() throws IOException {
    for (LineageRun run : runs.all()) {
      RunEvent event =
          run.event(RunEvent.Type.START, clock)
              .inputs(run.inputs(run.events(), run.labels()))
              .outputs(run.outputs(List.of()));
      if (run.streaming()) {
        event.write(output);
      } else {
        unwritten.put(run.model(), event);
      }
      if (messenger != null && messenger.sendOnce(event.id(), event.body()).isPresent()) {
        untold.put(run.model(), event); // said when that is of use, with the end
      }
    }
  }

  /**
   * A model's run has ended.
   *
   * @param ofNobody rows that are no model's
   * @param failed whether the command says that it failed, though its outputs are there
   */
  public void end(ModelRun model, JobResults.Of results, RowCounts ofNobody, boolean failed)
      throws IOException {
    LineageRun run = runs.of(model.spec().model());
    Dataset events = run.events();
    List<Dataset.Column> columns = columns(model.spec(), model.redaction(), results.unusable());
    long rows = columns.isEmpty() ? results.rows().profiled() : columns.get(0).rows();
    events.quality(rows, model.files().files(), model.files().bytes(), columns);
    Dataset labels = run.labels();
    if (labels != null && model.labels() != null) {
      var files = model.labels().files();
      labels.quality(results.labels().read(), files.files(), files.bytes(), List.of());
    }
    RunEvent event =
        run.event(failed ? RunEvent.Type.FAIL : RunEvent.Type.COMPLETE, clock)
            .rows(RunRecord.rows(results.rows(), ofNobody))
            .inputs(run.inputs(events, labels))
            .outputs(run.outputs(results.snapshots()));
    if (failed) {
      event.error("ended with exit code 1: its messages say why; its outputs are written");
    }
    tell(run, event, true);
  }

  /** Those that may be named, in the order of the spec's fields. */
  private static List<Dataset.Column> columns(
      MonitoringSpec spec, Redaction redaction, List<List<Long>> counts) {
    List<Dataset.Column> columns = new ArrayList<>();
    for (EmptyFields.Unusable each : EmptyFields.all(spec, counts)) {
      if (!redaction.excludes(each.field())) {
        columns.add(
            new Dataset.Column(
                each.field().path(),
                each.field().numeric() ? "numeric" : "categorical",
                each.rows(),
                each.missing(),
                each.invalid()));
      }
    }
    return columns;
  }

  /** The jobs without end have ended, as their records say. */
  public void ended() throws IOException {
    for (LineageRun run : runs.all()) {
      RunEvent event = run.event(RunEvent.Type.COMPLETE, clock);
      LineageKeeper.addRecord(run, event, KeepRunRecords.path(output, run.model()));
      tell(run, event, true);
    }
  }

  /** Those of the runs that have not ended yet have been stopped by this; never throws. */
  public void stopped(Throwable thrown) {
    Failure failure = Failure.of(thrown);
    for (LineageRun run : runs.all()) {
      if (!ended.contains(run.model())) {
        try {
          RunEvent.Type type = cancelled(thrown) ? RunEvent.Type.ABORT : RunEvent.Type.FAIL;
          tell(
              run,
              run.event(type, clock)
                  .error(PlainText.line(failure.message()))
                  .inputs(run.inputs(run.events(), run.labels()))
                  .outputs(run.outputs(List.of())),
              run.streaming() || !failure.wrongUse());
        } catch (IOException | RuntimeException e) {
          thrown.addSuppressed(e); // what has stopped the run is the thing to tell
        }
      }
    }
  }

  private static boolean cancelled(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof JobRunner.CancelledException
          || cause.getClass().getSimpleName().equals("JobCancellationException")) {
        return true;
      }
    }
    return false;
  }

  private void tell(LineageRun run, RunEvent event, boolean kept) throws IOException {
    ended.add(run.model());
    if (kept) {
      RunEvent start = unwritten.remove(run.model());
      if (start != null) {
        start.write(output);
      }
      event.write(output);
    }
    if (messenger == null) {
      return;
    }
    RunEvent start = untold.remove(run.model());
    Optional<String> why =
        start == null ? Optional.empty() : messenger.send(start.id(), start.body());
    if (why.isEmpty()) {
      why = messenger.send(event.id(), event.body());
    }
    why.ifPresent(
        words ->
            err.println(
                "--lineage: "
                    + receiver.shown()
                    + " has not taken what became of "
                    + run.model()
                    + " ("
                    + words
                    + ")"
                    + (kept ? "; it is in " + event.path(output) : "")));
  }

  @Override
  public void close() {
    if (messenger != null) {
      messenger.close();
    }
  }
}
