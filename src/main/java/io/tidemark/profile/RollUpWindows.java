package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.RegroupRevisions;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Merges windows to the longer windows of a horizon. A window of the horizon is complete when all
 * of its windows are there and complete. Each window of the horizon that holds one of the run's own
 * is merged from these and from what earlier runs have stored of the others. A stream passes a
 * longer window on when it ends, and again when one of its windows has changed.
 */
public final class RollUpWindows
    extends PTransform<
        PCollection<WindowRevision<WindowProfile>>, PCollection<WindowRevision<WindowProfile>>> {
  private static final long serialVersionUID = 1;

  private final transient RollUp rule;

  private RollUpWindows(RollUp rule) {
    this.rule = rule;
  }

  /**
   * @param specs of the models that have the horizon; the others' windows are left out
   * @param size of the horizon, as these specs say it
   * @param stored the windows of earlier runs; none are taken of a model that is not in it
   */
  public static RollUpWindows to(
      String size,
      Fleet<MonitoringSpec> specs,
      WindowProfileCoder coder,
      Fleet<StoredProfiles> stored) {
    return new RollUpWindows(
        new RollUp(
            specs.map(
                spec ->
                    new RollUp.OfModel(
                        spec.horizon(size).orElseThrow(),
                        spec.window(),
                        stored.find(spec.model()).orElse(null))),
            coder));
  }

  @Override
  public PCollection<WindowRevision<WindowProfile>> expand(
      PCollection<WindowRevision<WindowProfile>> windows) {
    return windows
        .apply("Pack", ParDo.of(new PackFn(rule.models().models(), rule.coder())))
        .setCoder(WindowRevision.coder(ByteArrayCoder.of()))
        .apply("MergeWindows", RegroupRevisions.by(rule, new WindowKey.KeyCoder(), rule.coder()));
  }

  /** States are kept and shuffled as bytes: a runner that copies what it groups copies arrays. */
  private static final class PackFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<byte[]>> {
    private static final long serialVersionUID = 1;

    private final TreeSet<String> models;
    private final WindowProfileCoder coder;

    PackFn(Set<String> models, WindowProfileCoder coder) {
      this.models = new TreeSet<>(models);
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window, OutputReceiver<WindowRevision<byte[]>> out) {
      if (models.contains(window.window().model())) {
        out.output(window.with(MergeStates.pack(coder, window.content())));
      }
    }
  }
}
