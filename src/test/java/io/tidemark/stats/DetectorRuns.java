package io.tidemark.stats;

import io.tidemark.stats.Detector.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Streams of outcomes and what detectors say to them. */
final class DetectorRuns {
  private DetectorRuns() {}

  /**
   * A thousand errors-or-not of each rate: 1 where u is below it, with s = (1103515245·s + 12345)
   * mod 2³¹ and u = s/2³¹.
   */
  static double[] errors(long seed, double... rates) {
    double[] outcomes = new double[1000 * rates.length];
    long state = seed;
    for (int i = 0; i < outcomes.length; i++) {
      state = (1103515245L * state + 12345) % (1L << 31);
      outcomes[i] = state / 0x1p31 < rates[i / 1000] ? 1 : 0;
    }
    return outcomes;
  }

  /** The stream for which third-party figures are at hand: 196 errors, then 487. */
  static double[] fifthThenHalf() {
    return errors(2024, .2, .5);
  }

  /** A stream of a third-party test, or the test is skipped. */
  static double[] oracle(String name) throws IOException {
    return Files.readAllLines(Oracles.file("oracles/detectors/streams/" + name + ".txt")).stream()
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  static List<Verdict> verdicts(Detector detector, double[] outcomes) {
    List<Verdict> verdicts = new ArrayList<>();
    for (double outcome : outcomes) {
      verdicts.add(detector.update(outcome));
    }
    return verdicts;
  }

  static List<Integer> alarms(Detector.Parameters parameters, double[] outcomes) {
    return indices(verdicts(parameters.start(), outcomes), Verdict.DRIFT);
  }

  /** The first warning, and the first after each alarm. */
  static List<Integer> firstWarnings(Detector.Parameters parameters, double[] outcomes) {
    List<Verdict> verdicts = verdicts(parameters.start(), outcomes);
    List<Integer> first = new ArrayList<>();
    boolean warned = false;
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) == Verdict.WARNING && !warned) {
        first.add(i);
      }
      warned = verdicts.get(i) != Verdict.DRIFT && (warned || verdicts.get(i) == Verdict.WARNING);
    }
    return first;
  }

  /**
   * Alarms of a rule that is shown all outcomes since the last alarm each time: a definition
   * computed the slow and obvious way.
   */
  static List<Integer> alarms(Predicate<double[]> rule, double[] outcomes) {
    List<Integer> alarms = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < outcomes.length; i++) {
      if (rule.test(Arrays.copyOfRange(outcomes, start, i + 1))) {
        alarms.add(i);
        start = i + 1;
      }
    }
    return alarms;
  }

  static List<Integer> indices(List<Verdict> verdicts, Verdict wanted) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) == wanted) {
        indices.add(i);
      }
    }
    return indices;
  }

  static byte[] bytes(Detector detector) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      detector.write(new DataOutputStream(out));
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Detector resumed(byte[] bytes) throws IOException {
    return Detector.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
