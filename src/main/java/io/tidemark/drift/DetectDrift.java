package io.tidemark.drift;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.StatisticRows;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Statistic;
import io.tidemark.store.RecordCoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Compares each window with its baseline: the rows of the statistics table under {@link
 * #STATISTICS}, every comparison with its verdict under {@link #FINDINGS}.
 */
public final class DetectDrift
    extends PTransform<PCollection<WindowRevision<WindowProfile>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<WindowRevision<List<Statistic>>> STATISTICS =
      new TupleTag<>("statistics") {};
  public static final TupleTag<WindowRevision<List<Comparison>>> FINDINGS =
      new TupleTag<>("findings") {};

  private final transient Fleet<DriftContext> contexts;
  private final transient Optional<RequirePersistence> persistence;

  private DetectDrift(Fleet<DriftContext> contexts, Optional<RequirePersistence> persistence) {
    this.contexts = contexts;
    this.persistence = persistence;
  }

  /**
   * @param output where earlier runs left the findings that persistence looks back at
   */
  public static DetectDrift of(Fleet<DriftContext> contexts, String output) {
    return new DetectDrift(
        contexts, RequirePersistence.of(contexts.map(DriftContext::spec), output));
  }

  /**
   * The same of the windows of a longer horizon. Without persistence: a horizon looks back by
   * itself.
   *
   * @param size of the horizon; models without it have no such windows
   * @param contexts of the specs' own windows; their baselines' windows are merged here
   */
  public static DetectDrift over(String size, Fleet<DriftContext> contexts) {
    return new DetectDrift(
        contexts.mapped(own -> own.spec().horizon(size).map(own::over)), Optional.empty());
  }

  @Override
  public PCollectionTuple expand(PCollection<WindowRevision<WindowProfile>> windows) {
    PCollectionTuple compared =
        windows.apply(
            "CompareWindows",
            ParDo.of(new CompareFn(contexts))
                .withOutputTags(FINDINGS, TupleTagList.of(STATISTICS)));
    compared
        .get(STATISTICS)
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Statistic.class))));
    PCollection<WindowRevision<List<Comparison>>> findings =
        compared.get(FINDINGS).setCoder(Comparison.ofWindow());
    if (persistence.isPresent()) {
      findings = findings.apply("RequirePersistence", persistence.get());
    }
    return PCollectionTuple.of(STATISTICS, compared.get(STATISTICS)).and(FINDINGS, findings);
  }

  static final class CompareFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<List<Comparison>>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<DriftContext>> contexts;
    private transient Map<String, CompareWindow> comparers;

    CompareFn(Fleet<DriftContext> contexts) {
      this.contexts = Broadcast.of(contexts);
    }

    @Setup
    public void setup() {
      comparers = new HashMap<>();
    }

    @ProcessElement
    public void process(@Element WindowRevision<WindowProfile> window, MultiOutputReceiver out) {
      WindowKey key = window.window();
      DriftContext own = contexts.get().of(key.model());
      CompareWindow comparer =
          comparers.computeIfAbsent(
              key.model(), any -> new CompareWindow(own.spec(), own.redaction(), own.baselines()));
      WindowProfile profile = window.content();
      List<Statistic> rows =
          new StatisticRows(own.spec(), own.redaction())
              .of(key, profile, own.baselines().of(key.version()), window.complete());
      out.get(STATISTICS).output(window.with(rows));
      out.get(FINDINGS).output(window.with(comparer.compare(key, profile, window.complete())));
    }
  }
}
