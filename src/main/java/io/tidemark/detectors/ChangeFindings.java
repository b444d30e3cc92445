package io.tidemark.detectors;

import io.tidemark.event.Redaction;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Place;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.FindingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the detectors say of one window of labels. */
final class ChangeFindings {
  /** What is watched. */
  static final String SUBJECT = "error";

  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final String version;
  private final long windowStart;
  private final boolean complete;
  private final List<Finding> alarms = new ArrayList<>();
  private final Set<String> rang = new TreeSet<>();
  private long outcomes;

  /**
   * @param complete whether the run's bounds left the window whole
   */
  ChangeFindings(
      MonitoringSpec spec,
      Redaction redaction,
      String version,
      long windowStart,
      boolean complete) {
    this.complete = complete;
    this.spec = spec;
    this.redaction = redaction;
    this.version = version;
    this.windowStart = windowStart;
  }

  long windowStart() {
    return windowStart;
  }

  void count() {
    outcomes++;
  }

  /**
   * @param next index behind the outcome that rang
   */
  void alarm(DetectorRun watch, long next, long eventTime, String name) {
    Finding finding = begin(watch, Long.toString(next - 1));
    finding.setAt(new Place(WindowSpec.instant(eventTime), shown(name), next - 1));
    finding.setAlarm(true);
    finding.setExceeded(true);
    finding.setValue(watch.errorRate(next));
    finding.setReason(
        "the error rate has risen: "
            + percent(watch.errorRate(next))
            + " over the "
            + watch.length(next)
            + " outcomes since the last change or the start, until outcome "
            + (next - 1)
            + "; whether inputs or their relation to the truth moved it, the findings of"
            + " performance say");
    alarms.add(finding);
    rang.add(watch.method().id());
  }

  /** All of the window's findings; a detector that did not ring says where it stands. */
  List<Finding> finish(List<DetectorRun> watches, long next) {
    List<Finding> findings = new ArrayList<>(alarms);
    for (DetectorRun watch : watches) {
      if (!rang.contains(watch.method().id())) {
        Finding finding = begin(watch, "");
        finding.setAlarm(false);
        finding.setValue(watch.errorRate(next));
        finding.setReason(
            "no rise: "
                + percent(watch.errorRate(next))
                + " errors in the "
                + watch.length(next)
                + " outcomes since the last change or the start");
        findings.add(finding);
      }
    }
    findings.forEach(finding -> finding.setRevision(outcomes));
    findings.forEach(finding -> finding.setNWindow(outcomes));
    return findings;
  }

  private Finding begin(DetectorRun watch, String index) {
    Finding finding =
        FindingKey.of(
                spec,
                version,
                windowStart,
                "",
                FindingKind.concept_drift,
                SUBJECT,
                watch.method().id())
            .begin(index);
    finding.setComplete(complete);
    finding.setNBaseline(0L);
    return finding;
  }

  private String shown(String name) {
    String id = spec.events().id();
    return id == null ? name : redaction.show(id, name);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
