package io.tidemark.simulate;

import io.tidemark.spec.MonitoringSpec;
import java.util.List;

/**
 * How a task's predictions and truths follow from what a row's features amount to. Predictions are
 * right: the truth is drawn from them, so probabilities are calibrated and values are means.
 */
interface Outcomes {
  static Outcomes of(MonitoringSpec spec) {
    return switch (spec.task()) {
      case BINARY -> new BinaryOutcomes(spec.events().prediction());
      case MULTICLASS -> new MulticlassOutcomes(spec.events().prediction());
      case REGRESSION -> new RegressionOutcomes(spec.events().prediction());
    };
  }

  /** How many numbers a row's features amount to, and the model says. */
  int outputs();

  /** What truths are counted by, each with the index {@link #group} gives: classes. */
  List<String> groups();

  /** Group that a prior shift makes more frequent. */
  default int favoured() {
    return groups().size() - 1;
  }

  /** Makes a row's outputs what the model says, in place. */
  void score(double[] scores);

  /** What a conflicting copy of the row says: another score, the same class. */
  void nudge(double[] scores);

  /** Index of the true class or the true value, drawn from what the model says. */
  double truth(double[] scores, Draws draws, long row);

  /** The truth where the relation of inputs and truth is turned round. */
  double turned(double[] scores, double truth);

  int group(double truth);

  /** Whether the predicted class is the true one. */
  boolean right(double[] scores, double truth);

  /** Whether there are predicted classes that can be right. */
  default boolean classes() {
    return true;
  }

  /** Puts what the model says in its places. */
  void predict(double[] scores, LogColumns columns, Object[] values);

  /** The truth as a log shows it. */
  Object shown(double truth);
}
