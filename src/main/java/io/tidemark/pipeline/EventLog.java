package io.tidemark.pipeline;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import java.util.Map;
import org.apache.beam.sdk.values.PBegin;

/** The models' inference logs and labels: files, or topics that are followed without end. */
interface EventLog {

  /** Event times of the windows that a run reports on. */
  TimeRange reported();

  /** Which windows the run can speak for. */
  Fleet<Reach> reach();

  /**
   * The models of which something says what the truth was: labels that are joined, or a column of
   * the log.
   */
  Fleet<MonitoringSpec> labelled();

  /** The models of which rows are given that were made or collected on request. */
  default Fleet<MonitoringSpec> augmented() {
    return Fleet.of(Map.of());
  }

  /** When nothing more can change a window of a log without end. */
  Fleet<WindowTiming> times();

  /** Reads the logs once, and gathers what is wanted of their rows. */
  AggregatedWindows aggregate(PBegin begin, Aggregates wanted);

  /** What stages that work by periods are told of a run over this log. */
  default PeriodRun periods(Fleet<Model> models, LogEdges edges, String output) {
    return new PeriodRun(
        models.map(Model::spec),
        models.map(Model::redaction),
        models.map(Model::hashesByVersion),
        output,
        reach(),
        times(),
        edges);
  }
}
