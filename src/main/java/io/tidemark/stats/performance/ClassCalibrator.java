package io.tidemark.stats.performance;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * From the scores of several classes to the probabilities they stand for: each class by its own
 * {@link Calibrator}, class against rest, then divided by their sum.
 *
 * @param calibrators one a class, in the order of classes
 */
public record ClassCalibrator(List<Calibrator> calibrators) implements Serializable {
  public ClassCalibrator {
    calibrators = List.copyOf(calibrators);
  }

  /** Calibrates each class on labelled rows. */
  public static ClassCalibrator fit(ClassOutcomes reference) {
    Calibrator[] fitted = new Calibrator[reference.classes().size()];
    for (int code = 0; code < fitted.length; code++) {
      fitted[code] = Calibration.fit(reference.byScore(code));
    }
    return new ClassCalibrator(List.of(fitted));
  }

  /** The probabilities of scores, one a class. All alike where no class has any. */
  public double[] calibrate(double[] scores) {
    double[] probabilities = new double[scores.length];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = calibrators.get(i).calibrate(scores[i]);
      sum += probabilities[i];
    }
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = sum > 0 ? probabilities[i] / sum : 1.0 / scores.length;
    }
    return probabilities;
  }

  /** Writes the calibrators, without their number. */
  public void write(DataOutput out) throws IOException {
    for (Calibrator calibrator : calibrators) {
      calibrator.write(out);
    }
  }

  /** Reads what was written for so many classes. */
  public static ClassCalibrator read(int classes, DataInput in) throws IOException {
    Calibrator[] read = new Calibrator[classes];
    for (int code = 0; code < classes; code++) {
      read[code] = Calibrator.read(in);
    }
    return new ClassCalibrator(List.of(read));
  }
}
