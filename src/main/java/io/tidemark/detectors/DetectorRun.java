package io.tidemark.detectors;

import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.schema.OneDetector;
import io.tidemark.stats.Detector;
import io.tidemark.stats.Detector.Verdict;
import io.tidemark.stats.DetectorMethod;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One detector on its way along the outcomes, and what it has seen since its last change. */
final class DetectorRun {
  private final DetectorMethod method;
  private Detector detector;

  /** Index of the first outcome after the last change. */
  private long since;

  private long errors;

  DetectorRun(DetectorMethod method) {
    this.method = method;
    this.detector = method.defaults().start();
  }

  /**
   * The watch that was stored; a new one where it had other parameters than are wanted now.
   *
   * @param next index of the next outcome
   */
  static DetectorRun resume(DetectorMethod method, OneDetector stored, long next)
      throws IOException {
    DetectorRun watch = new DetectorRun(method);
    watch.since = next;
    if (stored != null) {
      byte[] bytes = new byte[stored.getState().remaining()];
      stored.getState().duplicate().get(bytes);
      Detector detector = Detector.read(new ByteInput(bytes));
      if (detector.parameters().equals(method.defaults())) {
        watch.detector = detector;
        watch.since = stored.getSince();
        watch.errors = stored.getErrors();
      }
    }
    return watch;
  }

  OneDetector store() throws IOException {
    ByteOutput bytes = new ByteOutput(1 << 10);
    detector.write(bytes);
    return new OneDetector(method.id(), since, errors, ByteBuffer.wrap(bytes.toByteArray()));
  }

  DetectorMethod method() {
    return method;
  }

  /** Error rate since the last change, NaN before the first outcome. */
  double errorRate(long next) {
    return next == since ? Double.NaN : (double) errors / (next - since);
  }

  /** Outcomes since the last change. */
  long length(long next) {
    return next - since;
  }

  /**
   * Takes an outcome; true if it is the one that rings. A change for the better lets the detector
   * begin anew, and nobody hears of it.
   *
   * @param next index behind the outcome
   */
  boolean rings(boolean error, long next) {
    errors += error ? 1 : 0;
    boolean changed = detector.update(error ? 1 : 0) == Verdict.DRIFT;
    if (changed && !detector.rose()) {
      restart(next);
    }
    return changed && detector.rose();
  }

  /** Begins anew behind a change. */
  void restart(long next) {
    since = next;
    errors = 0;
  }
}
