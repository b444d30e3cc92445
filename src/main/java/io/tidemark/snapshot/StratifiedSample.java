package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The candidate rows of one window: for each stratum those with the smallest priorities, a priority
 * being a hash of (seed, row name) and so the same wherever and whenever the row is met.
 *
 * <p>Memory is bounded for the strata of each {@link SamplingReason} by itself ({@link
 * StrataGroup}). The pool is a function of the rows alone, in any order.
 */
public final class StratifiedSample {
  private final Strata strata;
  private final long seed;
  private final List<StrataGroup> groups = new ArrayList<>();
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

  /**
   * @param bounds rows that a reason's strata hold at most, but for one a stratum
   */
  public StratifiedSample(Strata strata, List<Integer> bounds, long seed) {
    this.strata = strata;
    this.seed = seed;
    for (int i = 0; i < bounds.size(); i++) {
      groups.add(new StrataGroup(strata.ofReasons().get(i), bounds.get(i)));
    }
  }

  /** Adds a row, unless its labels contradict each other: nobody is to learn from those. */
  public void add(InferenceEvent event) {
    rows++;
    labelled += strata.labelled(event) ? 1 : 0;
    if (event.disputed()) {
      disputed++;
      return;
    }
    // What sources say decides nothing here and is not kept.
    StrataGroup.Offered row =
        new StrataGroup.Offered(priority(seed, event), event.withSources(null));
    for (StrataGroup group : groups) {
      group.add(row);
    }
  }

  /** By a hash of the row's name and the seed alone, compared unsigned. */
  static long priority(long seed, InferenceEvent event) {
    Hash128 hash =
        event.id() == null
            ? RowHash.content(event)
            : Hash128.of(event.id().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Hash128.finish(hash.high() ^ Hash128.finish(seed + 0x9E3779B97F4A7C15L));
  }

  public StratifiedSample merge(StratifiedSample other) {
    rows += other.rows;
    labelled += other.labelled;
    disputed += other.disputed;
    for (int i = 0; i < groups.size(); i++) {
      groups.get(i).merge(other.groups.get(i));
    }
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

  /** Of each reason that keeps candidates, see {@link SamplingReasons#keeping}. */
  List<StrataGroup> groups() {
    return groups;
  }

  /** Every held row once, by priority. */
  List<Candidate> candidates() {
    return held().rows();
  }

  /**
   * Takes held rows out.
   *
   * @return how many
   */
  int remove(Predicate<InferenceEvent> rows) {
    Set<Candidate> objects = Collections.newSetFromMap(new IdentityHashMap<>());
    groups.forEach(group -> group.addCandidatesTo(objects));
    objects.removeIf(candidate -> !rows.test(candidate.event()));
    groups.forEach(group -> group.remove(objects));
    return new TreeSet<>(objects).size();
  }

  /**
   * Held rows in order.
   *
   * @param places of each object among the rows; one row may be several objects, after a merge
   */
  private record Held(List<Candidate> rows, Map<Candidate, Integer> places) {}

  private Held held() {
    // Strata share a row's object, which is found faster than an equal one.
    Set<Candidate> objects = Collections.newSetFromMap(new IdentityHashMap<>());
    groups.forEach(group -> group.addCandidatesTo(objects));
    Candidate[] sorted = objects.toArray(Candidate[]::new);
    Arrays.sort(sorted);
    List<Candidate> rows = new ArrayList<>(sorted.length);
    Map<Candidate, Integer> places = new IdentityHashMap<>(sorted.length);
    for (Candidate candidate : sorted) {
      if (rows.isEmpty() || candidate.compareTo(rows.get(rows.size() - 1)) != 0) {
        rows.add(candidate);
      }
      places.put(candidate, rows.size() - 1);
    }
    return new Held(rows, places);
  }

  void write(DataOutput out) throws IOException {
    Held held = held();
    out.writeLong(rows);
    out.writeLong(labelled);
    out.writeLong(disputed);
    out.writeInt(held.rows().size());
    for (Candidate candidate : held.rows()) {
      out.writeLong(candidate.priority());
      InferenceEventCoder.write(candidate.event(), out);
    }
    int first = 0;
    for (StrataGroup group : groups) {
      group.write(first, held.places(), out);
      first += group.kinds().count();
    }
  }

  static StratifiedSample read(Strata strata, List<Integer> bounds, long seed, DataInput in)
      throws IOException {
    StratifiedSample pool = new StratifiedSample(strata, bounds, seed);
    pool.rows = in.readLong();
    pool.labelled = in.readLong();
    pool.disputed = in.readLong();
    Candidate[] all = new Candidate[in.readInt()];
    for (int i = 0; i < all.length; i++) {
      long priority = in.readLong();
      InferenceEvent event = InferenceEventCoder.read(in);
      all[i] = new Candidate(priority, RowHash.name(event), event);
    }
    int first = 0;
    for (StrataGroup group : pool.groups) {
      group.read(first, all, in);
      first += group.kinds().count();
    }
    return pool;
  }
}
