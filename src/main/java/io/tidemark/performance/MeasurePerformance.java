package io.tidemark.performance;

import io.tidemark.event.Broadcast;
import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Performance;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Measures each window's outcomes and holds them against the baseline's: the rows of the
 * performance table under {@link #FIGURES}, every comparison with its verdict under {@link
 * #FINDINGS}.
 */
public final class MeasurePerformance
    extends PTransform<PCollection<WindowRevision<WindowOutcomes>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<WindowRevision<List<Performance>>> FIGURES =
      new TupleTag<>("figures") {};
  public static final TupleTag<WindowRevision<List<Finding>>> FINDINGS =
      new TupleTag<>("findings") {};

  private final transient PerformanceContext context;

  private MeasurePerformance(PerformanceContext context) {
    this.context = context;
  }

  public static MeasurePerformance of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines) {
    return new MeasurePerformance(new PerformanceContext(spec, redaction, baselines));
  }

  @Override
  public PCollectionTuple expand(PCollection<WindowRevision<WindowOutcomes>> windows) {
    PCollectionTuple measured =
        windows.apply(
            "MeasureWindows",
            ParDo.of(new MeasureFn(context)).withOutputTags(FIGURES, TupleTagList.of(FINDINGS)));
    measured
        .get(FIGURES)
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Performance.class))));
    measured
        .get(FINDINGS)
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Finding.class))));
    return measured;
  }

  private static final class MeasureFn
      extends DoFn<WindowRevision<WindowOutcomes>, WindowRevision<List<Performance>>> {
    private static final long serialVersionUID = 1;

    private final Counter revisions = StreamMetric.PERFORMANCE_REVISIONS.counter();
    private final Broadcast<PerformanceContext> context;

    private transient MeasureWindow measure;

    MeasureFn(PerformanceContext context) {
      this.context = Broadcast.of(context);
    }

    @ProcessElement
    public void process(@Element WindowRevision<WindowOutcomes> window, MultiOutputReceiver out) {
      if (measure == null) {
        measure = new MeasureWindow(context.get());
      }
      MeasureWindow.Measurements found =
          measure.measure(window.window(), window.content(), window.complete());
      revisions.inc();
      out.get(FIGURES).output(window.with(found.figures()));
      out.get(FINDINGS).output(window.with(found.findings()));
    }
  }
}
