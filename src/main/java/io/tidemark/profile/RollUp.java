package io.tidemark.profile;

import io.tidemark.event.MergeStates;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Regrouping;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rule of {@link RollUpWindows}: what windows, as bytes, give for the window of a horizon that
 * starts at a time. All versions go together, because what is stored of a window is one place of
 * all of them.
 *
 * @param stored the windows of earlier runs; null: none are taken
 */
record RollUp(
    WindowSpec horizon, WindowSpec window, WindowProfileCoder coder, StoredProfiles stored)
    implements Regrouping<Long, byte[], WindowProfile> {

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
  public Long key(WindowKey key) {
    return horizon.startOf(key.start());
  }

  @Override
  public List<WindowRevision<WindowProfile>> judge(
      Long start, SortedMap<WindowKey, WindowRevision<byte[]>> windows, Set<WindowKey> changed)
      throws IOException {
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
    if (stored != null) {
      addStored(start, own, versions);
    }
    changed.forEach(each -> same.remove(each.version()));
    versions.keySet().removeAll(same);
    int all = windowsOf(start);
    List<WindowRevision<WindowProfile>> merged = new ArrayList<>();
    for (Map.Entry<String, Merged> version : versions.entrySet()) {
      WindowProfile profile = version.getValue().profile;
      merged.add(
          new WindowRevision<>(
              new WindowKey(version.getKey(), start),
              profile.rows(),
              version.getValue().completeWindows == all,
              profile));
    }
    return merged;
  }

  /** The windows that are not in the run; what is stored of the others is about to be replaced. */
  private void addStored(long start, Set<Long> own, TreeMap<String, Merged> versions)
      throws IOException {
    long end = horizon.endOf(start);
    for (long at = start; at < end; at = window.endOf(at)) {
      if (!own.contains(at)) {
        for (StoredProfiles.Kept kept : stored.read(at)) {
          versions
              .computeIfAbsent(kept.version(), version -> new Merged())
              .add(kept.profile(), kept.complete());
        }
      }
    }
  }

  /** How many windows a window of the horizon has. */
  private int windowsOf(long start) {
    int count = 0;
    long end = horizon.endOf(start);
    for (long at = start; at < end; at = window.endOf(at)) {
      count++;
    }
    return count;
  }

  @Override
  public long opens(Long start) {
    return horizon.endOf(start);
  }

  private long closes(long start) {
    return WindowTiming.withoutLabels(horizon).closed(start);
  }

  /**
   * Windows that had no rows are filled in once a later one has some, which may be long after the
   * horizon's window has closed, and a last window is complete once there is a later one: what has
   * gaps waits for that, as long as gaps are filled.
   */
  @Override
  public Set<WindowKey> settled(
      Long start, SortedMap<WindowKey, WindowRevision<byte[]>> windows, long passed) {
    if (passed < closes(start)) {
      return Set.of();
    }
    if (passed >= givesUp(start)) {
      return new TreeSet<>(windows.keySet());
    }
    int all = windowsOf(start);
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
      Long start, SortedMap<WindowKey, WindowRevision<byte[]>> windows, long passed) {
    return passed < closes(start) ? closes(start) : givesUp(start);
  }

  /** From then on no gap that begins in the window is filled. */
  private long givesUp(long start) {
    return Math.max(closes(start), horizon.endOf(start) + LogSpans.longestGap(window)) + 1;
  }
}
