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
  public static final class CountsCoder extends CustomCoder<PredictionCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(PredictionCounts counts, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(counts.predictions);
      data.writeLong(counts.inLog);
      data.writeLong(counts.joined);
      data.writeLong(counts.unlabelled);
      data.writeLong(counts.disputed);
    }

    @Override
    public PredictionCounts decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new PredictionCounts(
          data.readLong(), data.readLong(), data.readLong(), data.readLong(), data.readLong());
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
