package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.ReportDrift;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import java.util.List;
import org.apache.beam.sdk.values.PCollection;

/** A job without end tells by its metrics. */
record FollowedResults(Fleet<MonitoringSpec> specs) implements RunResults {

  @Override
  public void drift(PCollection<WindowRevision<List<Comparison>>> findings) {
    findings.apply("ReportDrift", ReportDrift.of(specs));
  }
}
