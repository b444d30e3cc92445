package io.tidemark.performance;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Performance;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Measures each window's outcomes and holds them against the baseline's: the rows of the
 * performance table under {@link #FIGURES}, every comparison with its verdict under {@link
 * #FINDINGS}, both by the start of their window.
 */
public final class MeasurePerformance
    extends PTransform<PCollection<KV<WindowKey, KV<Boolean, WindowOutcomes>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<Long, Performance>> FIGURES = new TupleTag<>("figures") {};
  public static final TupleTag<KV<Long, Finding>> FINDINGS = new TupleTag<>("findings") {};

  private final transient PerformanceContext context;

  private MeasurePerformance(PerformanceContext context) {
    this.context = context;
  }

  public static MeasurePerformance of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines) {
    return new MeasurePerformance(new PerformanceContext(spec, redaction, baselines));
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, KV<Boolean, WindowOutcomes>>> windows) {
    PCollectionTuple measured =
        windows.apply(
            "MeasureWindows",
            ParDo.of(new MeasureFn(context)).withOutputTags(FIGURES, TupleTagList.of(FINDINGS)));
    measured
        .get(FIGURES)
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Performance.class)));
    measured.get(FINDINGS).setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Finding.class)));
    return measured;
  }

  private static final class MeasureFn
      extends DoFn<KV<WindowKey, KV<Boolean, WindowOutcomes>>, KV<Long, Performance>> {
    private static final long serialVersionUID = 1;

    private final Shipped<PerformanceContext> context;

    private transient MeasureWindow measure;

    MeasureFn(PerformanceContext context) {
      this.context = Shipped.of(context);
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowOutcomes>> window, MultiOutputReceiver out) {
      if (measure == null) {
        measure = new MeasureWindow(context.get());
      }
      long start = window.getKey().start();
      MeasureWindow.Measurements found =
          measure.measure(
              window.getKey(), window.getValue().getValue(), window.getValue().getKey());
      found.figures().forEach(row -> out.get(FIGURES).output(KV.of(start, row)));
      found.findings().forEach(finding -> out.get(FINDINGS).output(KV.of(start, finding)));
    }
  }
}
