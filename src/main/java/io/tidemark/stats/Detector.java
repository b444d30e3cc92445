package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A sequential change detector: it is given a model's outcomes one at a time, in their order, and
 * says after each whether the rate of errors has changed. What it remembers has a bounded size and
 * can be written and read between any two outcomes: a detector that was stored goes on exactly as
 * one that never stopped.
 *
 * <p>The definitions are those of River (online-ml/river, {@code drift}). An alarm empties the
 * detector: the next outcome is the first of a new stream. Arithmetic is strict, so that every
 * machine gives the same alarms and the same bytes.
 *
 * <p>Each has a constant in {@link DetectorMethod}.
 *
 * <p>Not mergeable, as the order of the outcomes is what it looks at, and not safe for use by
 * several threads.
 */
public interface Detector {

  /** What an outcome leads to, the graver the later. */
  enum Verdict {
    NONE,
    /** A change is suspected. ADWIN and Page-Hinkley know no warnings. */
    WARNING,
    /** An alarm: there was a change, and the detector has begun anew. */
    DRIFT
  }

  /** What a detector is told once; a value that cannot be invalid. */
  interface Parameters {

    DetectorMethod method();

    /** A detector that has seen nothing. */
    Detector start();
  }

  Parameters parameters();

  /**
   * Takes the next outcome.
   *
   * @param x 1 for an error and 0 for none. ADWIN and Page-Hinkley take any number of a magnitude
   *     of at most 1e100
   * @throws IllegalArgumentException if it is anything else, as NaN or an infinity: the detector is
   *     as it was
   */
  Verdict update(double x);

  /**
   * Of the last alarm: whether the mean had risen, which of errors is a change for the worse. Those
   * that look at one side alone see nothing else. Not part of what is written.
   */
  default boolean rose() {
    return true;
  }

  /** Writes the version of the format, the method, its parameters and its state. */
  void write(DataOutput out) throws IOException;

  /**
   * The detector that was written, with the parameters it had then: whoever resumes one compares
   * them with those wanted now.
   *
   * @throws java.io.StreamCorruptedException if it is none, or of an unknown version
   */
  static Detector read(DataInput in) throws IOException {
    return DetectorFormat.read(in);
  }
}
