package io.tidemark.profile;

import io.tidemark.schema.StoredProfile;
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
        PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>>,
        PCollection<KV<Long, StoredProfile>>> {
  private static final long serialVersionUID = 1;

  private final StoredProfiles stored;

  private KeepProfiles(StoredProfiles stored) {
    this.stored = stored;
  }

  public static KeepProfiles as(StoredProfiles stored) {
    return new KeepProfiles(stored);
  }

  @Override
  public PCollection<KV<Long, StoredProfile>> expand(
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> windows) {
    return windows
        .apply("ToRecords", ParDo.of(new KeepFn(stored)))
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(StoredProfile.class)));
  }

  private static final class KeepFn
      extends DoFn<KV<WindowKey, KV<Boolean, WindowProfile>>, KV<Long, StoredProfile>> {
    private static final long serialVersionUID = 1;

    private final StoredProfiles stored;

    KeepFn(StoredProfiles stored) {
      this.stored = stored;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> profile,
        OutputReceiver<KV<Long, StoredProfile>> out) {
      WindowKey key = profile.getKey();
      KV<Boolean, WindowProfile> marked = profile.getValue();
      out.output(KV.of(key.start(), stored.store(key, marked.getValue(), marked.getKey())));
    }
  }
}
