package io.tidemark.simulate;

import io.tidemark.spec.PredictionSpec;
import java.util.List;

/** Each class's probability, by a softmax of outputs of its own, and the most probable class. */
record MulticlassOutcomes(PredictionSpec columns, List<String> groups) implements Outcomes {
  MulticlassOutcomes(PredictionSpec columns) {
    this(
        columns,
        columns.scores().isEmpty()
            ? List.of("a", "b", "c")
            : List.copyOf(columns.scores().keySet()));
  }

  @Override
  public int outputs() {
    return groups.size();
  }

  @Override
  public void score(double[] scores) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = StrictMath.exp(scores[i]);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  @Override
  public void nudge(double[] scores) {
    int best = predicted(scores);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = .99 * scores[i] + (i == best ? .01 : 0);
    }
  }

  private static int predicted(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  @Override
  public double truth(double[] scores, Draws draws, long row) {
    double u = draws.uniform(row, 0);
    int label = 0;
    while (label < scores.length - 1 && u >= scores[label]) {
      u -= scores[label++];
    }
    return label;
  }

  @Override
  public double turned(double[] scores, double truth) {
    return (truth + 1) % scores.length;
  }

  @Override
  public int group(double truth) {
    return (int) truth;
  }

  @Override
  public boolean right(double[] scores, double truth) {
    return predicted(scores) == truth;
  }

  @Override
  public void predict(double[] scores, LogColumns log, Object[] values) {
    for (int i = 0; i < scores.length; i++) {
      log.set(values, columns.scores().get(groups.get(i)), scores[i]);
    }
    log.set(values, columns.label(), groups.get(predicted(scores)));
  }

  @Override
  public Object shown(double truth) {
    return groups.get(group(truth));
  }
}
