package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The candidate rows of one window: for each stratum those with the smallest priorities, a priority
 * being a hash of (seed, row name) and so the same wherever and whenever the row is met.
 *
 * <p>Memory is bounded for base and for drift strata apart: a stratum holds the k smallest, with k
 * the largest number for which all strata together, each with at most its n rows, hold no more than
 * the bound. Counts only grow, so k only shrinks; a row among the final k smallest of its stratum
 * was among them in every part. So the pool is a function of the rows alone, in any order.
 */
public final class RowPool {
  private final Strata strata;
  private final long seed;
  private final Half base;
  private final Half drift;
  private long rows;
  private long labelled;
  private long disputed;

  /**
   * A held row.
   *
   * @param priority uniform over all longs, compared unsigned
   */
  record Candidate(long priority, String name, InferenceEvent event)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      if (this == other) {
        return 0;
      }
      int order = Long.compareUnsigned(priority, other.priority);
      if (order == 0) {
        order = name.compareTo(other.name);
      }
      // One id may stand on differing rows; only equal rows are one.
      return order != 0 ? order : RowHash.content(event).compareTo(RowHash.content(other.event));
    }
  }

  /** What is known of a stratum. */
  static final class Stratum {
    long count;

    /** Whether it has rows that are not held. */
    boolean truncated;

    final TreeSet<Candidate> held = new TreeSet<>();
  }

  /** Strata that share one bound. */
  private static final class Half {
    final int bound;
    final TreeMap<Integer, Stratum> strata = new TreeMap<>();
    final Stratum[] byId;
    long k;

    /** Σ min(count, k) over the strata. */
    long sum;

    Half(int bound, int ids) {
      this.bound = bound;
      this.k = bound;
      this.byId = new Stratum[ids];
    }

    Stratum at(int id) {
      Stratum stratum = byId[id];
      if (stratum == null) {
        stratum = new Stratum();
        byId[id] = stratum;
        strata.put(id, stratum);
      }
      return stratum;
    }

    void add(int id, long priority, InferenceEvent event, Lazy lazy) {
      Stratum stratum = at(id);
      stratum.count++;
      sum += stratum.count <= k ? 1 : 0;
      boolean wanted =
          stratum.held.size() < k
              || Long.compareUnsigned(priority, stratum.held.last().priority()) <= 0;
      if (wanted) {
        stratum.held.add(lazy.candidate(priority, event));
        trim(stratum);
      } else {
        stratum.truncated = true;
      }
      // With more strata than the bound there is nothing to lower: each holds its one row.
      if (sum > bound && k > 1) {
        fit();
      }
    }

    /** Lowers k until the strata fit; by rows seen, which no order changes. */
    void fit() {
      long low = 1;
      long high = k;
      while (low < high) {
        long middle = (low + high + 1) >>> 1;
        if (sumAt(middle) <= bound) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      k = low;
      sum = sumAt(k);
      strata.values().forEach(this::trim);
    }

    private long sumAt(long most) {
      long held = 0;
      for (Stratum stratum : strata.values()) {
        held += Math.min(stratum.count, most);
      }
      return held;
    }

    private void trim(Stratum stratum) {
      while (stratum.held.size() > k) {
        stratum.held.pollLast();
        stratum.truncated = true;
      }
    }

    void merge(Half other) {
      k = Math.min(k, other.k);
      other.strata.forEach(
          (id, theirs) -> {
            Stratum mine = at(id);
            mine.count += theirs.count;
            mine.truncated |= theirs.truncated;
            mine.held.addAll(theirs.held);
          });
      fit();
    }
  }

  /** Builds the candidate at its first use and then hands out the same one. */
  private static final class Lazy {
    private Candidate candidate;

    Candidate candidate(long priority, InferenceEvent event) {
      if (candidate == null) {
        candidate = new Candidate(priority, RowHash.name(event), event);
      }
      return candidate;
    }
  }

  /**
   * @param baseRows rows that all base strata hold at most, but for one a stratum
   * @param driftRows the same for the strata of fields
   */
  public RowPool(Strata strata, int baseRows, int driftRows, long seed) {
    this.strata = strata;
    this.seed = seed;
    this.base = new Half(baseRows, strata.count());
    this.drift = new Half(driftRows, strata.count());
  }

  /** Adds a row, unless its labels contradict each other: nobody is to learn from those. */
  public void add(InferenceEvent event) {
    rows++;
    labelled += strata.labelled(event) ? 1 : 0;
    if (event.disputed()) {
      disputed++;
      return;
    }
    long priority = priority(event);
    Lazy lazy = new Lazy();
    base.add(strata.base(event), priority, event, lazy);
    for (int field = 0; field < strata.fieldCount(); field++) {
      int id = strata.drift(event, field);
      if (id >= 0) {
        drift.add(id, priority, event, lazy);
      }
    }
  }

  private long priority(InferenceEvent event) {
    Hash128 hash =
        event.id() == null
            ? RowHash.content(event)
            : Hash128.of(event.id().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Hash128.finish(hash.high() ^ Hash128.finish(seed + 0x9E3779B97F4A7C15L));
  }

  public RowPool merge(RowPool other) {
    rows += other.rows;
    labelled += other.labelled;
    disputed += other.disputed;
    base.merge(other.base);
    drift.merge(other.drift);
    return this;
  }

  /** Rows seen. */
  public long rows() {
    return rows;
  }

  /** Rows seen that have a label. */
  long labelled() {
    return labelled;
  }

  /** Rows seen that are set apart. */
  long disputed() {
    return disputed;
  }

  Strata strata() {
    return strata;
  }

  /** The strata that have rows, by their number. */
  TreeMap<Integer, Stratum> baseStrata() {
    return base.strata;
  }

  /** The strata of fields' cells that have rows, by their number. */
  TreeMap<Integer, Stratum> driftStrata() {
    return drift.strata;
  }

  /** Every held row once, by priority. */
  TreeSet<Candidate> candidates() {
    TreeSet<Candidate> all = new TreeSet<>();
    base.strata.values().forEach(stratum -> all.addAll(stratum.held));
    drift.strata.values().forEach(stratum -> all.addAll(stratum.held));
    return all;
  }

  void write(DataOutput out) throws IOException {
    List<Candidate> all = new ArrayList<>(candidates());
    TreeMap<Candidate, Integer> places = new TreeMap<>();
    out.writeLong(rows);
    out.writeLong(labelled);
    out.writeLong(disputed);
    out.writeInt(all.size());
    for (Candidate candidate : all) {
      places.put(candidate, places.size());
      out.writeLong(candidate.priority());
      InferenceEventCoder.write(candidate.event(), out);
    }
    write(base, places, out);
    write(drift, places, out);
  }

  private static void write(Half half, TreeMap<Candidate, Integer> places, DataOutput out)
      throws IOException {
    out.writeLong(half.k);
    out.writeInt(half.strata.size());
    for (var entry : half.strata.entrySet()) {
      Stratum stratum = entry.getValue();
      out.writeInt(entry.getKey());
      out.writeLong(stratum.count);
      out.writeBoolean(stratum.truncated);
      out.writeInt(stratum.held.size());
      for (Candidate candidate : stratum.held) {
        out.writeInt(places.get(candidate));
      }
    }
  }

  static RowPool read(Strata strata, int baseRows, int driftRows, long seed, DataInput in)
      throws IOException {
    RowPool pool = new RowPool(strata, baseRows, driftRows, seed);
    pool.rows = in.readLong();
    pool.labelled = in.readLong();
    pool.disputed = in.readLong();
    Candidate[] all = new Candidate[in.readInt()];
    for (int i = 0; i < all.length; i++) {
      long priority = in.readLong();
      InferenceEvent event = InferenceEventCoder.read(in);
      all[i] = new Candidate(priority, RowHash.name(event), event);
    }
    read(pool.base, all, in);
    read(pool.drift, all, in);
    return pool;
  }

  private static void read(Half half, Candidate[] all, DataInput in) throws IOException {
    half.k = in.readLong();
    int strata = in.readInt();
    for (int i = 0; i < strata; i++) {
      Stratum stratum = half.at(in.readInt());
      stratum.count = in.readLong();
      stratum.truncated = in.readBoolean();
      int held = in.readInt();
      for (int j = 0; j < held; j++) {
        stratum.held.add(all[in.readInt()]);
      }
    }
    half.sum = half.sumAt(half.k);
  }
}
