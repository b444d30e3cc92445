package io.tidemark.performance;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Performance;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ListCoder;
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

  private final transient Fleet<PerformanceContext> contexts;

  private MeasurePerformance(Fleet<PerformanceContext> contexts) {
    this.contexts = contexts;
  }

  public static MeasurePerformance of(Fleet<PerformanceContext> contexts) {
    return new MeasurePerformance(contexts);
  }

  @Override
  public PCollectionTuple expand(PCollection<WindowRevision<WindowOutcomes>> windows) {
    PCollectionTuple measured =
        windows.apply(
            "MeasureWindows",
            ParDo.of(new MeasureFn(contexts)).withOutputTags(FIGURES, TupleTagList.of(FINDINGS)));
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

    private final ModelCounter revisions;
    private final Broadcast<Fleet<PerformanceContext>> contexts;
    private transient Map<String, MeasureWindow> measures;

    MeasureFn(Fleet<PerformanceContext> contexts) {
      this.contexts = Broadcast.of(contexts);
      this.revisions = StreamMetric.PERFORMANCE_REVISIONS.counter(contexts.models());
    }

    @Setup
    public void setup() {
      measures = new HashMap<>();
    }

    @ProcessElement
    public void process(@Element WindowRevision<WindowOutcomes> window, MultiOutputReceiver out) {
      MeasureWindow.Measurements found =
          measures
              .computeIfAbsent(
                  window.window().model(), model -> new MeasureWindow(contexts.get().of(model)))
              .measure(window.window(), window.content(), window.complete());
      revisions.inc(window.window().model(), 1);
      out.get(FIGURES).output(window.with(found.figures()));
      out.get(FINDINGS).output(window.with(found.findings()));
    }
  }
}
