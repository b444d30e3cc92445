package io.tidemark.labels;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.WindowKey;
import io.tidemark.schema.LabelCoverage;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.WindowRevisions;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** Writes the label coverage of a stream's windows as they come. Emits the windows written. */
public final class WriteCoverage
    extends PTransform<PCollection<KV<WindowKey, Coverage>>, PCollection<Long>> {
  private static final long serialVersionUID = 1;

  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final String output;
  private final String table;

  private WriteCoverage(MonitoringSpec spec, Redaction redaction, String output, String table) {
    this.spec = spec;
    this.redaction = redaction;
    this.output = output;
    this.table = table;
  }

  public static WriteCoverage of(
      MonitoringSpec spec, Redaction redaction, String output, String table) {
    return new WriteCoverage(spec, redaction, output, table);
  }

  @Override
  public PCollection<Long> expand(PCollection<KV<WindowKey, Coverage>> windows) {
    CoverageRows.ToRow rows = new CoverageRows.ToRow(spec, redaction);
    return windows.apply("WriteRow", ParDo.of(new WriteFn(rows, output, table)));
  }

  private static final class WriteFn extends DoFn<KV<WindowKey, Coverage>, Long> {
    private static final long serialVersionUID = 1;

    private final Shipped<CoverageRows.ToRow> rows;
    private final String output;
    private final String table;

    WriteFn(CoverageRows.ToRow rows, String output, String table) {
      this.rows = Shipped.of(rows);
      this.output = output;
      this.table = table;
    }

    @ProcessElement
    public void process(@Element KV<WindowKey, Coverage> window, OutputReceiver<Long> out)
        throws IOException {
      WindowKey key = window.getKey();
      LabelCoverage row = rows.get().apply(window).getValue();
      WindowRevisions.of(output, table, row.getModel())
          .jsonLines(
              key.start(), key.version(), window.getValue().counts().labelled(), List.of(row));
      out.output(key.start());
    }
  }
}
