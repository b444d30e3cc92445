package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Evidently's own unit tests of its statistical tests. */
class EvidentlyCasesTest {
  /** Tests that are none of METHODS'. */
  private static final Set<String> OTHERS =
      Set.of(
          "t_test(p)",
          "anderson_darling(p)",
          "mann_whitney(p)",
          "epps_singleton(p)",
          "tvd_permutation(p,1000 iters, seed 0)");

  @Test
  void equalEvidentlys() throws Exception {
    int compared = 0;
    for (JsonNode unit : Oracles.json("oracles/evidently/unit_test_cases.json")) {
      String test = unit.get("test").asText();
      if (OTHERS.contains(test)) {
        continue;
      }
      compared++;
      double value =
          unit.get("type").asText().equals("cat") ? categorical(unit, test) : numeric(unit, test);
      assertThat(value)
          .as(unit.get("case") + " " + test)
          .isCloseTo(unit.get("expected").asDouble(), within(unit.get("abs_tolerance").asDouble()));
    }
    assertThat(compared).isGreaterThan(6);
  }

  private static double categorical(JsonNode unit, String test) {
    Map<String, Long> reference = counts(unit.get("reference"));
    Map<String, Long> current = counts(unit.get("current"));
    Set<String> values = new TreeSet<>(reference.keySet());
    values.addAll(current.keySet());
    long[] p = values.stream().mapToLong(value -> reference.getOrDefault(value, 0L)).toArray();
    long[] q = values.stream().mapToLong(value -> current.getOrDefault(value, 0L)).toArray();
    return switch (test) {
      case "chisquare(p)" -> ChiSquare.goodnessOfFit(p, q).pValue();
      case "hellinger" -> Distances.hellinger(p, q);
      case "g_test(p)" -> gGoodnessOfFit(p, q);
      default -> throw new AssertionError("unknown test " + test);
    };
  }

  /** Evidently's G test has the baseline for the truth; ours is of both sides' counts. */
  private static double gGoodnessOfFit(long[] p, long[] q) {
    double n = Counts.total(p);
    double m = Counts.total(q);
    double g = 0;
    for (int i = 0; i < p.length; i++) {
      g += q[i] == 0 ? 0 : 2 * q[i] * Math.log(q[i] / (p[i] * m / n));
    }
    return ChiSquare.survival(g, p.length - 1);
  }

  private static Map<String, Long> counts(JsonNode values) {
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode value : values) {
      if (!value.isNull()) {
        counts.merge(value.asText(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private static double numeric(JsonNode unit, String test) {
    ValueBins bins = ValueBins.ofDistinct(summary(unit, "reference"), summary(unit, "current"));
    assertThat(test).isEqualTo("hellinger");
    return Distances.hellinger(bins.baseline(), bins.window());
  }

  private static NumericSummary summary(JsonNode unit, String side) {
    NumericSummary summary = new NumericSummary(new CutPoints(new double[0]), 1 << 16);
    for (JsonNode value : unit.get(side)) {
      if (value.isNull()) {
        summary.addMissing();
      } else {
        summary.add(value.asDouble());
      }
    }
    return summary;
  }
}
