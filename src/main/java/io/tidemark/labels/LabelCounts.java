package io.tidemark.labels;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.transforms.Combine;

/**
 * What became of the rows of a label source: each is in exactly one of these.
 *
 * @param joined labels that a prediction has
 * @param duplicate later labels that say the same
 * @param conflicting later labels that say something else
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
    long orphan,
    long tooLate,
    long outOfRange,
    long afterAsOf,
    long deadLettered,
    long predictions)
    implements Serializable {

  public static final LabelCounts NONE = new LabelCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Rows that were unusable. */
  static LabelCounts dead(long rows) {
    return new LabelCounts(rows, 0, 0, 0, 0, 0, 0, 0, rows, 0);
  }

  public LabelCounts plus(LabelCounts other) {
    return new LabelCounts(
        read + other.read,
        joined + other.joined,
        duplicate + other.duplicate,
        conflicting + other.conflicting,
        orphan + other.orphan,
        tooLate + other.tooLate,
        outOfRange + other.outOfRange,
        afterAsOf + other.afterAsOf,
        deadLettered + other.deadLettered,
        predictions + other.predictions);
  }

  /** Every label read went somewhere, and nowhere twice. */
  public boolean balanced() {
    return read
        == joined
            + duplicate
            + conflicting
            + orphan
            + tooLate
            + outOfRange
            + afterAsOf
            + deadLettered;
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

  /** Ten longs. */
  public static final class CountsCoder extends CustomCoder<LabelCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(LabelCounts counts, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(counts.read);
      data.writeLong(counts.joined);
      data.writeLong(counts.duplicate);
      data.writeLong(counts.conflicting);
      data.writeLong(counts.orphan);
      data.writeLong(counts.tooLate);
      data.writeLong(counts.outOfRange);
      data.writeLong(counts.afterAsOf);
      data.writeLong(counts.deadLettered);
      data.writeLong(counts.predictions);
    }

    @Override
    public LabelCounts decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new LabelCounts(
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong());
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof CountsCoder;
    }

    @Override
    public int hashCode() {
      return CountsCoder.class.hashCode();
    }
  }
}
