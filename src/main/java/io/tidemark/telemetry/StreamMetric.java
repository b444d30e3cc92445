package io.tidemark.telemetry;

import java.util.Locale;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * Every metric of a job that follows a topic. Names are fixed; which model a figure is of stands
 * behind them, after two underscores, for a step has the rows of all. Counters count what was done,
 * so after a failure what is read again is counted again; the tables do not have it twice. Only
 * counters and gauges, because Beam's distributions do not get from Flink to Prometheus.
 */
public enum StreamMetric {
  ROWS_IN(Kind.COUNTER, "Records read from the topic of events, usable or not."),
  ROWS_PROFILED(
      Kind.COUNTER,
      "Rows in statistics: counted when their window is first written, or when they come later."),
  ROWS_LATE(Kind.COUNTER, "Rows whose window was closed when they came; they are in late/."),
  ROWS_DEAD_LETTERED(Kind.COUNTER, "Records without a usable row; they are in dead-letters/."),
  ROWS_AHEAD(
      Kind.JOB_COUNTER,
      "Rows and labels dated more than an hour ahead of when they were sent; they wait in their"
          + " windows and move no clock."),
  OFFSETS_LOST(
      Kind.JOB_COUNTER,
      "Offsets of either topic whose records were gone before they were read, with lost=skip; a"
          + " topic that was made anew counts 1 a partition."),
  ROWS_UNCLAIMED(
      Kind.JOB_COUNTER, "Rows that no model of the job wants, by their specs' events.where."),
  ROWS_UNREADABLE(
      Kind.JOB_COUNTER,
      "Records that cannot be read far enough to tell whose they are; they are in dead-letters/."),
  ROWS_OUT_OF_RANGE(
      Kind.COUNTER,
      "Rows outside --from and --to; they are not in rows_in, and move event time and nothing"
          + " else."),
  ROWS_DUPLICATE(Kind.COUNTER, "Copies of a row that was profiled."),
  LABELS_IN(Kind.COUNTER, "Records read from the topic of labels, usable or not."),
  LABELS_DEAD_LETTERED(Kind.COUNTER, "Records without a usable label; they are in dead-letters/."),
  LABELS_JOINED(
      Kind.COUNTER,
      "Labels that a prediction has; these six are counted when all buckets have closed that may"
          + " hold it."),
  LABELS_DUPLICATE(Kind.COUNTER, "Later labels that say the same as the prediction's own."),
  LABELS_CONFLICTING(Kind.COUNTER, "Later labels that say something else."),
  LABELS_OVERRIDDEN(Kind.COUNTER, "Labels that say something else than one of a trusted source."),
  LABELS_ORPHAN(Kind.COUNTER, "Labels whose id no prediction has that waits for them."),
  LABELS_TOO_LATE(
      Kind.COUNTER, "Labels past the horizon of every prediction of their id that is still there."),
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
      Kind.JOB_GAUGE, "How far event time is behind the wall clock in what a reader reads."),
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

  /** How a metric behaves, and whether there is one of it for the job, each model or subject. */
  public enum Kind {
    JOB_COUNTER,
    JOB_GAUGE,
    COUNTER,
    GAUGE,
    SUBJECT_COUNTER,
    SUBJECT_GAUGE;

    boolean counts() {
      return this == JOB_COUNTER || this == COUNTER || this == SUBJECT_COUNTER;
    }

    /** Whether there is one a model. */
    public boolean ofModels() {
      return this != JOB_COUNTER && this != JOB_GAUGE;
    }

    public boolean ofSubjects() {
      return this == SUBJECT_COUNTER || this == SUBJECT_GAUGE;
    }
  }

  /** In front of every name. */
  public static final String NAMESPACE = "tidemark";

  /** Between a name and the model that it is of. */
  private static final String OF_MODEL = "__";

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
   * @throws IllegalStateException unless it is a counter of the whole job
   */
  public Counter counter() {
    check(Kind.JOB_COUNTER);
    return Metrics.counter(NAMESPACE, id());
  }

  /**
   * @throws IllegalStateException unless it is a gauge of the whole job
   */
  public Gauge gauge() {
    check(Kind.JOB_GAUGE);
    return Metrics.gauge(NAMESPACE, id());
  }

  /**
   * @param models that are counted from the start
   * @throws IllegalStateException unless it is a counter of models
   */
  public ModelCounter counter(Set<String> models) {
    check(Kind.COUNTER);
    return new ModelCounter(this, models);
  }

  /**
   * @throws IllegalStateException unless it is a gauge of models
   */
  public Gauge gaugeOf(String model) {
    check(Kind.GAUGE);
    return Metrics.gauge(NAMESPACE, of(model));
  }

  /** The metric's name of a model. */
  public String of(String model) {
    return id() + OF_MODEL + plain(model);
  }

  Counter counterOf(String model, String subject) {
    check(Kind.SUBJECT_COUNTER);
    return Metrics.counter(NAMESPACE, id() + "_" + subject + OF_MODEL + plain(model));
  }

  Gauge gaugeOf(String model, String subject) {
    check(Kind.SUBJECT_GAUGE);
    return Metrics.gauge(NAMESPACE, id() + "_" + subject + OF_MODEL + plain(model));
  }

  /** Letters, digits and single underscores, as names of metrics are made of. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
  }

  private void check(Kind asked) {
    if (kind != asked) {
      throw new IllegalStateException(this + " is a " + kind + ", not a " + asked);
    }
  }
}
