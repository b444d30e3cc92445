package io.tidemark.pipeline;

import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.WindowProfile;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Windows without what is in them: how many rows they have, and whether they are complete. */
final class WindowsThereAre
    extends PTransform<
        PCollection<WindowRevision<WindowProfile>>, PCollection<WindowRevision<Void>>> {
  private static final long serialVersionUID = 1;

  @Override
  public PCollection<WindowRevision<Void>> expand(
      PCollection<WindowRevision<WindowProfile>> windows) {
    return windows
        .apply("WithoutContent", ParDo.of(new WithoutContentFn()))
        .setCoder(WindowRevision.coder(VoidCoder.of()));
  }

  private static final class WithoutContentFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<Void>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window, OutputReceiver<WindowRevision<Void>> out) {
      out.output(window.with(null));
    }
  }
}
