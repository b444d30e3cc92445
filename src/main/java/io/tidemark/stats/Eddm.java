package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * EDDM, the early drift detection method: alarms when errors come closer together than they did.
 * Sees increases of the error rate only, gradual ones before DDM, at the price of many false
 * alarms: a stationary stream of a thousand outcomes has a few. After Manuel Baena-García, José del
 * Campo-Ávila, Raúl Fidalgo, Albert Bifet, Ricard Gavaldà and Rafael Morales-Bueno, "Early drift
 * detection method", 4th international workshop on knowledge discovery from data streams, 2006.
 *
 * <p>With p and s the mean and the standard deviation of the distances between errors, it warns
 * when p + 2·s falls below alpha of the most it was, and alarms below beta of it. The first
 * distance is from the start. Only an error changes the verdict; between errors a warning lasts.
 */
public final class Eddm implements Detector {

  /**
   * What is given once.
   *
   * @param warmUp errors up to which there is no verdict, and outcomes up to which p + 2·s doesn't
   *     count as the most it was
   * @param alpha part of the greatest distance below which there is a warning
   * @param beta part of the greatest distance below which there is an alarm, at most alpha
   * @param ddof what the variance's divisor is below the number of distances: 1 as in River, 0 as
   *     in MOA and in River's earlier versions
   */
  public record Parameters(int warmUp, double alpha, double beta, int ddof)
      implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(30, .95, .9, 1);

    public Parameters {
      DetectorChecks.atLeast(0, "warmUp", warmUp);
      DetectorChecks.weight("alpha", alpha);
      DetectorChecks.weight("beta", beta);
      DetectorChecks.ordered("beta", beta, "alpha", alpha);
      DetectorChecks.atLeast(0, "ddof", ddof);
      DetectorChecks.atMost(1, "ddof", ddof);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.EDDM;
    }

    @Override
    public Eddm start() {
      return new Eddm(this);
    }
  }

  private final Parameters parameters;
  private long count;
  private long lastError;
  private long errors;
  private double mean;
  private double variance;
  private double greatest;
  private boolean warning;

  private Eddm(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    boolean error = DetectorChecks.isError(x);
    count++;
    if (error) {
      addDistance((double) (count - lastError));
      lastError = count;
      if (count > parameters.warmUp && isNear()) {
        reset();
        return Verdict.DRIFT;
      }
    }
    return warning ? Verdict.WARNING : Verdict.NONE;
  }

  private void addDistance(double distance) {
    errors++;
    double deviation = distance - mean;
    mean += deviation / errors;
    if (errors > parameters.ddof) {
      variance += (deviation * (distance - mean) - variance) / (errors - parameters.ddof);
    }
  }

  /** Judges the distances up to this error; a new greatest one leaves the verdict as it was. */
  private boolean isNear() {
    double level = mean + 2 * Math.sqrt(variance);
    if (level > greatest) {
      greatest = level;
    } else if (errors > parameters.warmUp) {
      warning = level / greatest < parameters.alpha;
      return level / greatest < parameters.beta;
    }
    return false;
  }

  private void reset() {
    count = 0;
    lastError = 0;
    errors = 0;
    mean = 0;
    variance = 0;
    greatest = 0;
    warning = false;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.EDDM, out);
    Varint.write(parameters.warmUp, out);
    out.writeDouble(parameters.alpha);
    out.writeDouble(parameters.beta);
    Varint.write(parameters.ddof, out);
    Varint.write(count, out);
    Varint.write(lastError, out);
    Varint.write(errors, out);
    out.writeDouble(mean);
    out.writeDouble(variance);
    out.writeDouble(greatest);
    out.writeBoolean(warning);
  }

  static Eddm read(DataInput in) throws IOException {
    Eddm eddm =
        new Parameters(
                Varint.readInt(Integer.MAX_VALUE, in),
                in.readDouble(),
                in.readDouble(),
                Varint.readInt(1, in))
            .start();
    eddm.count = DetectorFormat.readCount(in);
    eddm.lastError = DetectorFormat.readPart(eddm.count, in);
    eddm.errors = DetectorFormat.readPart(eddm.lastError, in);
    eddm.mean = DetectorFormat.readNumber(in);
    eddm.variance = DetectorFormat.readNumber(in);
    eddm.greatest = DetectorFormat.readNumber(in);
    eddm.warning = in.readBoolean();
    return eddm;
  }
}
