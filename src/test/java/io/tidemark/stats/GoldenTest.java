package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Iterator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One value for every definition, computed independently from each project's formula, on two
 * streams of a linear congruential generator: s = (1103515245·s + 12345) mod 2³¹, u = s/2³¹, z = u₁
 * + u₂ + u₃ + u₄ − 2.
 */
class GoldenTest {
  private static final Offset<Double> CLOSE = within(1e-9);
  private static final CutPoints NO_CUTS = new CutPoints(new double[0]);
  private static final int CAPACITY = 1 << 16;

  private JsonNode golden;
  private NumericSummary reference;
  private NumericSummary current;
  private long[] categoriesOfReference;
  private long[] categoriesOfCurrent;

  @BeforeEach
  void draw() throws Exception {
    golden = Oracles.json("oracles/golden.json");
    reference = summary(42, 1200, 0, 1);
    current = summary(7, 800, .3, 1.1);
    assertThat(reference.moments().sum()).isCloseTo(golden.at("/inputs/ref_sum").asDouble(), CLOSE);
    assertThat(current.moments().sum()).isCloseTo(golden.at("/inputs/cur_sum").asDouble(), CLOSE);
    categoriesOfReference = counts(golden.at("/inputs/cr_counts"));
    categoriesOfCurrent = counts(golden.at("/inputs/cc_counts"));
  }

  private static NumericSummary summary(long seed, int count, double shift, double scale) {
    NumericSummary summary = new NumericSummary(NO_CUTS, CAPACITY);
    long state = seed;
    for (int i = 0; i < count; i++) {
      double z = -2;
      for (int j = 0; j < 4; j++) {
        state = (1103515245L * state + 12345) % (1L << 31);
        z += state / (double) (1L << 31);
      }
      summary.add(scale * z + shift);
    }
    return summary;
  }

  private static long[] counts(JsonNode node) {
    long[] counts = new long[node.size()];
    int i = 0;
    for (Iterator<JsonNode> values = node.elements(); values.hasNext(); ) {
      counts[i++] = values.next().asLong();
    }
    return counts;
  }

  private void is(String path, double value) {
    assertThat(golden.at(path).isNumber()).as(path).isTrue();
    assertThat(value).as(path).isCloseTo(golden.at(path).asDouble(), CLOSE);
  }

  @Test
  void evidently() {
    ValueBins bins = ValueBins.of(Binning.EVIDENTLY, reference, current);
    long[] p = bins.baseline();
    long[] q = bins.window();
    assertThat(p).hasSize(golden.at("/evidently/sturges_bins").asInt());
    for (int i = 0; i < p.length; i++) {
      is("/evidently/ref_pct/" + i, p[i] / 1200.0);
      is("/evidently/cur_pct/" + i, q[i] / 800.0);
    }
    is("/evidently/psi", Distances.psi(p, q));
    is("/evidently/js_distance_ln", Distances.jensenShannonLn(p, q));
    ValueBins distinct = ValueBins.ofDistinct(reference, current);
    is("/evidently/hellinger_num", Distances.hellinger(distinct.baseline(), distinct.window()));
    double distance = Wasserstein.of(reference.values(), current.values()).value();
    double deviation = Math.sqrt(reference.moments().populationVariance());
    is("/evidently/wasserstein_normed", Wasserstein.normed(distance, deviation));
    double d = KolmogorovSmirnov.of(reference.values(), current.values()).value();
    is("/evidently/ks_D", d);
    is("/evidently/ks_p", KolmogorovSmirnov.pValue(d, 1200, 800));
    is("/evidently/cat_psi", Distances.psi(categoriesOfReference, categoriesOfCurrent));
    is(
        "/evidently/cat_js_distance_ln",
        Distances.jensenShannonLn(categoriesOfReference, categoriesOfCurrent));
    is(
        "/evidently/cat_tvd_stat",
        Distances.totalVariation(categoriesOfReference, categoriesOfCurrent));
    is("/evidently/cat_hellinger", Distances.hellinger(categoriesOfReference, categoriesOfCurrent));
    ChiSquare.Result test = ChiSquare.goodnessOfFit(categoriesOfReference, categoriesOfCurrent);
    assertThat(test.statistic()).isInfinite();
    assertThat(test.pValue()).isZero();
  }

  @Test
  void nannyMl() {
    SortedCounts.Points p = reference.values().points();
    Grid doane = Grids.doane(p.values());
    assertThat(doane.bins()).isEqualTo(golden.at("/nannyml/doane_bins").asInt());
    long[] a = doane.counts(p.values(), p.counts());
    SortedCounts.Points w = current.values().points();
    long[] b = doane.counts(w.values(), w.counts());
    is("/nannyml/leftover", (b[0] + b[b.length - 1]) / 800.0);
    // NannyML has one bin for what lies outside on either side.
    b[0] += b[b.length - 1];
    b[b.length - 1] = 0;
    is("/nannyml/js_distance_log2", Distances.jensenShannon(a, b));
    is("/nannyml/hellinger", Distances.hellinger(a, b));
    is("/nannyml/ks_D_exact", KolmogorovSmirnov.of(reference.values(), current.values()).value());
    is("/nannyml/wasserstein_exact", Wasserstein.of(reference.values(), current.values()).value());
    Grid fine = Grids.equalWidth(reference.moments().min(), reference.moments().max(), 10_000);
    is(
        "/nannyml/ks_D_estimated_10000bins",
        KolmogorovSmirnov.fromBins(
            fine.counts(p.values(), p.counts()), fine.counts(w.values(), w.counts())));
    is("/nannyml/cat_l_infinity", Distances.lInfinity(categoriesOfReference, categoriesOfCurrent));
    ChiSquare.Result test = ChiSquare.nannyml(categoriesOfReference, categoriesOfCurrent);
    is("/nannyml/cat_chi2", test.statistic());
    is("/nannyml/cat_chi2_p", test.pValue());
    is(
        "/nannyml/cat_js_distance_log2",
        Distances.jensenShannon(categoriesOfReference, categoriesOfCurrent));
  }

  @Test
  void tfdv() {
    ValueBins.Aligned masses = ValueBins.aligned(10, reference, current);
    is(
        "/tfdv/js_divergence_log2_exact_hist",
        Distances.jensenShannonDivergence(masses.baseline(), masses.window()));
    is("/tfdv/cat_l_infinity", Distances.lInfinity(categoriesOfReference, categoriesOfCurrent));
    is(
        "/tfdv/cat_js_divergence_log2",
        Distances.jensenShannonDivergence(categoriesOfReference, categoriesOfCurrent));
  }

  @Test
  void tfdvCountsMissingValuesAsMismatch() {
    NumericSummary complete = summary(42, 1200, 0, 1);
    NumericSummary holes = summary(42, 1200, 0, 1);
    holes.addMissing(400);
    ValueBins.Aligned same = ValueBins.aligned(10, complete, summary(42, 1200, 0, 1));
    assertThat(Distances.jensenShannonDivergence(same.baseline(), same.window())).isZero();
    ValueBins.Aligned masses = ValueBins.aligned(10, complete, holes);
    assertThat(Arrays.stream(masses.window()).sum()).isEqualTo(1600);
    assertThat(Distances.jensenShannonDivergence(masses.baseline(), masses.window()))
        .isGreaterThan(.1);
  }

  @Test
  void sageMakerAndDeequ() {
    double d = KolmogorovSmirnov.of(reference.values(), current.values()).value();
    is("/deequ_sagemaker/linf_simple_num", d);
    is("/deequ_sagemaker/linf_robust_num", Distances.lInfinityRobust(d, 1200, 800));
    is(
        "/deequ_sagemaker/linf_robust_cat",
        Distances.lInfinityRobust(
            Distances.lInfinity(categoriesOfReference, categoriesOfCurrent), 1200, 800));
  }

  @Test
  void soda() {
    ValueBins bins = ValueBins.of(Binning.SODA, reference, current);
    is("/soda/psi", Distances.psiSoda(bins.baseline(), bins.window()));
  }

  @Test
  void whylogs() {
    double d = KolmogorovSmirnov.of(reference.values(), current.values()).value();
    is("/whylogs/ks_p_kstwo_on_exact_D", KolmogorovSmirnov.asymptoticPValue(d, 1200, 800));
  }
}
