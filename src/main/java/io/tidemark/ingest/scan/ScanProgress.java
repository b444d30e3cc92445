package io.tidemark.ingest.scan;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many rows the scans of this process have passed, for a progress line and nothing else. The
 * runners that work inside this process share it; on a cluster the rows are counted elsewhere and
 * the line says nothing.
 */
public final class ScanProgress {
  private static final ConcurrentMap<String, LongAdder> ROWS = new ConcurrentHashMap<>();

  private ScanProgress() {}

  static LongAdder meter(String run) {
    return ROWS.computeIfAbsent(run, key -> new LongAdder());
  }

  /** Rows passed so far in a run, over all its scans. */
  public static long rows(String run) {
    LongAdder meter = ROWS.get(run);
    return meter == null ? 0 : meter.sum();
  }

  /** Forgets a run that is over. */
  public static void end(String run) {
    ROWS.remove(run);
  }
}
