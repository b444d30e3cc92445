package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The strata of one reason, and their candidates among a window's rows. They share one bound: a
 * stratum holds the k smallest, with k the largest number for which all strata together, each with
 * at most its n rows, hold no more than the bound. Counts only grow, so k only shrinks; a row among
 * the final k smallest of its stratum was among them in every part.
 */
final class StrataGroup {
  private final EventStrata kinds;
  private final int bound;
  private final int[] found;
  private final TreeMap<Integer, Stratum> strata = new TreeMap<>();
  private final Stratum[] byId;

  /** Lowered when the strata have overrun the bound by an eighth, and before anyone looks. */
  private long k;

  /** Σ min(count, k) over the strata. */
  private long sum;

  /** What is known of a stratum. */
  static final class Stratum {
    private long count;

    /** Whether it has rows that are not held. */
    private boolean truncated;

    private final TreeSet<Candidate> held = new TreeSet<>();

    /** The rows, by priority. */
    Collection<Candidate> held() {
      return held;
    }

    /** The priority, as a fraction, below which it holds all of its rows. */
    double knownBelow() {
      return truncated ? SelectRows.fraction(held.last().priority()) : SelectRows.ALL;
    }

    /** Rows that may be taken: one that lost rows needs its last to tell the others' threshold. */
    int available() {
      return held.size() - (truncated ? 1 : 0);
    }

    /** The priority of the first row that is not among so many, unsigned; null: all are. */
    Long priorityBehind(int quota) {
      if (quota >= held.size()) {
        return truncated ? held.last().priority() : null;
      }
      int rank = 0;
      for (Candidate candidate : held) {
        if (rank++ == quota) {
          return candidate.priority();
        }
      }
      throw new IllegalStateException("a stratum holds fewer rows than it says");
    }
  }

  /** A row as a candidate, made at its first use and then the same one. */
  static final class Offered {
    private final long priority;
    private final InferenceEvent event;
    private Candidate candidate;

    Offered(long priority, InferenceEvent event) {
      this.priority = priority;
      this.event = event;
    }

    private Candidate candidate() {
      if (candidate == null) {
        candidate = new Candidate(priority, RowHash.name(event), event);
      }
      return candidate;
    }
  }

  /**
   * @param bound rows that all strata hold at most, but for one a stratum
   */
  StrataGroup(EventStrata kinds, int bound) {
    this.kinds = kinds;
    this.bound = bound;
    this.k = bound;
    this.found = new int[kinds.most()];
    this.byId = new Stratum[kinds.count()];
  }

  /** What the strata are. */
  EventStrata kinds() {
    return kinds;
  }

  /** Those that have rows, by their number. */
  SortedMap<Integer, Stratum> strata() {
    settle(bound);
    return strata;
  }

  private Stratum at(int id) {
    Stratum stratum = byId[id];
    if (stratum == null) {
      stratum = new Stratum();
      byId[id] = stratum;
      strata.put(id, stratum);
    }
    return stratum;
  }

  void add(Offered row) {
    int strataOfRow = kinds.of(row.event, found);
    for (int i = 0; i < strataOfRow; i++) {
      add(at(found[i]), row);
    }
  }

  private void add(Stratum stratum, Offered row) {
    stratum.count++;
    sum += stratum.count <= k ? 1 : 0;
    boolean wanted =
        stratum.held.size() < k
            || Long.compareUnsigned(row.priority, stratum.held.last().priority()) <= 0;
    if (wanted) {
      stratum.held.add(row.candidate());
      trim(stratum);
    } else {
      stratum.truncated = true;
    }
    settle(bound + bound / 8);
  }

  private void settle(long most) {
    // With more strata than the bound there is nothing to lower: each holds its one row.
    if (sum > most && k > 1) {
      fit();
    }
  }

  /** Lowers k until the strata fit; by rows seen, which no order changes. */
  private void fit() {
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

  void merge(StrataGroup other) {
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

  /** Takes rows out, as if they had not come, but that nobody has moved up for them. */
  void remove(Set<Candidate> objects) {
    for (Stratum stratum : strata().values()) {
      stratum.held.removeIf(objects::contains);
    }
    strata.values().removeIf(stratum -> stratum.held.isEmpty());
  }

  void addCandidatesTo(Set<Candidate> all) {
    strata().values().forEach(stratum -> all.addAll(stratum.held));
  }

  /**
   * @param first number of the group's first stratum among those of all groups
   * @param places of the candidates in what stands before
   */
  void write(int first, Map<Candidate, Integer> places, DataOutput out) throws IOException {
    settle(bound);
    out.writeLong(k);
    out.writeInt(strata.size());
    for (var entry : strata.entrySet()) {
      Stratum stratum = entry.getValue();
      out.writeInt(first + entry.getKey());
      out.writeLong(stratum.count);
      out.writeBoolean(stratum.truncated);
      out.writeInt(stratum.held.size());
      for (Candidate candidate : stratum.held) {
        out.writeInt(places.get(candidate));
      }
    }
  }

  void read(int first, Candidate[] all, DataInput in) throws IOException {
    k = in.readLong();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      Stratum stratum = at(in.readInt() - first);
      stratum.count = in.readLong();
      stratum.truncated = in.readBoolean();
      int held = in.readInt();
      for (int j = 0; j < held; j++) {
        stratum.held.add(all[in.readInt()]);
      }
    }
    sum = sumAt(k);
  }
}
