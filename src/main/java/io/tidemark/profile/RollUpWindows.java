package io.tidemark.profile;

import io.tidemark.event.MergeStates;
import io.tidemark.flow.RegroupRevisions;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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
   * @param horizon a whole multiple of the window
   * @param stored the windows of earlier runs, or null: none are taken
   */
  public static RollUpWindows to(
      WindowSpec horizon, WindowSpec window, WindowProfileCoder coder, StoredProfiles stored) {
    return new RollUpWindows(new RollUp(horizon, window, coder, stored));
  }

  @Override
  public PCollection<WindowRevision<WindowProfile>> expand(
      PCollection<WindowRevision<WindowProfile>> windows) {
    return windows
        .apply("Pack", ParDo.of(new PackFn(rule.coder())))
        .setCoder(WindowRevision.coder(ByteArrayCoder.of()))
        .apply("MergeWindows", RegroupRevisions.by(rule, VarLongCoder.of(), rule.coder()));
  }

  /** States are kept and shuffled as bytes: a runner that copies what it groups copies arrays. */
  private static final class PackFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<byte[]>> {
    private static final long serialVersionUID = 1;

    private final WindowProfileCoder coder;

    PackFn(WindowProfileCoder coder) {
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window, OutputReceiver<WindowRevision<byte[]>> out) {
      out.output(window.with(MergeStates.pack(coder, window.content())));
    }
  }
}
