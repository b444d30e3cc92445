package io.tidemark.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.DetectorMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What rings is a change for the worse; one for the better only lets the detector begin anew. */
class DetectorRunTest {
  private static final int EACH = 3000;

  /** Outcomes that ring, of a rate of errors that is so many in ten, one rate after the other. */
  private static List<Integer> rings(DetectorRun watch, int... tenths) {
    List<Integer> rang = new ArrayList<>();
    int next = 0;
    for (int rate : tenths) {
      for (int i = 0; i < EACH; i++) {
        next++;
        if (watch.rings((i * 7) % 10 < rate, next)) {
          rang.add(next);
          watch.restart(next);
        }
      }
    }
    return rang;
  }

  @ParameterizedTest
  @EnumSource(names = {"ADWIN", "PAGE_HINKLEY", "DDM", "HDDM_A", "HDDM_W"})
  void fewerErrorsDoNotRing(DetectorMethod method) {
    assertThat(rings(new DetectorRun(method), 5, 1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ADWIN", "PAGE_HINKLEY", "DDM", "HDDM_A", "HDDM_W"})
  void moreErrorsDo(DetectorMethod method) {
    assertThat(rings(new DetectorRun(method), 1, 5)).isNotEmpty().allMatch(index -> index > EACH);
  }

  @ParameterizedTest
  @EnumSource(names = {"ADWIN", "PAGE_HINKLEY"})
  void beginsAnewBehindFewerErrors(DetectorMethod method) {
    DetectorRun watch = new DetectorRun(method);
    assertThat(rings(watch, 5, 1)).isEmpty();
    assertThat(watch.length(2 * EACH)).isLessThan(EACH);
    assertThat(watch.errorRate(2 * EACH)).isLessThan(.2);
  }
}
