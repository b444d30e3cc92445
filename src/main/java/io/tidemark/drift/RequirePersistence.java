package io.tidemark.drift;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.RegroupRevisions;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
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

  private final Fleet<PersistenceRule> rules;
  private final String output;

  RequirePersistence(Fleet<PersistenceRule> rules, String output) {
    this.rules = rules;
    this.output = output;
  }

  /** Empty where no model's findings have to persist. */
  static Optional<RequirePersistence> of(Fleet<MonitoringSpec> specs, String output) {
    Fleet<PersistenceRule> rules = specs.mapped(PersistenceRule::of);
    return rules.isEmpty() ? Optional.empty() : Optional.of(new RequirePersistence(rules, output));
  }

  @Override
  public PCollection<WindowRevision<List<Comparison>>> expand(
      PCollection<WindowRevision<List<Comparison>>> windows) {
    if (windows.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      PCollection<WindowRevision<List<Comparison>>> judged =
          windows
              .apply("MustPersist", ParDo.of(new OfModelsFn(rules, true)))
              .setCoder(windows.getCoder())
              .apply(
                  "LookBack",
                  RegroupRevisions.by(
                      new LookBack(rules, output),
                      new ModelVersion.VersionCoder(),
                      Comparison.ofWindow().content()));
      PCollection<WindowRevision<List<Comparison>>> others =
          windows
              .apply("NeedNotPersist", ParDo.of(new OfModelsFn(rules, false)))
              .setCoder(windows.getCoder());
      return PCollectionList.of(judged).and(others).apply("AllFindings", Flatten.pCollections());
    }
    // Stored findings of the run's windows are about to be replaced: they must not be looked at.
    PCollectionView<Iterable<KV<WindowKey, List<String>>>> run =
        windows
            .apply("Exceeded", ParDo.of(new ExceededFn()))
            .setCoder(KvCoder.of(new WindowKey.KeyCoder(), ListCoder.of(StringUtf8Coder.of())))
            .apply("ViewExceeded", View.asIterable());
    return windows
        .apply("LookBack", ParDo.of(new JudgeFn(rules, output, run)).withSideInputs(run))
        .setCoder(windows.getCoder());
  }

  /** Windows of models that have a rule, or of the others. */
  private static final class OfModelsFn
      extends DoFn<WindowRevision<List<Comparison>>, WindowRevision<List<Comparison>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<PersistenceRule> rules;
    private final boolean ruled;

    OfModelsFn(Fleet<PersistenceRule> rules, boolean ruled) {
      this.rules = rules;
      this.ruled = ruled;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window,
        OutputReceiver<WindowRevision<List<Comparison>>> out) {
      if (rules.has(window.window().model()) == ruled) {
        out.output(window);
      }
    }
  }

  private static final class ExceededFn
      extends DoFn<WindowRevision<List<Comparison>>, KV<WindowKey, List<String>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window,
        OutputReceiver<KV<WindowKey, List<String>>> out) {
      Set<String> exceeded = PersistenceRule.exceeded(window.content());
      out.output(KV.of(window.window().ofAll(), new ArrayList<>(exceeded)));
    }
  }

  private static final class JudgeFn
      extends DoFn<WindowRevision<List<Comparison>>, WindowRevision<List<Comparison>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<PersistenceRule> rules;
    private final String output;
    private final PCollectionView<Iterable<KV<WindowKey, List<String>>>> windowsOfRun;
    private transient Map<WindowKey, Set<String>> run;
    private transient Map<String, EarlierFindings> earlier;

    JudgeFn(
        Fleet<PersistenceRule> rules,
        String output,
        PCollectionView<Iterable<KV<WindowKey, List<String>>>> windowsOfRun) {
      this.rules = rules;
      this.output = output;
      this.windowsOfRun = windowsOfRun;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      if (run == null) { // a bounded run has one set of windows
        run = new HashMap<>();
        earlier = new HashMap<>();
        for (KV<WindowKey, List<String>> window : context.sideInput(windowsOfRun)) {
          run.computeIfAbsent(window.getKey(), any -> new HashSet<>()).addAll(window.getValue());
        }
      }
      WindowRevision<List<Comparison>> window = context.element();
      String model = window.window().model();
      PersistenceRule rule = rules.find(model).orElse(null);
      context.output(
          rule == null
              ? window
              : window.with(
                  rule.judge(
                      window.content(),
                      window.window().start(),
                      (start, series) -> exceeded(model, start, series))));
    }

    private boolean exceeded(String model, long start, String series) throws IOException {
      Set<String> own = run.get(WindowKey.ofAll(model, start));
      return own == null
          ? earlier
              .computeIfAbsent(model, any -> new EarlierFindings(output, model))
              .exceeded(start, series)
          : own.contains(series);
    }
  }
}
