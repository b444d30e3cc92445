package io.tidemark.detectors;

import io.tidemark.event.ClassText;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.PredictionSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a model's answer to a row was wrong: the predicted class differs from the true one. The
 * predicted class is the log's own column; without one it is that of the largest score, for a
 * binary model the positive one from a score of .5 on. A binary model has two classes, the positive
 * one and all others, as where its performance is measured.
 */
final class PredictionError implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double HALF = .5;

  /** What is known of a row. */
  enum Answer {
    RIGHT,
    WRONG,
    /** There is no label, or no prediction to hold it against. */
    UNKNOWN
  }

  private final EventLabels labels;
  private final String positive;
  private final int predicted;
  private final int score;
  private final int[] scores;
  private final List<String> classes;

  private PredictionError(
      EventLabels labels,
      String positive,
      int predicted,
      int score,
      int[] scores,
      List<String> classes) {
    this.labels = labels;
    this.positive = positive;
    this.predicted = predicted;
    this.score = score;
    this.scores = scores;
    this.classes = classes;
  }

  static PredictionError of(MonitoringSpec spec) {
    EventLayout layout = EventLayout.of(spec);
    PredictionSpec prediction = spec.events().prediction();
    List<String> classes = new ArrayList<>(prediction.scores().keySet());
    int[] scores = new int[classes.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = slot(layout, "prediction.score." + classes.get(i));
    }
    return new PredictionError(
        EventLabels.firstOf(spec),
        prediction.positive(),
        slot(layout, "prediction.label"),
        slot(layout, "prediction.score"),
        scores,
        List.copyOf(classes));
  }

  private static int slot(EventLayout layout, String name) {
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.role() == Field.Role.PREDICTION && field.name().equals(name)) {
        return layout.slot(i);
      }
    }
    return -1;
  }

  Answer of(InferenceEvent event) {
    String label = labels.text(event);
    if (label == null) {
      return Answer.UNKNOWN;
    }
    if (predicted >= 0 && event.categories()[predicted] != null) {
      String own = event.categories()[predicted];
      return answer(
          positive == null
              ? ClassText.same(own, label)
              : ClassText.same(own, positive) == ClassText.same(label, positive));
    }
    if (score >= 0 && !Double.isNaN(event.numbers()[score])) {
      return answer(event.numbers()[score] >= HALF == ClassText.same(label, positive));
    }
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      double own = event.numbers()[scores[i]];
      if (!Double.isNaN(own) && (best < 0 || own > event.numbers()[scores[best]])) {
        best = i;
      }
    }
    return best < 0 ? Answer.UNKNOWN : answer(ClassText.same(classes.get(best), label));
  }

  private static Answer answer(boolean right) {
    return right ? Answer.RIGHT : Answer.WRONG;
  }

  /** When there was an outcome, microseconds since the epoch. */
  long outcomeTime(InferenceEvent event) {
    return labels.outcomeTime(event);
  }
}
