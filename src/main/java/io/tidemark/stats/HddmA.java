package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * HDDM_A, drift detection by Hoeffding's bound on averages: alarms when the error rate since the
 * last alarm lies above that of its best beginning by more than chance allows; two-sided, also when
 * it lies below that of its worst. Best for abrupt changes. After Isvani Frías-Blanco, José del
 * Campo-Ávila, Gonzalo Ramos-Jiménez et al., "Online and non-parametric drift detection methods
 * based on Hoeffding's bounds", IEEE TKDE 27(3), 2015.
 *
 * <p>The best beginning is that of n' of the n outcomes whose rate plus √(ln(1/alarm) / 2n') is
 * least. At a probability c the rates may differ by less than √(m/2 · ln(2/c)), m = (n −
 * n')/(n'·n).
 */
public final class HddmA implements Detector {

  /**
   * What is given once.
   *
   * @param alarm probability of a false alarm that is allowed in a comparison
   * @param warning that of a false warning, at least that of an alarm
   * @param twoSided whether a falling rate is a change too
   */
  public record Parameters(double alarm, double warning, boolean twoSided)
      implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(.001, .005, false);

    public Parameters {
      DetectorChecks.probability("alarm", alarm);
      DetectorChecks.probability("warning", warning);
      DetectorChecks.ordered("alarm", alarm, "warning", warning);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.HDDM_A;
    }

    @Override
    public HddmA start() {
      return new HddmA(this);
    }
  }

  /** So many outcomes from the start and the errors among them. */
  private record Beginning(long count, long errors) {
    static final Beginning NONE = new Beginning(0, 0);

    double rate() {
      return (double) errors / count;
    }

    void write(DataOutput out) throws IOException {
      Varint.write(count, out);
      Varint.write(errors, out);
    }

    static Beginning read(long limit, DataInput in) throws IOException {
      long count = DetectorFormat.readPart(limit, in);
      return new Beginning(count, DetectorFormat.readPart(count, in));
    }
  }

  private final Parameters parameters;
  private Beginning all = Beginning.NONE;
  private Beginning best = Beginning.NONE;
  private Beginning worst = Beginning.NONE;

  private HddmA(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    all = new Beginning(all.count + 1, all.errors + (DetectorChecks.isError(x) ? 1 : 0));
    best = extreme(best, 1);
    Verdict verdict = judge(best, 1);
    if (parameters.twoSided) {
      worst = extreme(worst, -1);
      Verdict fall = judge(worst, -1);
      verdict = fall.compareTo(verdict) > 0 ? fall : verdict;
    }
    if (verdict == Verdict.DRIFT) {
      all = Beginning.NONE;
      best = Beginning.NONE;
      worst = Beginning.NONE;
    }
    return verdict;
  }

  /** The more extreme of a beginning and all there is, the longer one if they are equal. */
  private Beginning extreme(Beginning known, int sign) {
    boolean holds =
        known.count > 0
            && sign * known.rate() + bound(known.count) < sign * all.rate() + bound(all.count);
    return holds ? known : all;
  }

  private double bound(long count) {
    return Math.sqrt(1 / (2.0 * count) * StrictMath.log(1 / parameters.alarm));
  }

  private Verdict judge(Beginning reference, int sign) {
    if (reference.count == all.count) {
      return Verdict.NONE;
    }
    double change = sign * (all.rate() - reference.rate());
    double m = (double) (all.count - reference.count) / reference.count * (1.0 / all.count);
    if (change >= allowed(m, parameters.alarm)) {
      return Verdict.DRIFT;
    }
    return change >= allowed(m, parameters.warning) ? Verdict.WARNING : Verdict.NONE;
  }

  private static double allowed(double m, double probability) {
    return Math.sqrt(m / 2 * StrictMath.log(2 / probability));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.HDDM_A, out);
    out.writeDouble(parameters.alarm);
    out.writeDouble(parameters.warning);
    out.writeBoolean(parameters.twoSided);
    all.write(out);
    best.write(out);
    worst.write(out);
  }

  static HddmA read(DataInput in) throws IOException {
    HddmA hddm = new Parameters(in.readDouble(), in.readDouble(), in.readBoolean()).start();
    hddm.all = Beginning.read(Long.MAX_VALUE, in);
    hddm.best = Beginning.read(hddm.all.count, in);
    hddm.worst = Beginning.read(hddm.all.count, in);
    return hddm;
  }
}
