package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Redaction;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.CoverageAggregator;
import io.tidemark.labels.CoverageRows;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** What of each window's predictions labels cover, where anything says what the truth was. */
final class CoverageBranch {
  private final Fleet<MonitoringSpec> specs;
  private final Fleet<Redaction> redactions;
  private final WindowAggregate<Coverage> aggregate;

  /**
   * @param specs of the models of which something says what the truth was
   */
  CoverageBranch(Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions) {
    this.specs = specs;
    this.redactions = redactions;
    this.aggregate =
        WindowAggregate.of(
            AggregateOutput.of(
                "Coverage",
                CoverageAggregator.of(specs),
                new WindowKey.KeyCoder(),
                new Coverage.CoverageCoder()),
            Coverage::merge);
  }

  WindowAggregate<Coverage> aggregate() {
    return aggregate;
  }

  PCollection<KV<WindowKey, Coverage>> windows(AggregatedWindows rows) {
    return rows.windows("CoverWindows", aggregate);
  }

  /** Writes each window's. */
  void write(PCollection<KV<WindowKey, Coverage>> covered, Standing standing, String output) {
    covered
        .apply("CoverageToWrite", standing.leftOut())
        .apply("LabelCoverage", CoverageRows.of(specs, redactions))
        .apply("WriteLabelCoverage", WriteTable.of(Table.LABEL_COVERAGE, output));
  }
}
