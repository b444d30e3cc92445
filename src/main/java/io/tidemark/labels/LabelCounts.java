package io.tidemark.labels;

import io.tidemark.flow.LongsCoder;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.Combine;

/**
 * What became of the rows of a label source: each is in exactly one of these.
 *
 * @param joined labels that a prediction has
 * @param duplicate later labels that say the same
 * @param conflicting later labels that say something else
 * @param overridden labels that say something else than the one of a trusted source that stands
 * @param orphan of ids that no prediction of the log has
 * @param tooLate past the horizon of every prediction of their id
 * @param outOfRange of predictions that all lie outside the run's bounds
 * @param afterAsOf given after {@code --as-of}
 * @param deadLettered unusable
 * @param predictions how many predictions have a joined label; one label may serve an id's
 *     predictions in several windows
 */
public record LabelCounts(
    long read,
    long joined,
    long duplicate,
    long conflicting,
    long overridden,
    long orphan,
    long tooLate,
    long outOfRange,
    long afterAsOf,
    long deadLettered,
    long predictions)
    implements Serializable {

  public static final LabelCounts NONE = new LabelCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Rows that were unusable. */
  static LabelCounts dead(long rows) {
    return read(rows, rows);
  }

  /** Rows of a topic when they are read: what becomes of the usable ones is not known yet. */
  public static LabelCounts read(long rows, long deadLettered) {
    return new LabelCounts(rows, 0, 0, 0, 0, 0, 0, 0, 0, deadLettered, 0);
  }

  /** Labels of a topic whose fates are known. */
  static LabelCounts settled(
      long joined, long duplicate, long conflicting, long overridden, long orphan, long tooLate) {
    return new LabelCounts(
        0, joined, duplicate, conflicting, overridden, orphan, tooLate, 0, 0, 0, 0);
  }

  /** Predictions that have a label. */
  static LabelCounts served(long predictions) {
    return new LabelCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, predictions);
  }

  public LabelCounts plus(LabelCounts other) {
    return new LabelCounts(
        read + other.read,
        joined + other.joined,
        duplicate + other.duplicate,
        conflicting + other.conflicting,
        overridden + other.overridden,
        orphan + other.orphan,
        tooLate + other.tooLate,
        outOfRange + other.outOfRange,
        afterAsOf + other.afterAsOf,
        deadLettered + other.deadLettered,
        predictions + other.predictions);
  }

  /** Labels that were read and have come to nothing yet: their predictions may still come. */
  public long waiting() {
    return read
        - joined
        - duplicate
        - conflicting
        - overridden
        - orphan
        - tooLate
        - outOfRange
        - afterAsOf
        - deadLettered;
  }

  /** Every label read went somewhere, and nowhere twice. */
  public boolean balanced() {
    return waiting() == 0;
  }

  /** Sums counts in any order. */
  static final class Sum extends Combine.BinaryCombineFn<LabelCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public LabelCounts apply(LabelCounts left, LabelCounts right) {
      return left.plus(right);
    }

    @Override
    public LabelCounts identity() {
      return NONE;
    }
  }

  /** Eleven longs. */
  public static final class CountsCoder extends LongsCoder<LabelCounts> {
    private static final long serialVersionUID = 1;

    public CountsCoder() {
      super(11);
    }

    @Override
    protected long[] longs(LabelCounts counts) {
      return new long[] {
        counts.read,
        counts.joined,
        counts.duplicate,
        counts.conflicting,
        counts.overridden,
        counts.orphan,
        counts.tooLate,
        counts.outOfRange,
        counts.afterAsOf,
        counts.deadLettered,
        counts.predictions
      };
    }

    @Override
    protected LabelCounts of(long[] n) {
      return new LabelCounts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]);
    }
  }
}
