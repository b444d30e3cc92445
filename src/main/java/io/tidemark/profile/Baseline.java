package io.tidemark.profile;

import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import java.util.ArrayList;
import java.util.List;

/**
 * What the reference rows looked like: the cut points that every window is counted over, the counts
 * of all rows, and those of each window of the reference, from which follows how much windows vary
 * when nothing is wrong.
 *
 * @param version model version of the rows, "" for all
 * @param hash of the file's content
 * @param windows in the order of time; windows without rows are not among them
 * @param performance null: the reference has no labels
 */
public record Baseline(
    String model,
    String version,
    String hash,
    long rows,
    List<FieldBins> fields,
    ProfileLayout layout,
    WindowProfile total,
    List<ReferenceWindow> windows,
    PerformanceReference performance) {

  /** Baselines below this many rows keep every value, for the methods that are exact on them. */
  public static final int EXACT_ROWS = 10_000;

  /**
   * @param full not cut off by the bounds of the reference
   */
  public record ReferenceWindow(long start, long end, boolean full, WindowProfile profile) {}

  /** The layout over these binning choices. */
  public static ProfileLayout layout(
      String model,
      int id,
      io.tidemark.event.EventLayout events,
      List<FieldBins> fields,
      List<Integer> segments,
      int valueCapacity,
      int unseenCapacity) {
    List<CutPoints> cuts = new ArrayList<>();
    List<Dictionary> dictionaries = new ArrayList<>();
    for (FieldBins field : fields) {
      cuts.add(field.field().numeric() ? field.cutPoints() : null);
      dictionaries.add(field.dictionary());
    }
    return new ProfileLayout(
        model,
        id,
        events,
        java.util.Collections.unmodifiableList(cuts),
        java.util.Collections.unmodifiableList(dictionaries),
        List.copyOf(segments),
        valueCapacity,
        unseenCapacity);
  }

  /**
   * The same with its windows merged to longer ones. Such a window is full if windows that are full
   * cover it from end to end; one that crosses its bounds is in none.
   */
  public Baseline over(WindowSpec horizon) {
    List<ReferenceWindow> merged = new ArrayList<>();
    int i = 0;
    while (i < windows.size()) {
      long start = horizon.startOf(windows.get(i).start());
      long end = horizon.endOf(start);
      WindowProfile profile = new WindowProfile(layout);
      boolean full = true;
      long covered = start;
      for (; i < windows.size() && windows.get(i).start() < end; i++) {
        ReferenceWindow window = windows.get(i);
        if (window.end() <= end) {
          profile.merge(window.profile());
          full &= window.full() && window.start() == covered;
          covered = window.end();
        }
      }
      if (covered > start) {
        merged.add(new ReferenceWindow(start, end, full && covered == end, profile));
      }
    }
    return new Baseline(
        model, version, hash, rows, fields, layout, total, List.copyOf(merged), performance);
  }

  /** Whether its windows have been at three quarters of the day or more. */
  public boolean spansDay() {
    return DaySpan.of(windows, ReferenceWindow::start, ReferenceWindow::end);
  }

  /** Position of a field by name, or -1. */
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).field().name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
