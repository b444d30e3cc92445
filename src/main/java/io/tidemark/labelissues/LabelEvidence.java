package io.tidemark.labelissues;

import io.tidemark.profile.LabelledState;
import io.tidemark.stats.Hash128;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tells of the labels of one window or period and model version whether they are right. A
 * function of the rows alone, in any order, and bounded whatever comes.
 */
public final class LabelEvidence implements LabelledState {
  /** Spellings of labels that are counted: of more the first in the order of texts. */
  private static final int WORDS = 64;

  /** Stands above the number of words where there are rows of several sources. */
  private static final int BY_SOURCE = WORDS + 1;

  /** Of a word; no row is that long. */
  private static final int MOST_BYTES = 1 << 30;

  private final int classes;
  private final ScoredRows scored;
  private final DoubtfulRows doubtful;
  private final InputSample inputs;
  private final ConflictingRows conflicting;
  private final TreeMap<String, Long> words = new TreeMap<>();
  private long rows;
  private long labelled;
  private long unscored;
  private long unknown;
  private long disputed;

  LabelEvidence(int classes) {
    this(
        classes,
        new ScoredRows(classes),
        new DoubtfulRows(),
        new InputSample(),
        new ConflictingRows());
  }

  private LabelEvidence(
      int classes,
      ScoredRows scored,
      DoubtfulRows doubtful,
      InputSample inputs,
      ConflictingRows conflicting) {
    this.classes = classes;
    this.scored = scored;
    this.doubtful = doubtful;
    this.inputs = inputs;
    this.conflicting = conflicting;
  }

  void add(LabelledRow row) {
    rows++;
    if (row.label == null) {
      return;
    }
    labelled++;
    disputed += row.disputed ? 1 : 0;
    count(row.label, 1);
    if (row.sources != null) {
      conflicting.add(row);
    }
    if (row.probabilities == null) {
      unscored++;
    } else if (row.code < 0) {
      unknown++;
    } else {
      long hash = row.hash();
      scored.add(hash, row.code, row.probabilities);
      if (!row.settled && doubtful.wants(row.standing)) {
        doubtful.add(row.standing, hash, row.event());
      }
    }
    Hash128 digest = row.inputs();
    if (digest != null) {
      inputs.add(digest, row);
    }
  }

  private void count(String word, long times) {
    if (words.containsKey(word) || words.size() < WORDS || word.compareTo(words.lastKey()) < 0) {
      words.merge(word, times, Long::sum);
      if (words.size() > WORDS) {
        words.pollLastEntry();
      }
    }
  }

  LabelEvidence merge(LabelEvidence other) {
    rows += other.rows;
    labelled += other.labelled;
    unscored += other.unscored;
    unknown += other.unknown;
    disputed += other.disputed;
    other.words.forEach(this::count);
    scored.merge(other.scored);
    doubtful.merge(other.doubtful);
    inputs.merge(other.inputs);
    conflicting.merge(other.conflicting);
    return this;
  }

  int classes() {
    return classes;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public long labelled() {
    return labelled;
  }

  /** Labelled rows without all of the classes' probabilities. */
  long unscored() {
    return unscored;
  }

  /** Labelled rows with scores whose label's class has none. */
  long unknown() {
    return unknown;
  }

  /** Labelled rows whose own labels contradict each other. */
  long disputed() {
    return disputed;
  }

  ScoredRows scored() {
    return scored;
  }

  DoubtfulRows doubtful() {
    return doubtful;
  }

  InputSample inputs() {
    return inputs;
  }

  /** Of the rows that several sources labelled. */
  ConflictingRows conflicting() {
    return conflicting;
  }

  /** How often labels were spelled so. */
  Map<String, Long> words() {
    return words;
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    Varint.write(rows, out);
    Varint.write(labelled, out);
    Varint.write(unscored, out);
    Varint.write(unknown, out);
    Varint.write(disputed, out);
    Varint.write(words.size() + (conflicting.isEmpty() ? 0 : BY_SOURCE), out);
    for (Map.Entry<String, Long> word : words.entrySet()) {
      byte[] utf8 = word.getKey().getBytes(StandardCharsets.UTF_8);
      Varint.write(utf8.length, out);
      out.write(utf8);
      Varint.write(word.getValue(), out);
    }
    scored.write(out);
    doubtful.write(out);
    inputs.write(out);
    if (!conflicting.isEmpty()) {
      conflicting.write(out);
    }
  }

  static LabelEvidence read(int classes, DataInput in) throws IOException {
    long rows = Varint.read(in);
    long labelled = Varint.read(in);
    long unscored = Varint.read(in);
    long unknown = Varint.read(in);
    long disputed = Varint.read(in);
    TreeMap<String, Long> words = new TreeMap<>();
    int spelled = Varint.readInt(BY_SOURCE + WORDS, in);
    boolean bySource = spelled >= BY_SOURCE;
    for (int i = bySource ? spelled - BY_SOURCE : spelled; i > 0; i--) {
      byte[] utf8 = new byte[Varint.readInt(MOST_BYTES, in)];
      in.readFully(utf8);
      words.put(new String(utf8, StandardCharsets.UTF_8), Varint.read(in));
    }
    LabelEvidence read =
        new LabelEvidence(
            classes,
            ScoredRows.read(classes, in),
            DoubtfulRows.read(in),
            InputSample.read(in),
            bySource ? ConflictingRows.read(in) : new ConflictingRows());
    read.rows = rows;
    read.labelled = labelled;
    read.unscored = unscored;
    read.unknown = unknown;
    read.disputed = disputed;
    read.words.putAll(words);
    return read;
  }
}
