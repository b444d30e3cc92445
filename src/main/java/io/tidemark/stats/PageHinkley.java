package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The Page-Hinkley test: alarms when values have kept above, or below, their mean since the last
 * alarm for long enough. Sees increases and decreases, small lasting ones too, but late: with the
 * default threshold the deviations of an error rate add up over some hundred outcomes. After E. S.
 * Page, "Continuous inspection schemes", Biometrika 41(1/2), 1954; River's present form, on both
 * sides and with forgetting (Raquel Sebastião and José Maria Fernandes, "Supporting the
 * Page-Hinkley test with empirical mode decomposition for change detection", ISMIS 2017).
 *
 * <p>With e the deviation of a value from the mean up to it, the sums R ← α·R + e − δ and F ← α·F +
 * e + δ; it alarms when R exceeds the least it was, or the most that F was exceeds F, by more than
 * the threshold.
 */
public final class PageHinkley implements Detector {

  /**
   * What is given once.
   *
   * @param minInstances values from which on there may be an alarm
   * @param delta deviation that is taken for none, in the values' unit, at least 0
   * @param threshold sum of deviations that is an alarm, in the values' unit
   * @param alpha what is left of a sum after one more value, above 0 and at most 1
   */
  public record Parameters(int minInstances, double delta, double threshold, double alpha)
      implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(30, .005, 50, .9999);

    public Parameters {
      DetectorChecks.atLeast(1, "minInstances", minInstances);
      DetectorChecks.notNegative("delta", delta);
      DetectorChecks.positive("threshold", threshold);
      DetectorChecks.weight("alpha", alpha);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.PAGE_HINKLEY;
    }

    @Override
    public PageHinkley start() {
      return new PageHinkley(this);
    }
  }

  private final Parameters parameters;
  private long count;
  private double mean;
  private double rise;
  private double leastRise = Double.POSITIVE_INFINITY;
  private double fall;
  private double greatestFall = Double.NEGATIVE_INFINITY;
  private boolean rose;

  private PageHinkley(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    double deviation = deviation(DetectorChecks.value(x));
    rise = parameters.alpha * rise + deviation - parameters.delta;
    fall = parameters.alpha * fall + deviation + parameters.delta;
    leastRise = Math.min(leastRise, rise);
    greatestFall = Math.max(greatestFall, fall);
    if (count < parameters.minInstances
        || (rise - leastRise <= parameters.threshold
            && greatestFall - fall <= parameters.threshold)) {
      return Verdict.NONE;
    }
    rose = rise - leastRise > parameters.threshold;
    reset();
    return Verdict.DRIFT;
  }

  @Override
  public boolean rose() {
    return rose;
  }

  /** From the mean of the values up to this one, which is among them. */
  private double deviation(double x) {
    count++;
    mean += (x - mean) / count;
    return x - mean;
  }

  private void reset() {
    count = 0;
    mean = 0;
    rise = 0;
    leastRise = Double.POSITIVE_INFINITY;
    fall = 0;
    greatestFall = Double.NEGATIVE_INFINITY;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.PAGE_HINKLEY, out);
    Varint.write(parameters.minInstances, out);
    out.writeDouble(parameters.delta);
    out.writeDouble(parameters.threshold);
    out.writeDouble(parameters.alpha);
    Varint.write(count, out);
    out.writeDouble(mean);
    out.writeDouble(rise);
    out.writeDouble(leastRise);
    out.writeDouble(fall);
    out.writeDouble(greatestFall);
  }

  static PageHinkley read(DataInput in) throws IOException {
    PageHinkley test =
        new Parameters(
                Varint.readInt(Integer.MAX_VALUE, in),
                in.readDouble(),
                in.readDouble(),
                in.readDouble())
            .start();
    test.count = DetectorFormat.readCount(in);
    test.mean = DetectorFormat.readNumber(in);
    test.rise = DetectorFormat.readNumber(in);
    test.leastRise = DetectorFormat.readNumber(in);
    test.fall = DetectorFormat.readNumber(in);
    test.greatestFall = DetectorFormat.readNumber(in);
    return test;
  }
}
