package io.tidemark.stats.performance;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * What a metric may be off by sampling alone, known from the reference for windows of any size: the
 * standard deviation of the metric at m rows is {@code deviation / sqrt(m · fraction)} (NannyML).
 *
 * @param deviation standard deviation of what a row that counts contributes; NaN if unknown
 * @param fraction share of the rows that count
 */
public record SamplingError(double deviation, double fraction) implements Serializable {
  /** Half the width of the band about an estimate, in sampling errors. */
  public static final double BAND = 3;

  /** That of a figure which the reference does not define. */
  public static final SamplingError UNKNOWN = new SamplingError(Double.NaN, 1);

  /** The deviation of a share: of rows that are 1 (so many of them) or 0. */
  static SamplingError ofShare(double ones, double relevant, double rows) {
    return relevant > 0
        ? new SamplingError(Math.sqrt(ones * (relevant - ones)) / relevant, relevant / rows)
        : UNKNOWN;
  }

  /** The standard deviation at so many rows; NaN without rows or where it is unknown. */
  public double at(long rows) {
    return rows > 0 ? deviation / Math.sqrt(rows * fraction) : Double.NaN;
  }

  public void write(DataOutput out) throws IOException {
    out.writeDouble(deviation);
    out.writeDouble(fraction);
  }

  public static SamplingError read(DataInput in) throws IOException {
    return new SamplingError(in.readDouble(), in.readDouble());
  }
}
