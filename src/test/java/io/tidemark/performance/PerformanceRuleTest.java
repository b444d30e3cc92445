package io.tidemark.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.performance.PerformanceSimulation.Trouble;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preset {@code tidemark} on simulated windows of 1000 rows, 20 seeds. */
class PerformanceRuleTest {
  private static final int SEEDS = 20;
  private static final int WINDOWS = 100;

  /** Of labels turned round so that accuracy falls from .85 by five points. */
  private static final Trouble FIVE_POINTS = new Trouble(0, .05 / .7, 0);

  @TempDir Path folder;

  @Test
  void hardlyEverRingsWhereNothingIsWrongAndSoonWhereTheRelationChanged() throws Exception {
    int alarms = 0;
    int found = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      PerformanceSimulation simulation = new PerformanceSimulation(folder, seed, 1000, 20, 0);
      for (int i = 0; i < WINDOWS; i++) {
        alarms += PerformanceSimulation.rings(simulation.next(Trouble.NONE)) ? 1 : 0;
      }
      boolean first = PerformanceSimulation.rings(simulation.next(FIVE_POINTS));
      boolean second = PerformanceSimulation.rings(simulation.next(FIVE_POINTS));
      found += first || second ? 1 : 0;
    }
    assertThat((double) alarms / (SEEDS * WINDOWS)).isLessThanOrEqualTo(.02);
    assertThat(found).isGreaterThanOrEqualTo(19);
  }

  /** Estimates know the scores alone; the partition of the inputs knows better. */
  @Test
  void inputsThatMoveToWhereTheModelWasBadAreNoConceptDrift() throws Exception {
    PerformanceSimulation simulation = new PerformanceSimulation(folder, 7, 2000, 20, 0, true);
    for (int i = 0; i < 5; i++) {
      List<Finding> moved = simulation.next(new Trouble(0, 0, 0, 1));
      assertThat(moved)
          .filteredOn(Finding::getAlarm)
          .isNotEmpty()
          .allMatch(finding -> finding.getKind() == FindingKind.performance)
          .allMatch(finding -> finding.getReason().endsWith("(data drift)"));
      assertThat(moved)
          .filteredOn(finding -> finding.getMethod().equals("realized_vs_estimated"))
          .anyMatch(finding -> finding.getReason().startsWith("no concept drift: mean error"));
    }
    assertThat(simulation.next(new Trouble(0, .15, 0)))
        .filteredOn(finding -> finding.getKind() == FindingKind.concept_drift)
        .anyMatch(Finding::getAlarm);
    assertThat(simulation.next(new Trouble(0, .15, 0, 1)))
        .filteredOn(finding -> finding.getMethod().equals("realized_vs_estimated"))
        .anyMatch(Finding::getAlarm);
  }
}
