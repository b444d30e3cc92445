package io.tidemark.ingest.format;

import io.tidemark.event.EventBatch;
import io.tidemark.event.TextColumn;
import io.tidemark.ingest.row.WindowCursor;
import java.util.Arrays;

/**
 * A batch's rows put together by window and model version. In a log that is roughly in order of
 * time a batch has one or two such runs; in a shuffled one rows of a window are brought together.
 */
public final class WindowRuns {
  private final int[] rows;
  private final int[] ends;
  private final long[] starts;
  private final int count;

  private WindowRuns(int[] rows, int[] ends, long[] starts, int count) {
    this.rows = rows;
    this.ends = ends;
    this.starts = starts;
    this.count = count;
  }

  /**
   * @param rows of the batch that count; overwritten
   */
  public static WindowRuns of(EventBatch batch, int[] rows, int count, WindowCursor windows) {
    if (count == 0) {
      return new WindowRuns(rows, new int[0], new long[0], 0);
    }
    int[] runOf = new int[count];
    Found found = new Found();
    for (int i = 0; i < count; i++) {
      long start = windows.startOf(batch.times()[rows[i]]);
      runOf[i] = found.run(start, versionCode(batch.versions(), rows[i]));
    }
    int[] ends = new int[found.runs];
    int end = 0;
    for (int run = 0; run < ends.length; run++) {
      end += found.sizes[run];
      ends[run] = end;
    }
    int[] together = ends.length == 1 ? rows : sorted(rows, runOf, ends);
    return new WindowRuns(together, ends, found.starts, ends.length);
  }

  /** The runs met so far, by (window start, version). */
  private static final class Found {
    /** Twice a batch's rows, so that a slot is free. */
    private static final int SLOTS = 2 * ColumnBatch.ROWS;

    private long[] starts = new long[4];
    private int[] versions = new int[4];
    private int[] sizes = new int[4];
    private int[] slots = {};
    private int runs;
    private int last;

    int run(long start, int version) {
      if (runs == 0 || starts[last] != start || versions[last] != version) {
        last = find(start, version);
      }
      sizes[last]++;
      return last;
    }

    private int find(long start, int version) {
      if (slots.length == 0) {
        slots = new int[SLOTS];
      }
      long hash = (start * 31 + version) * 0x9E3779B97F4A7C15L;
      int slot = (int) (hash >>> 40) & (SLOTS - 1);
      while (slots[slot] > 0) {
        int run = slots[slot] - 1;
        if (starts[run] == start && versions[run] == version) {
          return run;
        }
        slot = (slot + 1) & (SLOTS - 1);
      }
      if (runs == starts.length) {
        starts = Arrays.copyOf(starts, runs * 2);
        versions = Arrays.copyOf(versions, runs * 2);
        sizes = Arrays.copyOf(sizes, runs * 2);
      }
      starts[runs] = start;
      versions[runs] = version;
      slots[slot] = ++runs;
      return runs - 1;
    }
  }

  private static int versionCode(TextColumn versions, int row) {
    return versions == null ? 0 : versions.codes()[row];
  }

  private static int[] sorted(int[] rows, int[] runOf, int[] ends) {
    int[] next = new int[ends.length];
    System.arraycopy(ends, 0, next, 1, ends.length - 1);
    int[] sorted = new int[runOf.length];
    for (int i = 0; i < runOf.length; i++) {
      sorted[next[runOf[i]]++] = rows[i];
    }
    return sorted;
  }

  public int count() {
    return count;
  }

  /** Indices into the batch, run by run, ascending in each. */
  public int[] rows() {
    return rows;
  }

  public int from(int run) {
    return run == 0 ? 0 : ends[run - 1];
  }

  public int to(int run) {
    return ends[run];
  }

  /** Start of a run's window. */
  public long start(int run) {
    return starts[run];
  }
}
