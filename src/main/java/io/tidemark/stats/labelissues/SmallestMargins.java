package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows of smallest margins in each list of a rule, as many as its quota: the third merge of
 * confident learning. Order-free: a row among the smallest of all is among those of every part. A
 * row is its name, so one that comes twice is held once. Not safe for use by several threads.
 */
public final class SmallestMargins {
  private final IssueRule rule;
  private final TreeMap<Integer, TreeSet<Place>> lists = new TreeMap<>();

  /** A row in a list. */
  record Place(double margin, String name) implements Comparable<Place>, Serializable {
    static Place of(double margin, String name) {
      return new Place(margin + 0.0, name); // + 0.0 makes 0.0 of -0.0
    }

    @Override
    public int compareTo(Place other) {
      int order = Double.compare(margin, other.margin);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  /** No rows yet. */
  public SmallestMargins(IssueRule rule) {
    this.rule = rule;
  }

  /**
   * Adds a labelled row.
   *
   * @param name tells rows apart, and decides between equal margins
   */
  public void add(int given, double[] probabilities, String name) {
    rule.compete(given, probabilities, (list, margin) -> hold(list, Place.of(margin, name)));
  }

  private void hold(int list, Place place) {
    TreeSet<Place> held = lists.computeIfAbsent(list, none -> new TreeSet<>());
    if (held.size() < rule.quota(list)) {
      held.add(place);
    } else if (place.compareTo(held.last()) < 0 && held.add(place)) {
      held.pollLast();
    }
  }

  /**
   * Adds what the other held.
   *
   * @throws IllegalArgumentException if rules differ
   */
  public void merge(SmallestMargins other) {
    if (!rule.equals(other.rule)) {
      throw new IllegalArgumentException("Can't merge what different rules took");
    }
    other.lists.forEach((list, held) -> held.forEach(place -> hold(list, place)));
  }

  /** Up to where each list took rows. */
  public IssueCuts cuts() {
    TreeMap<Integer, Place> last = new TreeMap<>();
    lists.forEach(
        (list, held) -> {
          if (held.size() >= rule.quota(list)) {
            last.put(list, held.last());
          }
        });
    return new IssueCuts(rule, last);
  }

  /** Writes the rows, without the rule: equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    Varint.write(lists.size(), out);
    for (Map.Entry<Integer, TreeSet<Place>> list : lists.entrySet()) {
      Varint.write(list.getKey(), out);
      Varint.write(list.getValue().size(), out);
      for (Place place : list.getValue()) {
        out.writeDouble(place.margin());
        Texts.write(place.name(), out);
      }
    }
  }

  /** Reads what was written of this rule. */
  public static SmallestMargins read(IssueRule rule, DataInput in) throws IOException {
    SmallestMargins read = new SmallestMargins(rule);
    int lists = Varint.readInt(rule.lists(), in);
    for (int i = 0; i < lists; i++) {
      int list = Varint.readInt(rule.lists() - 1, in);
      int size = Varint.readInt((int) Math.min(Integer.MAX_VALUE, rule.quota(list)), in);
      TreeSet<Place> held = new TreeSet<>();
      for (int j = 0; j < size; j++) {
        held.add(new Place(in.readDouble(), Texts.read(in)));
      }
      read.lists.put(list, held);
    }
    return read;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof SmallestMargins other
        && rule.equals(other.rule)
        && lists.equals(other.lists);
  }

  @Override
  public int hashCode() {
    return lists.hashCode();
  }

  @Override
  public String toString() {
    return "SmallestMargins[lists=" + lists.size() + "]";
  }
}
