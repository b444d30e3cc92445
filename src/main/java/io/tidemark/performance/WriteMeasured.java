package io.tidemark.performance;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowRevisions;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Measures a stream's windows as they come and writes their performance and its findings, each
 * revision whole. Emits the findings that ring, once they are written.
 */
public final class WriteMeasured
    extends PTransform<
        PCollection<KV<WindowKey, KV<Boolean, WindowOutcomes>>>, PCollection<Finding>> {
  private static final long serialVersionUID = 1;

  private final transient PerformanceContext context;
  private final String output;
  private final String table;

  private WriteMeasured(PerformanceContext context, String output, String table) {
    this.context = context;
    this.output = output;
    this.table = table;
  }

  /**
   * @param table of the figures; the files of its findings begin with its name
   */
  public static WriteMeasured of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output, String table) {
    return new WriteMeasured(new PerformanceContext(spec, redaction, baselines), output, table);
  }

  @Override
  public PCollection<Finding> expand(
      PCollection<KV<WindowKey, KV<Boolean, WindowOutcomes>>> windows) {
    return windows
        .apply("MeasureAndWrite", ParDo.of(new WriteFn(context, output, table)))
        .setCoder(RecordCoder.of(Finding.class));
  }

  private static final class WriteFn
      extends DoFn<KV<WindowKey, KV<Boolean, WindowOutcomes>>, Finding> {
    private static final long serialVersionUID = 1;

    private final Shipped<PerformanceContext> context;
    private final String output;
    private final String table;
    private final Counter revisions = StreamMetric.PERFORMANCE_REVISIONS.counter();
    private final Counter alarms = StreamMetric.ALARMS.counter();

    private transient MeasureWindow measure;

    WriteFn(PerformanceContext context, String output, String table) {
      this.context = Shipped.of(context);
      this.output = output;
      this.table = table;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowOutcomes>> window, OutputReceiver<Finding> out)
        throws IOException {
      if (measure == null) {
        measure = new MeasureWindow(context.get());
      }
      WindowKey key = window.getKey();
      WindowOutcomes outcomes = window.getValue().getValue();
      SegmentOutcomes all = outcomes.segment(0);
      MeasureWindow.Measurements found = measure.measure(key, outcomes, window.getValue().getKey());
      String model = context.get().spec().model();
      WindowRevisions.of(output, table, model)
          .jsonLines(key.start(), key.version(), all.labelled(), found.figures());
      if (!found.findings().isEmpty()) {
        new WindowRevisions(output, "findings", table, model, "")
            .jsonLines(key.start(), key.version(), all.labelled(), found.findings());
      }
      revisions.inc();
      for (Finding finding : found.findings()) {
        if (finding.getAlarm()) {
          alarms.inc();
          out.output(finding);
        }
      }
    }
  }
}
