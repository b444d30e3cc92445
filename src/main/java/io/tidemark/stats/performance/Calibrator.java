package io.tidemark.stats.performance;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * From a model's score to the probability it stands for: an isotonic function fitted on labelled
 * rows, or the score as it is. Fitted by {@link Calibration}.
 */
public final class Calibrator implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MAX_KNOTS = 1 << 25;

  /** Why scores are calibrated or not. */
  public enum Reason {
    BETTER(0, "calibrated scores are nearer to the labels held out"),
    NO_BETTER(1, "calibrated scores are no nearer to the labels held out"),
    ONE_CLASS(2, "all labels are of one class"),
    SEPARATED(3, "the scores part the classes almost without error");

    private final int code;
    private final String text;

    Reason(int code, String text) {
      this.code = code;
      this.text = text;
    }

    private static Reason of(int code) throws StreamCorruptedException {
      for (Reason reason : values()) {
        if (reason.code == code) {
          return reason;
        }
      }
      throw new StreamCorruptedException("No reason " + code);
    }

    /** In words. */
    public String text() {
      return text;
    }
  }

  private final Reason reason;

  /** Knots; none: scores stay as they are. */
  private final double[] x;

  private final double[] y;
  private transient Isotonic function;

  private Calibrator(Reason reason, double[] x, double[] y) {
    this.reason = reason;
    this.x = x;
    this.y = y;
  }

  static Calibrator isotonic(Isotonic function) {
    return new Calibrator(Reason.BETTER, function.x(), function.y());
  }

  static Calibrator identity(Reason reason) {
    return new Calibrator(reason, new double[0], new double[0]);
  }

  /** The probability that a score from 0 to 1 stands for. */
  public double calibrate(double score) {
    if (x.length == 0) {
      return score;
    }
    if (function == null) {
      function = new Isotonic(x, y);
    }
    return function.at(score);
  }

  /** Whether scores stay as they are. */
  public boolean isIdentity() {
    return x.length == 0;
  }

  public Reason reason() {
    return reason;
  }

  public void write(DataOutput out) throws IOException {
    out.writeByte(reason.code);
    Varint.write(x.length, out);
    for (int i = 0; i < x.length; i++) {
      out.writeDouble(x[i]);
      out.writeDouble(y[i]);
    }
  }

  public static Calibrator read(DataInput in) throws IOException {
    Reason reason = Reason.of(in.readUnsignedByte());
    int knots = Varint.readInt(MAX_KNOTS, in);
    double[] x = new double[Math.min(knots, 1 << 10)]; // a damaged file may ask for any
    double[] y = new double[x.length];
    for (int i = 0; i < knots; i++) {
      if (i == x.length) {
        x = Arrays.copyOf(x, Math.min(knots, 2 * i));
        y = Arrays.copyOf(y, x.length);
      }
      x[i] = in.readDouble();
      y[i] = in.readDouble();
      if (!(y[i] >= 0 && y[i] <= 1) || (i > 0 && !(x[i] >= x[i - 1] && y[i] >= y[i - 1]))) {
        throw new StreamCorruptedException("Falls at " + x[i] + " to " + y[i]);
      }
    }
    if ((reason == Reason.BETTER) != (knots > 0)) {
      throw new StreamCorruptedException(knots + " knots though " + reason.text());
    }
    return new Calibrator(reason, x, y);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Calibrator other
        && reason == other.reason
        && Arrays.equals(x, other.x)
        && Arrays.equals(y, other.y);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(x) + Arrays.hashCode(y);
  }

  @Override
  public String toString() {
    return "Calibrator[" + reason + ", knots=" + x.length + "]";
  }
}
