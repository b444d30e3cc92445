package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.StoredProfile;
import io.tidemark.store.RecordCoder;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** The run's windows as records that later runs can merge. */
public final class KeepProfiles
    extends PTransform<
        PCollection<WindowRevision<WindowProfile>>,
        PCollection<WindowRevision<List<StoredProfile>>>> {
  private static final long serialVersionUID = 1;

  private final Fleet<StoredProfiles> stored;

  private KeepProfiles(Fleet<StoredProfiles> stored) {
    this.stored = stored;
  }

  /**
   * @param stored of the models whose windows are kept
   */
  public static KeepProfiles as(Fleet<StoredProfiles> stored) {
    return new KeepProfiles(stored);
  }

  @Override
  public PCollection<WindowRevision<List<StoredProfile>>> expand(
      PCollection<WindowRevision<WindowProfile>> windows) {
    return windows
        .apply("ToRecords", ParDo.of(new KeepFn(stored)))
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(StoredProfile.class))));
  }

  private static final class KeepFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<List<StoredProfile>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<StoredProfiles> stored;

    KeepFn(Fleet<StoredProfiles> stored) {
      this.stored = stored;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window,
        OutputReceiver<WindowRevision<List<StoredProfile>>> out) {
      WindowKey key = window.window();
      stored
          .find(key.model())
          .ifPresent(
              own ->
                  out.output(
                      window.with(List.of(own.store(key, window.content(), window.complete())))));
    }
  }
}
