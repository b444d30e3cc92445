package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.StoredProfile;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The windows' profiles below the output, from which later runs merge horizons that reach beyond
 * their own windows. What does not fit the run is passed over: another baseline or layout, another
 * version of the form, another mask key, damage.
 */
public final class StoredProfiles implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int VERSION = 1;

  private final String model;
  private final WindowSpec window;
  private final TreeMap<String, String> baselines = new TreeMap<>();
  private final Broadcast<ProfileLayouts> layouts;
  private final Redaction redaction;
  private final boolean sealed;
  private final String output;

  private transient TreeMap<Integer, String> layoutHashes;

  /**
   * One stored window of a version.
   *
   * @param complete whether the bounds of the run that stored it left the window whole
   */
  public record Kept(String version, WindowProfile profile, boolean complete) {}

  private StoredProfiles(
      MonitoringSpec spec,
      Baselines baselines,
      Broadcast<ProfileLayouts> layouts,
      Redaction redaction,
      String output) {
    this.model = spec.model();
    this.window = spec.window();
    baselines.all().forEach(one -> this.baselines.put(one.version(), one.hash()));
    this.layouts = layouts;
    this.redaction = redaction;
    this.sealed = spec.fields().stream().anyMatch(redaction::hides);
    this.output = output;
  }

  public static StoredProfiles of(
      MonitoringSpec spec,
      Baselines baselines,
      Broadcast<ProfileLayouts> layouts,
      Redaction redaction,
      String output) {
    return new StoredProfiles(spec, baselines, layouts, redaction, output);
  }

  /**
   * Whether windows may be stored: not where a state holds values that are hidden in every output
   * and there is no key to seal them with.
   */
  public static boolean allowed(MonitoringSpec spec, Redaction redaction) {
    return redaction.canSeal() || spec.fields().stream().noneMatch(redaction::hides);
  }

  StoredProfile store(WindowKey key, WindowProfile profile, boolean complete) {
    StoredProfile stored = new StoredProfile();
    stored.setFormatVersion(VERSION);
    stored.setModel(model);
    stored.setModelVersion(key.version());
    stored.setWindowStart(WindowSpec.instant(key.start()));
    stored.setWindowEnd(WindowSpec.instant(window.endOf(key.start())));
    stored.setComplete(complete);
    stored.setRows(profile.rows());
    stored.setBaseline(baseline(key.version()));
    stored.setLayout(hash(profile.layout()));
    stored.setSealed(sealed);
    stored.setStateVersion(BaselineFormat.STATE_VERSION);
    byte[] state = BaselineFormat.state(profile);
    stored.setState(ByteBuffer.wrap(sealed ? redaction.seal(state) : state));
    return stored;
  }

  /** What is stored of a window and fits, a version each, in the order of versions. */
  public List<Kept> read(long windowStart) throws IOException {
    String folder = WindowFolders.folder(output, Table.PROFILES.folder(), model, windowStart);
    TreeMap<String, Kept> kept = new TreeMap<>();
    for (byte[] file : WindowFolders.read(folder, "avro")) {
      for (StoredProfile stored : records(file)) {
        profile(stored, windowStart)
            .ifPresent(
                profile ->
                    kept.put(
                        stored.getModelVersion(),
                        new Kept(stored.getModelVersion(), profile, stored.getComplete())));
      }
    }
    return List.copyOf(kept.values());
  }

  private static List<StoredProfile> records(byte[] file) {
    try {
      return AvroFiles.read(file, StoredProfile.class);
    } catch (IOException e) {
      return List.of();
    }
  }

  private Optional<WindowProfile> profile(StoredProfile stored, long start) throws IOException {
    ProfileLayout layout = layouts.get().of(model, stored.getModelVersion());
    boolean fits =
        stored.getFormatVersion() == VERSION
            && stored.getStateVersion() == BaselineFormat.STATE_VERSION
            && stored.getModel().equals(model)
            && WindowSpec.micros(stored.getWindowStart()) == start
            && WindowSpec.micros(stored.getWindowEnd()) == window.endOf(start)
            && stored.getBaseline().equals(baseline(stored.getModelVersion()))
            && stored.getLayout().equals(hash(layout))
            && stored.getSealed() == sealed;
    if (!fits) {
      return Optional.empty();
    }
    byte[] bytes = new byte[stored.getState().remaining()];
    stored.getState().duplicate().get(bytes);
    Optional<byte[]> state = sealed ? redaction.open(bytes) : Optional.of(bytes);
    return state.flatMap(open -> decode(layout, open));
  }

  private static Optional<WindowProfile> decode(ProfileLayout layout, byte[] state) {
    try (ByteInput in = new ByteInput(state)) {
      return Optional.of(WindowProfile.read(layout, in));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // damaged: a hash of the layout does not vouch for the bytes
    }
  }

  private String baseline(String version) {
    return baselines.getOrDefault(version, baselines.getOrDefault("", ""));
  }

  private synchronized String hash(ProfileLayout layout) {
    if (layoutHashes == null) {
      layoutHashes = new TreeMap<>();
    }
    return layoutHashes.computeIfAbsent(layout.id(), id -> LayoutHash.of(layout));
  }
}
