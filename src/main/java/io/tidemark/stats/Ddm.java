package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * DDM, the drift detection method: alarms when the error rate since the last alarm has risen well
 * above the least it was. Sees increases only, abrupt ones best. After João Gama, Pedro Medas,
 * Gladys Castillo and Pedro Rodrigues, "Learning with drift detection", SBIA 2004.
 *
 * <p>After n outcomes of error rate p and deviation s = √(p·(1 − p)/n), with p' and s' those at
 * which p + s was least, it warns if p + s &gt; p' + warn·s' and alarms if p + s &gt; p' +
 * alarm·s'.
 *
 * <p>A model without a single error up to the end of the warm-up leaves no room: p' and s' are 0,
 * and its first error is an alarm. That is the definition.
 */
public final class Ddm implements Detector {

  /**
   * What is given once.
   *
   * @param warmUp outcomes up to which there is no verdict
   * @param warn deviations above the least rate that are a warning
   * @param alarm deviations above the least rate that are an alarm
   */
  public record Parameters(int warmUp, double warn, double alarm) implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(30, 2, 3);

    public Parameters {
      DetectorChecks.atLeast(0, "warmUp", warmUp);
      DetectorChecks.positive("warn", warn);
      DetectorChecks.positive("alarm", alarm);
      DetectorChecks.ordered("warn", warn, "alarm", alarm);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.DDM;
    }

    @Override
    public Ddm start() {
      return new Ddm(this);
    }
  }

  private final Parameters parameters;
  private long count;
  private long errors;
  private double leastRate = Double.POSITIVE_INFINITY;
  private double leastDeviation = Double.POSITIVE_INFINITY;

  private Ddm(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    errors += DetectorChecks.isError(x) ? 1 : 0;
    count++;
    if (count <= parameters.warmUp) {
      return Verdict.NONE;
    }
    double rate = (double) errors / count;
    double deviation = Math.sqrt(rate * (1 - rate) / count);
    double level = rate + deviation;
    if (level <= leastRate + leastDeviation) {
      leastRate = rate;
      leastDeviation = deviation;
    }
    if (level > leastRate + parameters.alarm * leastDeviation) {
      reset();
      return Verdict.DRIFT;
    }
    return level > leastRate + parameters.warn * leastDeviation ? Verdict.WARNING : Verdict.NONE;
  }

  private void reset() {
    count = 0;
    errors = 0;
    leastRate = Double.POSITIVE_INFINITY;
    leastDeviation = Double.POSITIVE_INFINITY;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.DDM, out);
    Varint.write(parameters.warmUp, out);
    out.writeDouble(parameters.warn);
    out.writeDouble(parameters.alarm);
    Varint.write(count, out);
    Varint.write(errors, out);
    out.writeDouble(leastRate);
    out.writeDouble(leastDeviation);
  }

  static Ddm read(DataInput in) throws IOException {
    Ddm ddm =
        new Parameters(Varint.readInt(Integer.MAX_VALUE, in), in.readDouble(), in.readDouble())
            .start();
    ddm.count = DetectorFormat.readCount(in);
    ddm.errors = DetectorFormat.readPart(ddm.count, in);
    ddm.leastRate = DetectorFormat.readNumber(in);
    ddm.leastDeviation = DetectorFormat.readNumber(in);
    return ddm;
  }
}
