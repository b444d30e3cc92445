package io.tidemark.simulate;

import io.tidemark.spec.PredictionSpec;
import java.util.List;

/** The positive class's probability, and the class that is more probable. */
record BinaryOutcomes(PredictionSpec columns, List<String> groups) implements Outcomes {
  BinaryOutcomes(PredictionSpec columns) {
    this(columns, List.of(negative(columns.positive()), columns.positive()));
  }

  private static String negative(String positive) {
    return switch (positive) {
      case "1" -> "0";
      case "true" -> "false";
      default -> "not_" + positive;
    };
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public void score(double[] scores) {
    scores[0] = 1 / (1 + StrictMath.exp(-scores[0]));
  }

  @Override
  public void nudge(double[] scores) {
    scores[0] = .99 * scores[0] + .01 * predicted(scores);
  }

  private static int predicted(double[] scores) {
    return scores[0] >= .5 ? 1 : 0;
  }

  @Override
  public double truth(double[] scores, Draws draws, long row) {
    return draws.uniform(row, 0) < scores[0] ? 1 : 0;
  }

  @Override
  public double turned(double[] scores, double truth) {
    return 1 - truth;
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
    log.set(values, columns.score(), scores[0]);
    log.set(values, columns.label(), groups.get(predicted(scores)));
  }

  @Override
  public Object shown(double truth) {
    return groups.get(group(truth));
  }
}
