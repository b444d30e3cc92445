package io.tidemark.profile;

import io.tidemark.schema.StoredProfile;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** The run's windows as records that later runs can merge, by the start of the window. */
public final class KeepProfiles
    extends PTransform<
        PCollection<KV<WindowKey, WindowProfile>>, PCollection<KV<Long, StoredProfile>>> {
  private static final long serialVersionUID = 1;

  private final StoredProfiles stored;
  private final WindowSpec window;
  private final Wholeness wholeness;

  private KeepProfiles(StoredProfiles stored, WindowSpec window, Wholeness wholeness) {
    this.stored = stored;
    this.window = window;
    this.wholeness = wholeness;
  }

  public static KeepProfiles as(StoredProfiles stored, WindowSpec window, Wholeness wholeness) {
    return new KeepProfiles(stored, window, wholeness);
  }

  @Override
  public PCollection<KV<Long, StoredProfile>> expand(
      PCollection<KV<WindowKey, WindowProfile>> windows) {
    return windows
        .apply("ToRecords", ParDo.of(new KeepFn(stored, window, wholeness)))
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(StoredProfile.class)));
  }

  private static final class KeepFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<Long, StoredProfile>> {
    private static final long serialVersionUID = 1;

    private final StoredProfiles stored;
    private final WindowSpec window;
    private final Wholeness wholeness;

    KeepFn(StoredProfiles stored, WindowSpec window, Wholeness wholeness) {
      this.stored = stored;
      this.window = window;
      this.wholeness = wholeness;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> profile,
        OutputReceiver<KV<Long, StoredProfile>> out) {
      WindowKey key = profile.getKey();
      boolean complete = wholeness.whole(key.start(), window.endOf(key.start()));
      out.output(KV.of(key.start(), stored.store(key, profile.getValue(), complete)));
    }
  }
}
