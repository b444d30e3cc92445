package io.tidemark.telemetry;

import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;

/**
 * The metrics of the subjects that a model's spec declares. Their number is bounded: subjects past
 * {@link #MOST_SUBJECTS} have none, and what data brings never makes a name.
 */
public final class SubjectMetrics implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of one model: each has three series on the metrics endpoint of each process. */
  public static final int MOST_SUBJECTS = 200;

  private static final double MILLION = 1e6;

  private final LinkedHashMap<String, Subject> subjects = new LinkedHashMap<>();

  private record Subject(Counter alarms, Gauge value, Gauge threshold) implements Serializable {}

  private SubjectMetrics() {}

  /**
   * @param model whose they are
   * @param subjects in the order of the spec; the first ones have metrics
   */
  public static SubjectMetrics of(String model, List<String> subjects) {
    SubjectMetrics metrics = new SubjectMetrics();
    names(subjects)
        .forEach(
            (subject, name) ->
                metrics.subjects.put(
                    subject,
                    new Subject(
                        StreamMetric.SUBJECT_ALARMS.counterOf(model, name),
                        StreamMetric.DRIFT_VALUE.gaugeOf(model, name),
                        StreamMetric.DRIFT_THRESHOLD.gaugeOf(model, name))));
    return metrics;
  }

  /**
   * How metrics call subjects: letters, digits and single underscores. Of subjects that would have
   * the same name the later ones get a number.
   */
  static Map<String, String> names(List<String> subjects) {
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> used = new HashSet<>();
    for (String subject : subjects) {
      if (names.size() == MOST_SUBJECTS) {
        break;
      }
      if (names.containsKey(subject)) {
        continue;
      }
      String plain = StreamMetric.plain(subject);
      plain = plain.isEmpty() ? "subject" : plain;
      String name = plain;
      for (int number = 2; !used.add(name); number++) {
        name = plain + "_" + number;
      }
      names.put(subject, name);
    }
    return Collections.unmodifiableMap(names);
  }

  /** The subjects that have metrics. */
  public Collection<String> subjects() {
    return Collections.unmodifiableSet(subjects.keySet());
  }

  /** Makes each subject's alarms known, so that the first one is seen as a rise from 0. */
  public void begin() {
    subjects.values().forEach(subject -> subject.alarms().inc(0));
  }

  /** Counts an alarm, unless the subject has no metrics. */
  public void alarm(String subject) {
    Subject known = subjects.get(subject);
    if (known != null) {
      known.alarms().inc();
    }
  }

  /**
   * Tells a subject's distance, unless the subject has no metrics.
   *
   * @param threshold null: there is none
   */
  public void drift(String subject, double value, Double threshold) {
    Subject known = subjects.get(subject);
    if (known != null) {
      known.value().set(Math.round(value * MILLION));
      known.threshold().set(threshold == null ? 0 : Math.round(threshold * MILLION));
    }
  }
}
