package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rows that several sources labelled, by each two of them and by what either said: a confusion
 * matrix a pair. Bounded whatever comes: of more than {@link #SOURCES} sources and {@link #LABELS}
 * labels the first in the order of texts are told apart, and what has others is counted.
 * Order-free: a text among the first of all is among those of every part, so nothing of it is lost.
 * Not safe for use by several threads.
 */
public final class PairCounts {
  /** Sources that are told apart. */
  public static final int SOURCES = 9;

  /** Labels that are told apart. */
  public static final int LABELS = 32;

  private final TreeSet<String> sources = new TreeSet<>();
  private final TreeSet<String> labels = new TreeSet<>();
  private final TreeMap<Cell, Long> cells = new TreeMap<>();

  /** Rows of which one of the two said something that is not told apart. */
  private final TreeMap<Pair, Long> others = new TreeMap<>();

  private long otherPairs;

  /** Two sources, in the order of their names. */
  public record Pair(String first, String second) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int order = first.compareTo(other.first);
      return order != 0 ? order : second.compareTo(other.second);
    }

    private boolean within(SortedSet<String> told) {
      return told.contains(first) && told.contains(second);
    }
  }

  /** What the two of a pair say. */
  private record Cell(Pair pair, String first, String second) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int order = pair.compareTo(other.pair);
      order = order != 0 ? order : first.compareTo(other.first);
      return order != 0 ? order : second.compareTo(other.second);
    }
  }

  /**
   * Adds a row.
   *
   * @param by its sources, ascending, each once
   * @param said what each of them says: one text for all spellings of a class
   */
  public void add(List<String> by, List<String> said) {
    hold(by, said);
    for (int i = 0; i < by.size(); i++) {
      for (int j = i + 1; j < by.size(); j++) {
        add(new Cell(new Pair(by.get(i), by.get(j)), said.get(i), said.get(j)), 1);
      }
    }
  }

  private void add(Cell cell, long rows) {
    if (!cell.pair.within(sources)) {
      otherPairs += rows;
    } else if (labels.contains(cell.first) && labels.contains(cell.second)) {
      cells.merge(cell, rows, Long::sum);
    } else {
      others.merge(cell.pair, rows, Long::sum);
    }
  }

  /** Tells these apart from now on, as far as there is room, and others no more. */
  private void hold(Collection<String> names, Collection<String> said) {
    if (hold(names, sources, SOURCES) | hold(said, labels, LABELS)) {
      TreeMap<Pair, Long> before = new TreeMap<>(others);
      others.clear();
      before.forEach(this::addOthers);
      TreeMap<Cell, Long> counted = new TreeMap<>(cells);
      cells.clear();
      counted.forEach(this::add);
    }
  }

  /** Whether one had to go. */
  private static boolean hold(Collection<String> texts, TreeSet<String> told, int most) {
    boolean gone = false;
    for (String text : texts) {
      if (told.size() < most || text.compareTo(told.last()) < 0) {
        told.add(text);
        gone |= told.size() > most;
        if (told.size() > most) {
          told.pollLast();
        }
      }
    }
    return gone;
  }

  private void addOthers(Pair pair, long rows) {
    if (pair.within(sources)) {
      others.merge(pair, rows, Long::sum);
    } else {
      otherPairs += rows;
    }
  }

  /** Adds what the other counted. */
  public void merge(PairCounts other) {
    long theirs = other.otherPairs;
    TreeMap<Pair, Long> rest = new TreeMap<>(other.others);
    TreeMap<Cell, Long> counted = new TreeMap<>(other.cells);
    hold(List.copyOf(other.sources), List.copyOf(other.labels));
    otherPairs += theirs;
    rest.forEach(this::addOthers);
    counted.forEach(this::add);
  }

  /** Those with rows that both labelled. */
  public SortedSet<Pair> pairs() {
    TreeSet<Pair> pairs = new TreeSet<>(others.keySet());
    cells.keySet().forEach(cell -> pairs.add(cell.pair));
    return pairs;
  }

  /**
   * What two sources said of the rows that both labelled; rows with a label that is not told apart
   * are {@link SourceAgreement#unknown}.
   */
  public SourceAgreement of(Pair pair) {
    TreeMap<String, Integer> codes = new TreeMap<>();
    labels.forEach(label -> codes.put(label, codes.size()));
    SourceAgreement two = new SourceAgreement(codes.size());
    cells.forEach(
        (cell, rows) -> {
          if (cell.pair.equals(pair)) {
            two.add(codes.get(cell.first), codes.get(cell.second), rows);
          }
        });
    two.add(-1, -1, others.getOrDefault(pair, 0L));
    return two;
  }

  /** Rows, each counted once for each two of its sources of which one is not told apart. */
  public long otherPairs() {
    return otherPairs;
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    List<String> names = write(sources, out);
    List<String> said = write(labels, out);
    Varint.write(cells.size(), out);
    for (Map.Entry<Cell, Long> cell : cells.entrySet()) {
      write(cell.getKey().pair, names, out);
      Varint.write(said.indexOf(cell.getKey().first), out);
      Varint.write(said.indexOf(cell.getKey().second), out);
      Varint.write(cell.getValue(), out);
    }
    Varint.write(others.size(), out);
    for (Map.Entry<Pair, Long> pair : others.entrySet()) {
      write(pair.getKey(), names, out);
      Varint.write(pair.getValue(), out);
    }
    Varint.write(otherPairs, out);
  }

  private static List<String> write(SortedSet<String> texts, DataOutput out) throws IOException {
    Varint.write(texts.size(), out);
    for (String text : texts) {
      Texts.write(text, out);
    }
    return List.copyOf(texts);
  }

  private static void write(Pair pair, List<String> names, DataOutput out) throws IOException {
    Varint.write(names.indexOf(pair.first), out);
    Varint.write(names.indexOf(pair.second), out);
  }

  /** Reads what was written. */
  public static PairCounts read(DataInput in) throws IOException {
    PairCounts read = new PairCounts();
    List<String> names = texts(SOURCES, in);
    List<String> said = texts(LABELS, in);
    read.sources.addAll(names);
    read.labels.addAll(said);
    for (int i = Varint.readInt(SOURCES * SOURCES * LABELS * LABELS, in); i > 0; i--) {
      Cell cell = new Cell(pair(names, in), one(said, in), one(said, in));
      read.cells.put(cell, Varint.read(in));
    }
    for (int i = Varint.readInt(SOURCES * SOURCES, in); i > 0; i--) {
      read.others.put(pair(names, in), Varint.read(in));
    }
    read.otherPairs = Varint.read(in);
    return read;
  }

  private static List<String> texts(int most, DataInput in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = Varint.readInt(most, in); i > 0; i--) {
      texts.add(Texts.read(in));
    }
    return texts;
  }

  private static Pair pair(List<String> names, DataInput in) throws IOException {
    return new Pair(one(names, in), one(names, in));
  }

  private static String one(List<String> texts, DataInput in) throws IOException {
    if (texts.isEmpty()) {
      throw new StreamCorruptedException("There is no text");
    }
    return texts.get(Varint.readInt(texts.size() - 1, in));
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof PairCounts other
        && sources.equals(other.sources)
        && labels.equals(other.labels)
        && cells.equals(other.cells)
        && others.equals(other.others)
        && otherPairs == other.otherPairs;
  }

  @Override
  public int hashCode() {
    return 31 * cells.hashCode() + Long.hashCode(otherPairs);
  }

  @Override
  public String toString() {
    return "PairCounts[sources=" + sources + ", labels=" + labels + ", cells=" + cells + "]";
  }
}
