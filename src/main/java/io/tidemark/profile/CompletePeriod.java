package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
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
 * that its bounds cut never replaces a whole one; and no rows replace none that are there.
 *
 * @param asked what the run was asked for
 * @param reach the same without the windows at the edges of a log that was read without bounds
 */
public record CompletePeriod(WindowSpec window, Reach asked, Reach reach) {

  public <P extends WindowPart<P, N>, N> TreeMap<WindowKey, P> complete(
      SortedMap<WindowKey, P> own, SortedMap<WindowKey, P> stored) {
    TreeMap<WindowKey, P> all = new TreeMap<>(stored);
    own.forEach(
        (key, mine) -> {
          P before = stored.get(key);
          if (before == null) {
            all.put(key, mine.with(mine.said(), mine.complete() || covers(key.start())));
          } else if (replaces(key.start(), mine, before)) {
            boolean whole = mine.complete() || covers(key.start()) || before.complete();
            // What was found in a window is said by the run that reports on it.
            boolean reports = asked.reports(key.start());
            all.put(key, mine.with(reports ? mine.said() : before.said(), whole));
          }
        });
    return all;
  }

  private boolean covers(long start) {
    return reach.covers(start, window.endOf(start));
  }

  private boolean replaces(long start, WindowPart<?, ?> mine, WindowPart<?, ?> before) {
    return (mine.held().rows() > 0 || before.held().rows() == 0)
        && asked.replaces(
            start,
            window.endOf(start),
            covers(start),
            mine.held(),
            before.held(),
            before.complete());
  }

  /**
   * The windows of something published that one of these windows would hold less of, or not at all.
   *
   * @param published rows and labels by the start of their window; a spec may have had other
   *     windows then
   */
  public List<Long> lacking(
      Map<Long, Held> published, SortedMap<WindowKey, ? extends WindowPart<?, ?>> all) {
    TreeMap<Long, Held> before = new TreeMap<>();
    published.forEach((start, held) -> before.merge(window.startOf(start), held, Held::plus));
    Map<Long, Held> now = WindowPart.byWindow(all);
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
