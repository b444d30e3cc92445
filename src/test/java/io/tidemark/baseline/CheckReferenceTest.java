package io.tidemark.baseline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.BaselineException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import org.junit.jupiter.api.Test;

class CheckReferenceTest {
  private static final String[] LABELS = {"0", "1"};

  private static MonitoringSpec spec(String more) {
    return SpecReader.read(
        "spec.yaml",
        """
        model: m
        task: binary
        events: {id: i, time: t, prediction: {score: s, positive: "1"}}
        labels: {id: i, value: y, time: k, horizon: P1D}
        features: {x: numeric}
        window: {size: P1D}
        """
            + more);
  }

  private static void check(MonitoringSpec spec, String[] labels, double... scores) {
    RowSample sample = new RowSample(EventLayout.of(spec), 10_000);
    for (int i = 0; i < 1000; i++) {
      double[] numbers = {i, scores[i % scores.length]};
      sample.add(
          new InferenceEvent("id" + i, i, "", numbers, new String[0], null, new String[0])
              .withLabel(labels[i % labels.length], i));
    }
    CheckReference.check(spec, sample);
  }

  @Test
  void scoresInPerCent() {
    assertThatThrownBy(() -> check(spec(""), LABELS, 12, 97.5, .5))
        .isInstanceOf(BaselineException.class)
        .hasMessageContaining("prediction.score: 66.7 % of the scores are outside 0 to 1, as 97.5");
    assertThatThrownBy(() -> check(spec("snapshot: {mask: [s]}"), LABELS, 97.5))
        .hasMessageContaining("outside 0 to 1.")
        .hasMessageNotContaining("97.5");
    assertThatThrownBy(() -> check(spec(""), LABELS, -3)).hasMessageContaining("as -3.0");
  }

  @Test
  void aFewScoresOutsideAreAnAccident() {
    double[] scores = new double[200];
    scores[7] = 1.5;
    scores[8] = Double.NaN;
    assertThatCode(() -> check(spec(""), LABELS, scores)).doesNotThrowAnyException();
  }

  @Test
  void joinedLabelsInOtherWords() {
    String[] labels = {"good", "bad"};
    assertThatThrownBy(() -> check(spec(""), labels, .1, .9))
        .hasMessageContaining("labelled '1'")
        .hasMessageContaining("Labels: 'bad', 'good'");
    assertThatThrownBy(() -> check(spec("snapshot: {mask: [y]}"), labels, .1, .9))
        .hasMessageContaining("labelled the events.prediction.positive of the spec")
        .hasMessageNotContaining("'1'")
        .hasMessageNotContaining("good");
    assertThatCode(() -> check(spec(""), new String[] {"true", "false"}, .1, .9))
        .doesNotThrowAnyException();
  }
}
