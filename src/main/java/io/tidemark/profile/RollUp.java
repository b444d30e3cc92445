package io.tidemark.profile;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.Regrouping;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rule of {@link RollUpWindows}: what windows, as bytes, give for a model's window of a
 * horizon. All versions go together, because what is stored of a window is one place of all of
 * them.
 *
 * @param models those that have the horizon
 */
record RollUp(Fleet<OfModel> models, WindowProfileCoder coder)
    implements Regrouping<WindowKey, byte[], WindowProfile> {
  /**
   * Which windows are merged to which.
   *
   * @param horizon a whole multiple of the window
   * @param stored the windows of earlier runs; null: none are taken
   */
  record OfModel(WindowSpec horizon, WindowSpec window, StoredProfiles stored)
      implements Serializable {
    /** How many windows a window of the horizon has. */
    int windowsOf(long start) {
      int count = 0;
      long end = horizon.endOf(start);
      for (long at = start; at < end; at = window.endOf(at)) {
        count++;
      }
      return count;
    }

    long closes(long start) {
      return WindowTiming.withoutLabels(horizon).closed(start);
    }

    /** From then on no gap that begins in the window is filled. */
    long givesUp(long start) {
      return Math.max(closes(start), horizon.endOf(start) + LogSpans.longestGap(window)) + 1;
    }
  }

  /** What there is of one version in a window of the horizon. */
  private static final class Merged {
    private WindowProfile profile;
    private int completeWindows;

    private void add(WindowProfile more, boolean complete) {
      profile = profile == null ? more : profile.merge(more);
      completeWindows += complete ? 1 : 0;
    }
  }

  @Override
  public boolean knows(WindowKey key) {
    return models.has(key.model());
  }

  @Override
  public WindowKey key(WindowKey key) {
    return key.ofAll().at(models.of(key.model()).horizon().startOf(key.start()));
  }

  @Override
  public List<WindowRevision<WindowProfile>> judge(
      WindowKey longer,
      SortedMap<WindowKey, WindowRevision<byte[]>> windows,
      Set<WindowKey> changed)
      throws IOException {
    OfModel model = models.of(longer.model());
    TreeMap<String, Merged> versions = new TreeMap<>();
    Set<String> same = new HashSet<>();
    Set<Long> own = new HashSet<>();
    for (WindowRevision<byte[]> packed : windows.values()) {
      WindowKey key = packed.window();
      own.add(key.start());
      same.add(key.version());
      versions
          .computeIfAbsent(key.version(), version -> new Merged())
          .add(MergeStates.unpack(coder, packed.content()), packed.complete());
    }
    if (model.stored() != null) {
      addStored(model, longer.start(), own, versions);
    }
    changed.forEach(each -> same.remove(each.version()));
    versions.keySet().removeAll(same);
    int all = model.windowsOf(longer.start());
    List<WindowRevision<WindowProfile>> merged = new ArrayList<>();
    for (Map.Entry<String, Merged> version : versions.entrySet()) {
      WindowProfile profile = version.getValue().profile;
      merged.add(
          new WindowRevision<>(
              new WindowKey(longer.model(), version.getKey(), longer.start()),
              profile.rows(),
              version.getValue().completeWindows == all,
              profile));
    }
    return merged;
  }

  /** The windows that are not in the run; what is stored of the others is about to be replaced. */
  private static void addStored(
      OfModel model, long start, Set<Long> own, TreeMap<String, Merged> versions)
      throws IOException {
    long end = model.horizon().endOf(start);
    for (long at = start; at < end; at = model.window().endOf(at)) {
      if (!own.contains(at)) {
        for (StoredProfiles.Kept kept : model.stored().read(at)) {
          versions
              .computeIfAbsent(kept.version(), version -> new Merged())
              .add(kept.profile(), kept.complete());
        }
      }
    }
  }

  @Override
  public long opens(WindowKey longer) {
    return models.of(longer.model()).horizon().endOf(longer.start());
  }

  /**
   * Windows that had no rows are filled in once a later one has some, which may be long after the
   * horizon's window has closed, and a last window is complete once there is a later one: what has
   * gaps waits for that, as long as gaps are filled.
   */
  @Override
  public Set<WindowKey> settled(
      WindowKey longer, SortedMap<WindowKey, WindowRevision<byte[]>> windows, long passed) {
    OfModel model = models.of(longer.model());
    if (passed < model.closes(longer.start())) {
      return Set.of();
    }
    if (passed >= model.givesUp(longer.start())) {
      return new TreeSet<>(windows.keySet());
    }
    int all = model.windowsOf(longer.start());
    TreeMap<String, Integer> complete = new TreeMap<>();
    windows
        .values()
        .forEach(
            each -> complete.merge(each.window().version(), each.complete() ? 1 : 0, Integer::sum));
    TreeSet<WindowKey> settled = new TreeSet<>(windows.keySet());
    settled.removeIf(each -> complete.get(each.version()) < all);
    return settled;
  }

  @Override
  public long settles(
      WindowKey longer, SortedMap<WindowKey, WindowRevision<byte[]>> windows, long passed) {
    OfModel model = models.of(longer.model());
    long closes = model.closes(longer.start());
    return passed < closes ? closes : model.givesUp(longer.start());
  }
}
