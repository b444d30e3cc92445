package io.tidemark.profile;

import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stretches of time that a log has rows in: windows with rows, no two neighbours among them so
 * far apart that nothing is filled in between. A stretch may begin and end inside its first and
 * last window, so these may be cut off. A row dated in another century is a stretch of its own, and
 * the log's own ends stay ends. The same whatever the order in which windows are added. Not
 * thread-safe.
 */
public final class LogSpans implements Serializable {
  private static final long serialVersionUID = 1;

  private final long gap;

  /** Starts of the first and the last window of each. */
  private final TreeMap<Long, Long> spans = new TreeMap<>();

  private LogSpans(long gap) {
    this.gap = gap;
  }

  public static LogSpans over(WindowSpec window) {
    return new LogSpans(longestGap(window));
  }

  /** Those of a model, which may have no rows at all. */
  public static LogSpans of(String model, Map<String, LogSpans> models, WindowSpec window) {
    LogSpans own = models.get(model);
    return own == null ? over(window) : own;
  }

  /** How far windows with rows may be apart for something to be filled in, microseconds. */
  static long longestGap(WindowSpec window) {
    // One length for all, also where those of months differ: the order must not matter.
    long start = window.startOf(0);
    long length = window.endOf(start) - start;
    long longest = Long.MAX_VALUE / 4 / (AddEmptyWindows.LONGEST_GAP + 1);
    return Math.min(length, longest) * (AddEmptyWindows.LONGEST_GAP + 1);
  }

  /**
   * @param start of a window with rows, microseconds since the epoch
   * @return whether that moved an end
   */
  public boolean add(long start) {
    return add(start, start);
  }

  private boolean add(long first, long last) {
    Map.Entry<Long, Long> around = spans.floorEntry(first);
    if (around != null && around.getValue() >= last) {
      return false;
    }
    long from = first;
    long to = last;
    Map.Entry<Long, Long> near = spans.floorEntry(to + gap);
    while (near != null && near.getValue() + gap >= from) {
      from = Math.min(from, near.getKey());
      to = Math.max(to, near.getValue());
      spans.remove(near.getKey());
      near = spans.floorEntry(to + gap);
    }
    spans.put(from, to);
    return true;
  }

  public LogSpans merge(LogSpans other) {
    other.spans.forEach(this::add);
    return this;
  }

  /**
   * What a run can speak for that has read rows in these windows.
   *
   * @param asked what it was asked for
   */
  public Reach edges(Reach asked, WindowSpec window) {
    return spans.isEmpty()
        ? asked
        : asked.over(window, spans.firstKey(), spans.lastEntry().getValue());
  }

  /** Whether the log may begin inside the window that starts then. */
  public boolean begins(long start) {
    return spans.containsKey(start);
  }

  /** Whether it may end inside it. */
  public boolean ends(long start) {
    Map.Entry<Long, Long> around = spans.floorEntry(start);
    return around != null && around.getValue() == start;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof LogSpans other && gap == other.gap && spans.equals(other.spans);
  }

  @Override
  public int hashCode() {
    return spans.hashCode();
  }

  /** First and last windows, one after the other, in the order of time. */
  public List<Long> ends() {
    List<Long> ends = new ArrayList<>();
    spans.forEach(
        (first, last) -> {
          ends.add(first);
          ends.add(last);
        });
    return ends;
  }
}
