package io.tidemark.drift;

import io.tidemark.flow.RegroupRevisions;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Lets findings ring only where k of the last n windows exceeded their thresholds.
 *
 * <p>Windows that are not in a run count as earlier runs under the same output have stored them, so
 * that scheduled runs ring as one run over all windows does. In a stream a window is judged again
 * when it or one of those that it looks back at has changed; see {@link LookBack}. A bounded run
 * needs no more of other windows than which series exceeded, so findings are not grouped.
 */
final class RequirePersistence
    extends PTransform<
        PCollection<WindowRevision<List<Comparison>>>,
        PCollection<WindowRevision<List<Comparison>>>> {
  private static final long serialVersionUID = 1;

  private final PersistenceRule rule;
  private final String output;
  private final String model;

  RequirePersistence(PersistenceRule rule, String output, String model) {
    this.rule = rule;
    this.output = output;
    this.model = model;
  }

  static RequirePersistence of(MonitoringSpec spec, String output) {
    return new RequirePersistence(
        new PersistenceRule(spec.drift().persistence(), spec.window()), output, spec.model());
  }

  @Override
  public PCollection<WindowRevision<List<Comparison>>> expand(
      PCollection<WindowRevision<List<Comparison>>> windows) {
    if (windows.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      return windows.apply(
          "LookBack",
          RegroupRevisions.by(
              new LookBack(rule, output, model),
              StringUtf8Coder.of(),
              Comparison.ofWindow().content()));
    }
    // Stored findings of the run's windows are about to be replaced: they must not be looked at.
    PCollectionView<Iterable<KV<Long, List<String>>>> run =
        windows
            .apply("Exceeded", ParDo.of(new ExceededFn()))
            .setCoder(KvCoder.of(VarLongCoder.of(), ListCoder.of(StringUtf8Coder.of())))
            .apply("ViewExceeded", View.asIterable());
    return windows
        .apply(
            "LookBack",
            ParDo.of(new JudgeFn(rule, new EarlierFindings(output, model), run))
                .withSideInputs(run))
        .setCoder(windows.getCoder());
  }

  private static final class ExceededFn
      extends DoFn<WindowRevision<List<Comparison>>, KV<Long, List<String>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window,
        OutputReceiver<KV<Long, List<String>>> out) {
      Set<String> exceeded = PersistenceRule.exceeded(window.content());
      out.output(KV.of(window.window().start(), new ArrayList<>(exceeded)));
    }
  }

  private static final class JudgeFn
      extends DoFn<WindowRevision<List<Comparison>>, WindowRevision<List<Comparison>>> {
    private static final long serialVersionUID = 1;

    private final PersistenceRule rule;
    private final EarlierFindings earlier;
    private final PCollectionView<Iterable<KV<Long, List<String>>>> windowsOfRun;

    private transient Map<Long, Set<String>> run;

    JudgeFn(
        PersistenceRule rule,
        EarlierFindings earlier,
        PCollectionView<Iterable<KV<Long, List<String>>>> windowsOfRun) {
      this.rule = rule;
      this.earlier = earlier;
      this.windowsOfRun = windowsOfRun;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      if (run == null) { // a bounded run has one set of windows
        run = new HashMap<>();
        for (KV<Long, List<String>> window : context.sideInput(windowsOfRun)) {
          run.computeIfAbsent(window.getKey(), start -> new HashSet<>()).addAll(window.getValue());
        }
      }
      WindowRevision<List<Comparison>> window = context.element();
      context.output(
          window.with(rule.judge(window.content(), window.window().start(), this::exceeded)));
    }

    private boolean exceeded(long start, String series) throws IOException {
      Set<String> own = run.get(start);
      return own == null ? earlier.exceeded(start, series) : own.contains(series);
    }
  }
}
