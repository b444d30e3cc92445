package io.tidemark.baseline;

import io.tidemark.event.ClassWords;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.profile.BaselineException;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What makes a reference no measure of anything: scores that are no probabilities, and classes that
 * predictions, labels and spec call by different words.
 */
public final class CheckReference {
  /** A larger share of scores outside 0 to 1 is no accident. */
  private static final double MOST_OUTSIDE = .01;

  private CheckReference() {}

  /**
   * @throws BaselineException saying all that is wrong, and what to do
   */
  public static void check(MonitoringSpec spec, RowSample sample) {
    List<String> problems = new ArrayList<>();
    Redaction redaction = Redaction.of(spec, null);
    EventLayout layout = sample.layout();
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.name().startsWith("prediction.score")) {
        String outside = outside(field, layout.slot(i), sample, redaction);
        if (outside != null) {
          problems.add(outside);
        }
      }
    }
    String words = spec.task() == Task.REGRESSION ? null : words(spec, sample, redaction);
    if (words != null) {
      problems.add(words);
    }
    if (!problems.isEmpty()) {
      throw new BaselineException("the reference cannot be used: " + String.join("; ", problems));
    }
  }

  private static String outside(Field field, int slot, RowSample sample, Redaction redaction) {
    long there = 0;
    long outside = 0;
    double example = 0;
    for (InferenceEvent event : sample.events()) {
      double score = event.numbers()[slot];
      there += Double.isNaN(score) ? 0 : 1;
      if (score < 0 || score > 1) {
        outside++;
        example = Math.abs(score) > Math.abs(example) ? score : example;
      }
    }
    if (!(outside > MOST_OUTSIDE * there)) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of the scores are outside 0 to 1%s. A score is the probability of its class:"
            + " give it as one (per cent over 100), or name another column",
        field.name(),
        100.0 * outside / there,
        redaction.hides(field) ? "" : ", as " + example);
  }

  private static String words(MonitoringSpec spec, RowSample sample, Redaction redaction) {
    EventLabels labels = EventLabels.of(spec);
    EventLayout layout = sample.layout();
    int predicted = layout.indexOf("prediction.label");
    Set<String> said = new TreeSet<>();
    Set<String> came = new TreeSet<>();
    for (InferenceEvent event : sample.events()) {
      String own = predicted < 0 ? null : event.categories()[layout.slot(predicted)];
      String truth = labels.text(event);
      if (own != null) {
        said.add(own);
      }
      if (truth != null) {
        came.add(truth);
      }
    }
    boolean hidden =
        predicted >= 0 && redaction.hides(layout.fields().get(predicted))
            || redaction.hides("label");
    return ClassWords.problem(spec, said, came, !hidden);
  }
}
