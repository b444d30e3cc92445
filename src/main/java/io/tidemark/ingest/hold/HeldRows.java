package io.tidemark.ingest.hold;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.event.VersionHash;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.ingest.scan.Duplicates;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** Rows that were held, of copies the one that stays. */
final class HeldRows {
  private final boolean deduplicate;
  private final EventLabels labels;
  private final WindowCursor windows;
  private final List<EventBlock> blocks = new ArrayList<>();
  private final VersionHash versions = new VersionHash();
  private int rows;

  /** By the first of them; null before copies are looked for. */
  private TreeMap<Integer, Duplicates> copies;

  /** Rows that have copies. */
  private final BitSet copied = new BitSet();

  HeldRows(boolean deduplicate, EventLabels labels, WindowCursor windows) {
    this.deduplicate = deduplicate;
    this.labels = labels;
    this.windows = windows;
  }

  void add(EventBlock block) {
    blocks.add(block);
    rows = Math.addExact(rows, block.rows());
    copies = null;
  }

  /** What they have come to. */
  HeldCounts counts() {
    find();
    long stay = rows - copied.cardinality() + copies.size();
    long conflicting = copies.values().stream().mapToLong(Duplicates::conflicting).sum();
    return new HeldCounts(stay, rows - stay, conflicting);
  }

  /** Takes rows that stay. */
  @FunctionalInterface
  interface Visitor {
    void row(InferenceEvent row, long windowStart);

    /**
     * @param which indices into the batch, ascending; the visitor may not keep them
     */
    default void rows(EventBatch batch, int[] which, int count, WindowCursor windows) {
      for (int i = 0; i < count; i++) {
        InferenceEvent event = batch.event(which[i]);
        row(event, windows.startOf(event.timeMicros()));
      }
    }
  }

  void forEach(Visitor visitor) {
    find();
    int first = 0;
    for (EventBlock block : blocks) {
      int columns = block.batch().times().length;
      int[] which = new int[columns];
      int count = 0;
      for (int row = 0; row < columns; row++) {
        if (!copied.get(first + row)) {
          which[count++] = row;
        }
      }
      visitor.rows(block.batch(), which, count, windows);
      for (int row = columns; row < block.rows(); row++) {
        if (!copied.get(first + row)) {
          visit(block.event(row), visitor);
        }
      }
      first += block.rows();
    }
    for (Duplicates each : copies.values()) {
      visit(each.kept(), visitor);
    }
  }

  private void visit(InferenceEvent row, Visitor visitor) {
    visitor.row(row, windows.startOf(row.timeMicros()));
  }

  /** Finds the copies: rows of the same id, window and model version. */
  private void find() {
    if (copies != null) {
      return;
    }
    copies = new TreeMap<>();
    copied.clear();
    if (!deduplicate) {
      return;
    }
    Keys keys = new Keys(rows);
    int row = 0;
    for (EventBlock block : blocks) {
      for (int i = 0; i < block.rows(); i++, row++) {
        int first = keys.firstWith(key(block, i), row);
        if (first < row) {
          copies.computeIfAbsent(first, this::copies).add(block.event(i));
          copied.set(first);
          copied.set(row);
        }
      }
    }
  }

  private Duplicates copies(int first) {
    Duplicates begun = new Duplicates(labels);
    int row = first;
    int block = 0;
    while (row >= blocks.get(block).rows()) {
      row -= blocks.get(block++).rows();
    }
    begun.add(blocks.get(block).event(row));
    return begun;
  }

  private Hash128 key(EventBlock block, int row) {
    long start = windows.startOf(block.time(row));
    return RowHash.copyKey(block.id(row), versions.of(block.version(row)), start);
  }

  /** The keys of rows: open addressing, because there are a million and few are met twice. */
  private static final class Keys {
    private final long[] keys;
    private final int[] slots;

    Keys(int rows) {
      keys = new long[2 * rows];
      slots = new int[Integer.highestOneBit(Math.max(1, rows)) << 2];
      Arrays.fill(slots, -1);
    }

    /** The first row that came with a key: this one, if none did before. */
    int firstWith(Hash128 key, int row) {
      int slot = (int) key.low() & slots.length - 1;
      while (slots[slot] >= 0) {
        int other = slots[slot];
        if (keys[2 * other] == key.high() && keys[2 * other + 1] == key.low()) {
          return other;
        }
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = row;
      keys[2 * row] = key.high();
      keys[2 * row + 1] = key.low();
      return row;
    }
  }
}
