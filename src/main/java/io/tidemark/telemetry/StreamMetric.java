package io.tidemark.telemetry;

import java.util.Locale;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * Every metric of a job that follows a topic. Names are fixed: which model a figure is of, the
 * operator says, whose name begins with the model's. Counters count what was done, so after a
 * failure what is read again is counted again; the tables do not have it twice. Only counters and
 * gauges, because Beam's distributions do not get from Flink to Prometheus.
 */
public enum StreamMetric {
  ROWS_IN(Kind.COUNTER, "Records read from the topic of events, usable or not."),
  ROWS_PROFILED(
      Kind.COUNTER,
      "Rows in statistics: counted when their window is first written, or when they come later."),
  ROWS_LATE(Kind.COUNTER, "Rows whose window was closed when they came; they are in late/."),
  ROWS_DEAD_LETTERED(Kind.COUNTER, "Records without a usable row; they are in dead-letters/."),
  ROWS_AHEAD(
      Kind.COUNTER,
      "Rows and labels dated more than an hour ahead of when they were sent; they wait in their"
          + " windows and move no clock."),
  OFFSETS_LOST(
      Kind.COUNTER,
      "Offsets of either topic whose records were gone before they were read, with lost=skip; a"
          + " topic that was made anew counts 1 a partition."),
  ROWS_DUPLICATE(Kind.COUNTER, "Copies of a row that was profiled."),
  LABELS_IN(Kind.COUNTER, "Records read from the topic of labels, usable or not."),
  LABELS_DEAD_LETTERED(Kind.COUNTER, "Records without a usable label; they are in dead-letters/."),
  PREDICTIONS_WAITING(
      Kind.GAUGE, "Predictions that wait for their label, when they were last looked at."),
  PREDICTIONS_LABELLED(Kind.COUNTER, "Predictions that had a label when their horizon passed."),
  PREDICTIONS_UNLABELLED(Kind.COUNTER, "Predictions that had none by then."),
  OUTCOMES_SHOWN(Kind.COUNTER, "Labelled outcomes that detectors have seen."),
  OUTCOMES_LATE(
      Kind.COUNTER, "Labelled outcomes whose turn had passed: no detector has seen them."),
  PERFORMANCE_REVISIONS(Kind.COUNTER, "Windows measured and written, as labels come."),
  SNAPSHOTS_PREPARED(Kind.COUNTER, "Snapshots chosen and put in place, not visible yet."),
  SNAPSHOTS_PUBLISHED(Kind.COUNTER, "Snapshots made visible."),
  SNAPSHOTS_REFUSED(
      Kind.COUNTER,
      "Periods whose snapshot stays as it is, because the job has seen less of them than is in it;"
          + " the TaskManager's log says which."),
  WATERMARK_LAG_SECONDS(
      Kind.GAUGE, "How far event time is behind the wall clock in what a reader reads."),
  WINDOW_REVISIONS(Kind.COUNTER, "Windows judged and written, corrections included."),
  LAST_WINDOW_SECONDS(
      Kind.GAUGE,
      "End of the latest window that was judged, in seconds since the epoch; the gauges of"
          + " subjects are of it."),
  ALARMS(Kind.COUNTER, "Findings that rang, in all segments; those of a correction count anew."),
  SUBJECT_ALARMS(Kind.SUBJECT_COUNTER, "Of these, the ones of a subject."),
  ALERTS_SENT(Kind.COUNTER, "Alarms that a receiver of alerts has taken."),
  ALERT_TRIES_FAILED(Kind.COUNTER, "Tries to send one that it did not take; they are made again."),
  DRIFT_VALUE(
      Kind.SUBJECT_GAUGE,
      "Distance of a subject from the baseline in the latest window, all segments together, in"
          + " millionths: by the spec's own method, as the finding says."),
  DRIFT_THRESHOLD(
      Kind.SUBJECT_GAUGE, "What that distance was held against, in millionths; 0: it had none.");

  /** How a metric behaves, and whether there is one of it for each subject. */
  public enum Kind {
    COUNTER,
    GAUGE,
    SUBJECT_COUNTER,
    SUBJECT_GAUGE;

    boolean counts() {
      return this == COUNTER || this == SUBJECT_COUNTER;
    }

    public boolean ofSubjects() {
      return this == SUBJECT_COUNTER || this == SUBJECT_GAUGE;
    }
  }

  /** In front of every name. */
  public static final String NAMESPACE = "tidemark";

  private final Kind kind;
  private final String help;

  StreamMetric(Kind kind, String help) {
    this.kind = kind;
    this.help = help;
  }

  /** Without the namespace; of a subject, what stands in front of the subject. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Kind kind() {
    return kind;
  }

  /** One sentence that says what is counted or measured, and in which unit. */
  public String help() {
    return help;
  }

  /**
   * @throws IllegalStateException unless it is a counter of the whole model
   */
  public Counter counter() {
    check(Kind.COUNTER);
    return Metrics.counter(NAMESPACE, id());
  }

  /**
   * @throws IllegalStateException unless it is a gauge of the whole model
   */
  public Gauge gauge() {
    check(Kind.GAUGE);
    return Metrics.gauge(NAMESPACE, id());
  }

  Counter counterOf(String subject) {
    check(Kind.SUBJECT_COUNTER);
    return Metrics.counter(NAMESPACE, id() + "_" + subject);
  }

  Gauge gaugeOf(String subject) {
    check(Kind.SUBJECT_GAUGE);
    return Metrics.gauge(NAMESPACE, id() + "_" + subject);
  }

  private void check(Kind asked) {
    if (kind != asked) {
      throw new IllegalStateException(this + " is a " + kind + ", not a " + asked);
    }
  }
}
