package io.tidemark.simulate;

import io.tidemark.spec.PredictionSpec;
import java.util.List;

/**
 * A value about 100 with its noise. A prior shift favours the truths above 100; within either side
 * of it nothing changes.
 */
record RegressionOutcomes(PredictionSpec columns) implements Outcomes {
  private static final double MIDDLE = 100;
  private static final double SPREAD = 25;
  private static final double NOISE = 10;

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public List<String> groups() {
    return List.of("up_to_100", "above_100");
  }

  @Override
  public void score(double[] scores) {
    scores[0] = MIDDLE + SPREAD * scores[0];
  }

  @Override
  public void nudge(double[] scores) {
    scores[0] += .01 * SPREAD;
  }

  @Override
  public double truth(double[] scores, Draws draws, long row) {
    return scores[0] + NOISE * draws.bell(row, 1);
  }

  @Override
  public double turned(double[] scores, double truth) {
    return truth - 2 * (scores[0] - MIDDLE);
  }

  @Override
  public int group(double truth) {
    return truth > MIDDLE ? 1 : 0;
  }

  @Override
  public boolean right(double[] scores, double truth) {
    return false;
  }

  @Override
  public boolean classes() {
    return false;
  }

  @Override
  public void predict(double[] scores, LogColumns log, Object[] values) {
    log.set(values, columns.value(), scores[0]);
  }

  @Override
  public Object shown(double truth) {
    return truth;
  }
}
