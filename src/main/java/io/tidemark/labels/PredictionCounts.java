package io.tidemark.labels;

import io.tidemark.flow.LongsCoder;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Predictions by whether they have a label.
 *
 * @param inLog those whose label the log itself carries
 * @param joined those whose label comes from the label source
 * @param disputed of all, those whose labels contradict each other
 */
public record PredictionCounts(
    long predictions, long inLog, long joined, long unlabelled, long disputed)
    implements Serializable {

  public static final PredictionCounts NONE = new PredictionCounts(0, 0, 0, 0, 0);

  public long labelled() {
    return inLog + joined;
  }

  public PredictionCounts plus(PredictionCounts other) {
    return new PredictionCounts(
        predictions + other.predictions,
        inLog + other.inLog,
        joined + other.joined,
        unlabelled + other.unlabelled,
        disputed + other.disputed);
  }

  public PredictionCounts minus(PredictionCounts other) {
    return new PredictionCounts(
        predictions - other.predictions,
        inLog - other.inLog,
        joined - other.joined,
        unlabelled - other.unlabelled,
        disputed - other.disputed);
  }

  /** Sums counts in any order. */
  public static final class Sum extends Combine.BinaryCombineFn<PredictionCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public PredictionCounts apply(PredictionCounts left, PredictionCounts right) {
      return left.plus(right);
    }

    @Override
    public PredictionCounts identity() {
      return NONE;
    }
  }

  /** Five longs. */
  public static final class CountsCoder extends LongsCoder<PredictionCounts> {
    private static final long serialVersionUID = 1;

    public CountsCoder() {
      super(5);
    }

    @Override
    protected long[] longs(PredictionCounts counts) {
      return new long[] {
        counts.predictions, counts.inLog, counts.joined, counts.unlabelled, counts.disputed
      };
    }

    @Override
    protected PredictionCounts of(long[] n) {
      return new PredictionCounts(n[0], n[1], n[2], n[3], n[4]);
    }
  }
}
