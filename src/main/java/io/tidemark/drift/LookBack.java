package io.tidemark.drift;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.Regrouping;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.DamagedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RequirePersistence} of a stream: a model version's windows, judged again when one of those
 * that they look back at has changed. Windows that never came count as earlier runs have stored
 * them.
 */
record LookBack(Fleet<PersistenceRule> rules, String output)
    implements Regrouping<ModelVersion, List<Comparison>, List<Comparison>> {
  private static final Logger LOG = LoggerFactory.getLogger(LookBack.class);

  /** After so many windows no gap is filled in any more. */
  private static final int LONGEST_GAP = 1000;

  @Override
  public boolean knows(ModelVersion key) {
    return rules.has(key.model());
  }

  @Override
  public ModelVersion key(WindowKey window) {
    return window.answeredBy();
  }

  @Override
  public List<WindowRevision<List<Comparison>>> judge(
      ModelVersion version,
      SortedMap<WindowKey, WindowRevision<List<Comparison>>> windows,
      Set<WindowKey> changed)
      throws IOException {
    PersistenceRule rule = rules.of(version.model());
    TreeSet<WindowKey> looking = new TreeSet<>();
    for (WindowKey each : changed) {
      long start = each.start();
      for (int ahead = 0; ahead < rule.windows(); ahead++) {
        looking.add(version.window(start));
        start = rule.window().endOf(start);
      }
    }
    looking.retainAll(windows.keySet());
    EarlierFindings earlier =
        new EarlierFindings(output, version.model()); // files change meanwhile
    Map<Long, Set<String>> exceeded = new HashMap<>();
    List<WindowRevision<List<Comparison>>> judged = new ArrayList<>();
    for (WindowKey each : looking) {
      WindowRevision<List<Comparison>> found = windows.get(each);
      judged.add(
          found.with(
              rule.judge(
                  found.content(),
                  each.start(),
                  (at, series) -> {
                    WindowRevision<List<Comparison>> own = windows.get(version.window(at));
                    return own == null
                        ? earlier(earlier, at, series)
                        : exceeded
                            .computeIfAbsent(at, any -> PersistenceRule.exceeded(own.content()))
                            .contains(series);
                  })));
    }
    return judged;
  }

  /** A job without end must not stop at a file that somebody has damaged. */
  private static boolean earlier(EarlierFindings earlier, long start, String series)
      throws IOException {
    try {
      return earlier.exceeded(start, series);
    } catch (DamagedFileException e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }

  @Override
  public long settles(
      ModelVersion version,
      SortedMap<WindowKey, WindowRevision<List<Comparison>>> windows,
      long passed) {
    PersistenceRule rule = rules.of(version.model());
    return windows.keySet().stream()
        .mapToLong(each -> closes(rule, each.start()))
        .filter(each -> each > passed)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** When nothing more can change the last window that looks back at one. */
  private static long closes(PersistenceRule rule, long start) {
    long last = start;
    for (int ahead = 1; ahead < rule.windows(); ahead++) {
      last = rule.window().endOf(last);
    }
    return rule.window().endOf(last) + rule.window().allowedLateness().toNanos() / 1000;
  }

  /**
   * Windows that no other will look back at, and that will not be judged again: all that would look
   * back are there, and event time says that they, and so those before, are closed. Where one is
   * missing, it may still be filled in.
   */
  @Override
  public Set<WindowKey> settled(
      ModelVersion version,
      SortedMap<WindowKey, WindowRevision<List<Comparison>>> windows,
      long passed) {
    PersistenceRule rule = rules.of(version.model());
    TreeSet<WindowKey> settled = new TreeSet<>();
    if (windows.isEmpty()) {
      return settled;
    }
    WindowSpec window = rule.window();
    long first = windows.lastKey().start();
    for (int back = 1; back < LONGEST_GAP + rule.windows(); back++) {
      first = window.startOf(first - 1);
    }
    for (WindowKey each : windows.keySet()) {
      boolean there = true;
      long ahead = each.start();
      for (int i = 1; i < rule.windows(); i++) {
        ahead = window.endOf(ahead);
        there &= windows.containsKey(version.window(ahead));
      }
      if (there && closes(rule, each.start()) <= passed || each.start() < first) {
        settled.add(each);
      }
    }
    return settled;
  }
}
