package io.tidemark.ingest.row;

import io.tidemark.spec.WindowSpec;

/** The window of each event; remembers the last one, because neighbours mostly share it. */
public final class WindowCursor {
  private final WindowSpec window;
  private long start = Long.MAX_VALUE;
  private long end = Long.MIN_VALUE;

  public WindowCursor(WindowSpec window) {
    this.window = window;
  }

  public long startOf(long time) {
    if (time < start || time >= end) {
      start = window.startOf(time);
      end = window.endOf(start);
    }
    return start;
  }

  /** End of the same window. */
  public long endOf(long time) {
    startOf(time);
    return end;
  }
}
