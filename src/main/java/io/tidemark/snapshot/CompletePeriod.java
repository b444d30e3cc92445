package io.tidemark.snapshot;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Held;
import io.tidemark.profile.Reach;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A period's windows from what a run has read and what earlier runs have left. A window that a run
 * was asked for and has read whole replaces what was kept of it; one that it has only looked back
 * at, or met at the edge of a log without bounds, does where it has no fewer rows and labels; one
 * that its bounds cut never replaces a whole one; and no rows replace none.
 *
 * @param asked what the run was asked for
 * @param reach the same without the windows at the edges of a log that was read without bounds
 */
record CompletePeriod(WindowSpec window, Reach asked, Reach reach) {

  TreeMap<WindowKey, WindowCandidates> complete(
      SortedMap<WindowKey, WindowCandidates> own, SortedMap<WindowKey, WindowCandidates> stored) {
    TreeMap<WindowKey, WindowCandidates> all = new TreeMap<>(stored);
    own.forEach(
        (key, mine) -> {
          WindowCandidates before = stored.get(key);
          if (before == null) {
            all.put(key, mine.with(mine.drifted(), mine.complete() || covers(key.start())));
          } else if (replaces(key.start(), mine, before)) {
            boolean whole = mine.complete() || covers(key.start()) || before.complete();
            // What rang in a window is said by the run that reports on it.
            boolean reports = asked.reports(key.start());
            all.put(key, mine.with(reports ? mine.drifted() : before.drifted(), whole));
          }
        });
    return all;
  }

  private boolean covers(long start) {
    return reach.covers(start, window.endOf(start));
  }

  private boolean replaces(long start, WindowCandidates mine, WindowCandidates before) {
    return mine.rows() > 0
        && asked.replaces(
            start,
            window.endOf(start),
            covers(start),
            mine.held(),
            before.held(),
            before.complete());
  }

  /**
   * The windows of a published snapshot that one of these windows would hold less of, or not at
   * all.
   *
   * @param published rows and labels by the start of their window; a spec may have had other
   *     windows then
   */
  List<Long> lacking(Map<Long, Held> published, SortedMap<WindowKey, WindowCandidates> all) {
    TreeMap<Long, Held> before = new TreeMap<>();
    published.forEach((start, held) -> before.merge(window.startOf(start), held, Held::plus));
    Map<Long, Held> now = WindowCandidates.byWindow(all);
    List<Long> lacking = new ArrayList<>();
    before.forEach(
        (start, held) -> {
          Held mine = now.getOrDefault(start, Held.NONE);
          if (mine.rows() == 0 || asked.less(covers(start), mine, held)) {
            lacking.add(start);
          }
        });
    return lacking;
  }
}
