package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * HDDM_W, drift detection by McDiarmid's bound on weighted averages: alarms when the exponentially
 * weighted error rate since the cut lies above that up to the cut by more than chance allows, where
 * the cut is the place at which the rate was least; two-sided, also when it lies below that up to
 * the place at which it was greatest. Best for gradual changes. After Isvani Frías-Blanco, José del
 * Campo-Ávila, Gonzalo Ramos-Jiménez et al., "Online and non-parametric drift detection methods
 * based on Hoeffding's bounds", IEEE TKDE 27(3), 2015.
 *
 * <p>An average with the sum q of its squared weights is known to within √(q·ln(1/c)/2) at a
 * probability c; the difference of two to within that of the sum of their q. The rate was least
 * where the average plus this bound, at the alarm's c, was.
 */
public final class HddmW implements Detector {

  /**
   * What is given once.
   *
   * @param alarm probability of a false alarm that is allowed in a comparison
   * @param warning that of a false warning, at least that of an alarm
   * @param lambda weight of the newest outcome, above 0 and at most 1
   * @param twoSided whether a falling rate is a change too
   */
  public record Parameters(double alarm, double warning, double lambda, boolean twoSided)
      implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(.001, .005, .05, false);

    public Parameters {
      DetectorChecks.probability("alarm", alarm);
      DetectorChecks.probability("warning", warning);
      DetectorChecks.ordered("alarm", alarm, "warning", warning);
      DetectorChecks.weight("lambda", lambda);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.HDDM_W;
    }

    @Override
    public HddmW start() {
      return new HddmW(this);
    }
  }

  /** A weighted average with the sum of its squared weights, 1 before the first outcome. */
  private record Average(boolean started, double mean, double squares) {
    static final Average NONE = new Average(false, 0, 1);

    Average plus(double x, double lambda) {
      double rest = 1 - lambda;
      return new Average(
          true, started ? lambda * x + rest * mean : x, lambda * lambda + rest * rest * squares);
    }

    void write(DataOutput out) throws IOException {
      out.writeBoolean(started);
      out.writeDouble(mean);
      out.writeDouble(squares);
    }

    static Average read(DataInput in) throws IOException {
      return new Average(
          in.readBoolean(), DetectorFormat.readNumber(in), DetectorFormat.readNumber(in));
    }
  }

  /** The averages up to the cut and since; a fall is the rise of the negated outcomes. */
  private static final class Side {
    private double least = Double.POSITIVE_INFINITY;
    private Average before = Average.NONE;
    private Average since = Average.NONE;

    void add(double x, Average all, Parameters parameters) {
      double level = all.mean + bound(all.squares, parameters.alarm);
      if (level < least) {
        least = level;
        before = all;
        since = Average.NONE;
      } else {
        since = since.plus(x, parameters.lambda);
      }
    }

    Verdict judge(Parameters parameters) {
      if (!since.started) {
        return Verdict.NONE;
      }
      double rise = since.mean - before.mean;
      double squares = before.squares + since.squares;
      if (rise > bound(squares, parameters.alarm)) {
        return Verdict.DRIFT;
      }
      return rise > bound(squares, parameters.warning) ? Verdict.WARNING : Verdict.NONE;
    }

    private static double bound(double squares, double probability) {
      return Math.sqrt(squares * StrictMath.log(1 / probability) / 2);
    }

    void write(DataOutput out) throws IOException {
      out.writeDouble(least);
      before.write(out);
      since.write(out);
    }

    static Side read(DataInput in) throws IOException {
      Side side = new Side();
      side.least = DetectorFormat.readNumber(in);
      side.before = Average.read(in);
      side.since = Average.read(in);
      return side;
    }
  }

  private final Parameters parameters;
  private Average all = Average.NONE;
  private Side rise = new Side();
  private Side fall = new Side();

  private HddmW(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    double outcome = DetectorChecks.isError(x) ? 1 : 0;
    all = all.plus(outcome, parameters.lambda);
    rise.add(outcome, all, parameters);
    Verdict verdict = rise.judge(parameters);
    if (parameters.twoSided) {
      fall.add(-outcome, new Average(true, -all.mean, all.squares), parameters);
      Verdict falls = fall.judge(parameters);
      verdict = falls.compareTo(verdict) > 0 ? falls : verdict;
    }
    if (verdict == Verdict.DRIFT) {
      all = Average.NONE;
      rise = new Side();
      fall = new Side();
    }
    return verdict;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.HDDM_W, out);
    out.writeDouble(parameters.alarm);
    out.writeDouble(parameters.warning);
    out.writeDouble(parameters.lambda);
    out.writeBoolean(parameters.twoSided);
    all.write(out);
    rise.write(out);
    fall.write(out);
  }

  static HddmW read(DataInput in) throws IOException {
    HddmW hddm =
        new Parameters(in.readDouble(), in.readDouble(), in.readDouble(), in.readBoolean()).start();
    hddm.all = Average.read(in);
    hddm.rise = Side.read(in);
    hddm.fall = Side.read(in);
    return hddm;
  }
}
