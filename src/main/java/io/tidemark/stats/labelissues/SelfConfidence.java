package io.tidemark.stats.labelissues;

import io.tidemark.stats.ExactSum;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What the model says of each class where it is the given label: the sum of its probability over
 * those rows, exactly, and their number. The first merge of confident learning; order-free. Rows
 * that confident learning can't use are counted here. Not safe for use by several threads.
 */
public final class SelfConfidence {
  private final ExactSum[] sums;
  private final long[] rows;
  private long unknown;
  private long unscored;

  /** No rows yet, of so many classes. */
  public SelfConfidence(int classes) {
    this(Stream.generate(ExactSum::new).limit(classes).toArray(ExactSum[]::new), new long[classes]);
  }

  private SelfConfidence(ExactSum[] sums, long[] rows) {
    this.sums = sums;
    this.rows = rows;
  }

  /**
   * Adds a labelled row.
   *
   * @param given the code of its label, -1: a class that the model does not know
   * @param probabilities one a class; null, or NaN in places: not scored
   * @throws IllegalArgumentException if there are more or fewer than classes, or one is not from 0
   *     to 1
   */
  public void add(int given, double[] probabilities) {
    if (!Scores.complete(probabilities, rows.length)) {
      unscored++;
    } else if (given < 0) {
      unknown++;
    } else {
      sums[given].add(probabilities[given]);
      rows[given]++;
    }
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the numbers of classes differ
   */
  public void merge(SelfConfidence other) {
    if (rows.length != other.rows.length) {
      throw new IllegalArgumentException(
          "Can't merge " + rows.length + " and " + other.rows.length + " classes");
    }
    for (int code = 0; code < rows.length; code++) {
      sums[code].merge(other.sums[code]);
      rows[code] += other.rows[code];
    }
    unknown += other.unknown;
    unscored += other.unscored;
  }

  /** Rows that confident learning goes by. */
  public long rows() {
    return Arrays.stream(rows).sum();
  }

  /** Rows with scores whose label the model does not know; left out. */
  public long unknown() {
    return unknown;
  }

  /** Rows without all of their scores; left out. */
  public long unscored() {
    return unscored;
  }

  /** From where on the model is confident of each class: the mean, rounded once. */
  public ConfidentThresholds thresholds() {
    double[] means = new double[rows.length];
    for (int code = 0; code < means.length; code++) {
      means[code] = rows[code] == 0 ? ConfidentThresholds.NOBODY : sums[code].over(rows[code]);
    }
    return ConfidentThresholds.of(means);
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    Varint.write(rows.length, out);
    for (int code = 0; code < rows.length; code++) {
      Varint.write(rows[code], out);
      if (rows[code] > 0) {
        sums[code].write(out);
      }
    }
    Varint.write(unknown, out);
    Varint.write(unscored, out);
  }

  /**
   * Reads what was written of so many classes.
   *
   * @throws StreamCorruptedException if it was of others
   */
  public static SelfConfidence read(int classes, DataInput in) throws IOException {
    if (Varint.read(in) != classes) {
      throw new StreamCorruptedException("Not of " + classes + " classes");
    }
    SelfConfidence read = new SelfConfidence(classes);
    for (int code = 0; code < classes; code++) {
      read.rows[code] = Varint.read(in);
      if (read.rows[code] != 0) {
        read.sums[code] = ExactSum.read(in);
      }
    }
    read.unknown = Varint.read(in);
    read.unscored = Varint.read(in);
    return read;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof SelfConfidence other
        && Arrays.equals(sums, other.sums)
        && Arrays.equals(rows, other.rows)
        && unknown == other.unknown
        && unscored == other.unscored;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rows) + Arrays.hashCode(sums);
  }

  @Override
  public String toString() {
    return "SelfConfidence[rows=" + Arrays.toString(rows) + "]";
  }
}
