package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.spec.MonitoringSpec;
import java.util.TreeMap;

/**
 * What stages that work by periods are told of a run.
 *
 * @param specs of the models that have such a stage
 * @param redactions of the columns that these hide
 * @param baselines hash of the baseline of each model version, and of the others under "", that
 *     windows were held against
 * @param output where results go, and where earlier runs left theirs
 * @param reach which windows the run can speak for
 * @param times when a stream's windows close
 * @param edges between which windows there are rows
 */
public record PeriodRun(
    Fleet<MonitoringSpec> specs,
    Fleet<Redaction> redactions,
    Fleet<TreeMap<String, String>> baselines,
    String output,
    Fleet<Reach> reach,
    Fleet<WindowTiming> times,
    LogEdges edges) {}
