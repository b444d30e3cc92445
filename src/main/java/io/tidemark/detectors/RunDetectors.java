package io.tidemark.detectors;

import io.tidemark.event.Redaction;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.schema.OneDetector;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.DetectorMethod;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Shows outcomes to detectors, in order, and says what comes of them.
 *
 * @param methods in the order of the spec
 * @param from lower bound of the run, inclusive; windows of labels that it cuts are incomplete
 * @param to upper bound, exclusive
 */
record RunDetectors(
    MonitoringSpec spec, Redaction redaction, ArrayList<DetectorMethod> methods, long from, long to)
    implements Serializable {

  /**
   * Labels reach beyond the events of a run, so the next may begin before this one's last label: it
   * goes on from the end of the window before its own, one of so many that are kept.
   */
  private static final int KEPT_BETWEEN = 100;

  /** Those that a spec names. */
  static RunDetectors of(MonitoringSpec spec, Redaction redaction, long from, long to) {
    ArrayList<DetectorMethod> methods = new ArrayList<>();
    spec.detectors().forEach(id -> methods.add(DetectorMethod.of(id).orElseThrow()));
    return new RunDetectors(spec, redaction, methods, from, to);
  }

  /**
   * The detectors where they were left.
   *
   * @param next index of the next outcome
   */
  List<DetectorRun> watches(List<OneDetector> stored, long next) throws IOException {
    List<DetectorRun> watches = new ArrayList<>();
    for (DetectorMethod method : methods) {
      OneDetector own =
          stored.stream()
              .filter(one -> one.getMethod().equals(method.id()))
              .findFirst()
              .orElse(null);
      watches.add(DetectorRun.resume(method, own, next));
    }
    return watches;
  }

  /**
   * Shows a log's outcomes in their order.
   *
   * @param first index of the first of them
   * @param between takes the states between windows, the last ones; null: nobody wants them
   * @param out takes the findings
   * @return index behind the last
   */
  long show(
      OutcomeLog log,
      String version,
      List<DetectorRun> watches,
      long first,
      ArrayDeque<DetectorState> between,
      Consumer<Finding> out)
      throws IOException {
    WindowSpec window = spec.window();
    long next = first;
    ChangeFindings findings = null;
    for (int i : log.order()) {
      long start = window.startOf(log.labelTime(i));
      if (findings == null || findings.windowStart() != start) {
        finish(findings, watches, next, out);
        if (findings != null && between != null) {
          between.add(state(version, watches, next, window.endOf(findings.windowStart())));
          if (between.size() > KEPT_BETWEEN) {
            between.remove();
          }
        }
        boolean complete = start >= from && window.endOf(start) <= to;
        findings = new ChangeFindings(spec, redaction, version, start, complete);
      }
      findings.count();
      next++;
      for (DetectorRun watch : watches) {
        if (watch.rings(log.error(i), next)) {
          findings.alarm(watch, next, log.eventTime(i), log.name(i));
          watch.restart(next);
        }
      }
    }
    finish(findings, watches, next, out);
    return next;
  }

  private static void finish(
      ChangeFindings findings, List<DetectorRun> watches, long next, Consumer<Finding> out) {
    if (findings != null) {
      findings.finish(watches, next).forEach(out);
    }
  }

  /**
   * @param at the windows that end then have been shown
   */
  DetectorState state(String version, List<DetectorRun> watches, long next, long at)
      throws IOException {
    List<OneDetector> detectors = new ArrayList<>();
    for (DetectorRun watch : watches) {
      detectors.add(watch.store());
    }
    return new DetectorState(
        DetectorStates.FORMAT, spec.model(), version, WindowSpec.instant(at), next, detectors);
  }
}
