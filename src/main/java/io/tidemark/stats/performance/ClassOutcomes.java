package io.tidemark.stats.performance;

import io.tidemark.stats.CellCounts;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Moments;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * Labelled predictions of a model with several classes: the confusion matrix of the classes in the
 * order of their names, one more row and column for all others; for each class the rows by its
 * score, class against rest; the scores of the likeliest classes; the moments of the log loss.
 * Exact and order-free. Not safe for use by several threads.
 */
public final class ClassOutcomes {
  private final Dictionary classes;
  private final int capacity;
  private final CellCounts confusion;
  private final ScoreHistogram[] scores;
  private final ScoreHistogram likeliest;
  private final Moments losses;

  /** Rows of a class that the dictionary lacks, and predicted so. */
  private long rightOthers;

  /**
   * No rows yet.
   *
   * @param classes that the model tells apart
   * @param capacity different scores up to which figures that depend on them are exact
   */
  public ClassOutcomes(Dictionary classes, int capacity) {
    this(
        classes,
        capacity,
        new CellCounts((classes.size() + 1) * (classes.size() + 1)),
        new ScoreHistogram[classes.size()],
        new ScoreHistogram(capacity),
        new Moments());
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new ScoreHistogram(capacity);
    }
  }

  private ClassOutcomes(
      Dictionary classes,
      int capacity,
      CellCounts confusion,
      ScoreHistogram[] scores,
      ScoreHistogram likeliest,
      Moments losses) {
    this.classes = classes;
    this.capacity = capacity;
    this.confusion = confusion;
    this.scores = scores;
    this.likeliest = likeliest;
    this.losses = losses;
  }

  /** The class that scores mean where the log has none: the largest, of equal ones the first. */
  public static int predicts(double[] probabilities) {
    int largest = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /**
   * Adds a labelled row.
   *
   * @param probabilities one a class in the dictionary's order; null: none, then only the classes
   *     count
   * @param predicted the code of the predicted class, -1 if the dictionary lacks it
   * @param actual the code of the true class, -1 if the dictionary lacks it: the model gave it no
   *     probability
   * @throws IllegalArgumentException if there are more or fewer probabilities than classes, or one
   *     is not from 0 to 1
   */
  public void add(double[] probabilities, int predicted, int actual) {
    add(probabilities, predicted, actual, false);
  }

  /**
   * The same, of classes that the dictionary may lack.
   *
   * @param same whether the predicted class is the true one, where both have the code -1
   */
  public void add(double[] probabilities, int predicted, int actual, boolean same) {
    rightOthers += same && predicted < 0 && actual < 0 ? 1 : 0;
    if (probabilities != null) {
      addScores(probabilities, actual);
    }
    confusion.add(cell(predicted, actual));
  }

  private void addScores(double[] probabilities, int actual) {
    if (probabilities.length != scores.length) {
      throw new IllegalArgumentException(
          probabilities.length + " probabilities of " + scores.length + " classes");
    }
    double sum = 0;
    for (double probability : probabilities) {
      ScoreKey.of(probability); // all or none are added
      sum += probability;
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i].add(probabilities[i], i == actual ? 1 : 0);
    }
    int top = predicts(probabilities);
    likeliest.add(probabilities[top], top == actual ? 1 : 0);
    losses.add(Losses.log(actual < 0 || sum == 0 ? 0 : probabilities[actual] / sum));
  }

  private int cell(int predicted, int actual) {
    int width = classes.size() + 1;
    return place(actual) * width + place(predicted);
  }

  private int place(int code) {
    return code < 0 ? classes.size() : code;
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if classes or capacities differ
   */
  public void merge(ClassOutcomes other) {
    if (!classes.equals(other.classes)) {
      throw new IllegalArgumentException("Can't merge " + classes + " and " + other.classes);
    }
    confusion.merge(other.confusion);
    for (int i = 0; i < scores.length; i++) {
      scores[i].merge(other.scores[i]);
    }
    likeliest.merge(other.likeliest);
    losses.merge(other.losses);
    rightOthers += other.rightOthers;
  }

  public Dictionary classes() {
    return classes;
  }

  /** Number of rows. */
  public long rows() {
    return confusion.total();
  }

  /** Rows of one true and one predicted class, -1 standing for all that the dictionary lacks. */
  public long count(int predicted, int actual) {
    return confusion.count(cell(predicted, actual));
  }

  /** Rows whose predicted class is the true one. */
  public long right() {
    long right = rightOthers;
    for (int code = 0; code < classes.size(); code++) {
      right += count(code, code);
    }
    return right;
  }

  /** Rows by true class, those of classes that the dictionary lacks last. */
  public long[] labels() {
    long[] labels = new long[classes.size() + 1];
    for (int actual = -1; actual < classes.size(); actual++) {
      for (int predicted = -1; predicted < classes.size(); predicted++) {
        labels[place(actual)] += count(predicted, actual);
      }
    }
    return labels;
  }

  /** A class against the rest. */
  public Confusion confusion(int code) {
    long predicted = 0;
    long actual = 0;
    for (int other = -1; other < classes.size(); other++) {
      predicted += count(code, other);
      actual += count(other, code);
    }
    long both = count(code, code);
    return new Confusion(both, predicted - both, actual - both, rows() - predicted - actual + both);
  }

  /** Rows by a class's score, those of that class being positive. */
  public ScoredRows byScore(int code) {
    return scores[code].byScore(1);
  }

  /** Rows by the largest score, those of the class that has it being positive. */
  public ScoredRows byLargestScore() {
    return likeliest.byScore(1);
  }

  /** Of the rows' log losses. */
  public Moments losses() {
    return losses;
  }

  /** Writes the counts, without classes and capacity. */
  public void write(DataOutput out) throws IOException {
    confusion.write(out);
    for (ScoreHistogram histogram : scores) {
      histogram.write(out);
    }
    likeliest.write(out);
    losses.write(out);
    Varint.write(rightOthers, out);
  }

  /**
   * Reads what was written with these classes and this capacity.
   *
   * @throws StreamCorruptedException if it was written with others
   */
  public static ClassOutcomes read(Dictionary classes, int capacity, DataInput in)
      throws IOException {
    CellCounts confusion = CellCounts.read(in);
    int width = classes.size() + 1;
    if (confusion.cells() != width * width) {
      throw new StreamCorruptedException("Not of " + classes.size() + " classes");
    }
    ScoreHistogram[] scores = new ScoreHistogram[classes.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = ScoreHistogram.read(in);
    }
    ClassOutcomes outcomes =
        new ClassOutcomes(
            classes, capacity, confusion, scores, ScoreHistogram.read(in), Moments.read(in));
    if (outcomes.likeliest.capacity() != capacity) {
      throw new StreamCorruptedException("Not of capacity " + capacity);
    }
    outcomes.rightOthers = Varint.read(in);
    return outcomes;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ClassOutcomes other
        && capacity == other.capacity
        && classes.equals(other.classes)
        && confusion.equals(other.confusion)
        && Arrays.equals(scores, other.scores)
        && likeliest.equals(other.likeliest)
        && losses.equals(other.losses)
        && rightOthers == other.rightOthers;
  }

  @Override
  public int hashCode() {
    return 31 * confusion.hashCode() + likeliest.hashCode();
  }

  @Override
  public String toString() {
    return "ClassOutcomes[classes=" + classes.size() + ", rows=" + rows() + "]";
  }
}
