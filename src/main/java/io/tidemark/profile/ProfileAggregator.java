package io.tidemark.profile;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.WindowKey;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link WindowProfile} for each (model version, window) of a bundle's events. */
public final class ProfileAggregator implements Aggregator<WindowKey, WindowProfile> {
  private static final long serialVersionUID = 1;

  /**
   * Fields of windows and segments that are tallied at a time, of all models: about 100 MB at the
   * worst.
   */
  private static final int MOST_TALLIES = 2048;

  /** The version that all rows together are taken for: none is called that. */
  static final String TOTAL = "\u0000total";

  private final Broadcast<ProfileLayouts> layouts;
  private final boolean total;

  public ProfileAggregator(Broadcast<ProfileLayouts> layouts) {
    this(layouts, false);
  }

  private ProfileAggregator(Broadcast<ProfileLayouts> layouts, boolean total) {
    this.layouts = layouts;
    this.total = total;
  }

  /** The key of all of a model's rows together. */
  public static WindowKey ofTotal(String model) {
    return new WindowKey(model, TOTAL, 0);
  }

  /** Gathers one profile of all versions and windows, under {@link #ofTotal}. */
  public static ProfileAggregator total(Broadcast<ProfileLayouts> layouts) {
    return new ProfileAggregator(layouts, true);
  }

  @Override
  public boolean wants(String model) {
    return layouts.get().has(model);
  }

  @Override
  public Accumulator<WindowKey, WindowProfile> start(String model) {
    return new Profiles(model, layouts.get(), total);
  }

  private static final class Profiles implements Accumulator<WindowKey, WindowProfile> {
    private final String model;
    private final ProfileLayouts layouts;
    private final boolean total;
    private final int mostTallies;
    private final Map<WindowKey, WindowProfile> profiles = new HashMap<>();

    // Neighbouring rows mostly share a window: a look at the last one saves the map.
    private String lastVersion;
    private long lastStart;
    private WindowProfile last;

    // What is counted beside the profiles, while it is worth its memory.
    private final Map<WindowProfile, ProfileTally> tallies = new IdentityHashMap<>();
    private final ProfileTally.Scratch scratch = new ProfileTally.Scratch();
    private int tallied;

    Profiles(String model, ProfileLayouts layouts, boolean total) {
      this.model = model;
      this.mostTallies = MOST_TALLIES / layouts.models();
      this.layouts = layouts;
      this.total = total;
    }

    @Override
    public void add(InferenceEvent event, long windowStart) {
      at(event.version(), windowStart).add(event);
    }

    @Override
    public void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      WindowProfile profile = at(batch.version(rows[from]), windowStart);
      ProfileTally tally = tallies.get(profile);
      if (tally == null) {
        tallied += ProfileTally.size(profile.layout());
        if (tallied > mostTallies) {
          flush();
          tallied = ProfileTally.size(profile.layout());
        }
        tally = new ProfileTally(profile, scratch);
        tallies.put(profile, tally);
      }
      tally.add(batch, rows, from, to);
    }

    private WindowProfile at(String version, long windowStart) {
      return total ? of(TOTAL, 0) : of(version, windowStart);
    }

    private WindowProfile of(String version, long windowStart) {
      if (last == null || windowStart != lastStart || !version.equals(lastVersion)) {
        lastVersion = version;
        lastStart = windowStart;
        last =
            profiles.computeIfAbsent(
                new WindowKey(model, lastVersion, lastStart),
                key -> new WindowProfile(layouts.of(key)));
      }
      return last;
    }

    private void flush() {
      tallies.values().forEach(ProfileTally::flush); // each into its own profile
      tallies.clear();
      tallied = 0;
    }

    @Override
    public void drainTo(BiConsumer<WindowKey, WindowProfile> out) {
      flush();
      profiles.forEach(out); // the order does not matter: the states are merged by key
      profiles.clear();
      last = null;
    }
  }
}
