package io.tidemark.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.Finding;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.stats.Binning;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import io.tidemark.stats.NumericSummary;
import io.tidemark.stats.ValueBins;
import org.junit.jupiter.api.Test;

class NannyMlRuleTest {
  private static NumericSummary hundred() {
    NumericSummary summary = new NumericSummary(new CutPoints(new double[] {0, 50, 100}), 100);
    for (int i = 0; i < 100; i++) {
      summary.add(i);
    }
    return summary;
  }

  /** Such bins do not serve the baseline's windows, which would give the threshold. */
  @Test
  void figuresOverBinsOfOneWindowAreReportedOnly() {
    Field field = new Field("x", "x", FieldType.NUMERIC, Field.Role.FEATURE);
    Binning binning = Binning.of("quantile(10)").orElseThrow();
    BinnedCounts cells =
        BinnedCounts.numeric(field, ValueBins.of(binning, hundred(), hundred()), null);
    PendingFinding draft = new PendingFinding(new Finding(), 0);
    new NannyMlRule(new FieldRules())
        .judge(
            new FieldComparison(draft, "", field, Method.HELLINGER, null, null, cells),
            new MethodValue(.5, Double.NaN, 0, 0));
    assertThat(draft.finding.getAlarm()).isFalse();
    assertThat(draft.finding.getReason()).startsWith("reported only: ");
  }
}
