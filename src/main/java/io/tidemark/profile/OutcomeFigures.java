package io.tidemark.profile;

import io.tidemark.spec.Task;
import io.tidemark.stats.performance.BinaryMetrics;
import io.tidemark.stats.performance.ClassMetrics;
import io.tidemark.stats.performance.Confusion;
import io.tidemark.stats.performance.Measured;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.RegressionMetrics;
import io.tidemark.stats.performance.Reliability;
import io.tidemark.stats.performance.ScoredRows;
import java.util.List;

/** The metrics of a window's outcomes; what several of them need is read once. */
public final class OutcomeFigures {
  private static final Measured NONE = new Measured(Double.NaN, 0);

  private final SegmentOutcomes outcomes;
  private Confusion confusion;
  private ScoredRows scores;
  private Confusion expectedConfusion;
  private ScoredRows expectedScores;

  public OutcomeFigures(SegmentOutcomes outcomes) {
    this.outcomes = outcomes;
  }

  /** What a task's models are measured by. */
  public static List<Metric> metrics(Task task) {
    return switch (task) {
      case BINARY -> Metric.BINARY;
      case MULTICLASS -> Metric.MULTICLASS;
      case REGRESSION -> Metric.REGRESSION;
    };
  }

  /** Whether a metric can be estimated without labels. */
  public static boolean estimates(Task task, Metric metric) {
    return switch (task) {
      case BINARY -> metric.estimatesBinary();
      case MULTICLASS -> metric.estimatesClasses();
      case REGRESSION -> false;
    };
  }

  /** Of the labelled rows; NaN without any. */
  public Measured realised(Metric metric) {
    if (outcomes.labelled() == 0) {
      return NONE;
    }
    return switch (outcomes.task()) {
      case BINARY -> {
        if (confusion == null) {
          confusion = outcomes.binary().confusion();
          scores = outcomes.binary().byScore();
        }
        yield scores.rows() == 0 && metric.needsScores()
            ? NONE
            : BinaryMetrics.of(metric, confusion, scores);
      }
      case MULTICLASS -> ClassMetrics.of(metric, outcomes.classes());
      case REGRESSION -> RegressionMetrics.of(metric, outcomes.numbers());
    };
  }

  /** Labelled rows that a metric leaves out though others have them. */
  public long leftOut(Metric metric) {
    return outcomes.task() == Task.REGRESSION ? metric.leftOut(outcomes.numbers()) : 0;
  }

  /** The share of all rows that estimates are of. */
  public double scored() {
    return 1 - (double) outcomes.unscored() / outcomes.rows();
  }

  /** The share of the labelled rows that a metric is of; 1 without any. */
  public double measured(Metric metric) {
    long labelled = outcomes.labelled();
    if (labelled == 0 || (outcomes.task() != Task.REGRESSION && !metric.needsScores())) {
      return 1;
    }
    double rows =
        switch (outcomes.task()) {
          case BINARY -> outcomes.binary().byScore().rows();
          case MULTICLASS -> outcomes.classes().losses().count();
          case REGRESSION -> labelled - leftOut(metric);
        };
    return rows / labelled;
  }

  /** To be expected of all rows; NaN where there is no estimate. */
  public Measured estimated(Metric metric) {
    if (!estimates(outcomes.task(), metric)) {
      return NONE;
    }
    if (outcomes.expected() != null && outcomes.expected().rows() > 0) {
      if (expectedConfusion == null) {
        expectedConfusion = outcomes.expected().confusion();
        expectedScores = outcomes.expected().byScore();
      }
      return BinaryMetrics.of(metric, expectedConfusion, expectedScores);
    }
    return outcomes.expectedClasses() != null && outcomes.expectedClasses().rows() > 0
        ? ClassMetrics.of(metric, outcomes.expectedClasses())
        : NONE;
  }

  /** The bins of the calibration error; null where there is none. */
  public Reliability reliability() {
    return switch (outcomes.task()) {
      case BINARY -> Reliability.of(outcomes.binary().byScore());
      case MULTICLASS -> Reliability.of(outcomes.classes().byLargestScore());
      case REGRESSION -> null;
    };
  }
}
