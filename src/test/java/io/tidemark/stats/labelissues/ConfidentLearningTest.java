package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.Golden;
import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.labelissues.LabelledRows.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfidentLearningTest {
  private static final MergeLaws<SelfConfidence, Row> SELF =
      new MergeLaws<>(
          () -> new SelfConfidence(3),
          (state, row) -> state.add(row.given(), row.scores()),
          SelfConfidence::merge,
          SelfConfidence::write,
          in -> SelfConfidence.read(3, in));

  private static MergeLaws<ConfidentCounts, Row> counts(ConfidentThresholds thresholds) {
    return new MergeLaws<>(
        () -> new ConfidentCounts(thresholds),
        (state, row) -> state.add(row.given(), row.scores()),
        ConfidentCounts::merge,
        ConfidentCounts::write,
        in -> ConfidentCounts.read(thresholds, in));
  }

  private static MergeLaws<SmallestMargins, Row> margins(IssueRule rule) {
    return new MergeLaws<>(
        () -> new SmallestMargins(rule),
        (state, row) -> state.add(row.given(), row.scores(), row.name()),
        SmallestMargins::merge,
        SmallestMargins::write,
        in -> SmallestMargins.read(rule, in));
  }

  /** Rows of few different scores, so that there are ties; some can't be used. */
  private static LabelledRows drawn(int rows, long seed) {
    Random random = new Random(seed);
    LabelledRows drawn = new LabelledRows(3);
    for (int i = 0; i < rows; i++) {
      double[] scores = {random.nextInt(5) / 4.0, random.nextInt(5) / 4.0, random.nextInt(5) / 4.0};
      if (random.nextInt(10) == 0) {
        scores[random.nextInt(3)] = Double.NaN;
      }
      drawn.add(random.nextInt(4) - 1, scores);
    }
    return drawn;
  }

  @Property(tries = 60)
  void statesAreOrderFree(
      @ForAll @IntRange(max = 60) int rows, @ForAll LabelFilter filter, @ForAll long seed) {
    LabelledRows drawn = drawn(rows, seed);
    SELF.hold(drawn.rows(), seed);
    counts(drawn.selfConfidence().thresholds()).hold(drawn.rows(), seed);
    margins(drawn.rule(filter)).hold(drawn.rows(), seed);
    margins(IssueRule.of(filter, drawn.counts(), 1, 4)).hold(drawn.rows(), seed);
  }

  @Property(tries = 60)
  void everyRowIsAccountedFor(@ForAll @IntRange(max = 60) int rows, @ForAll long seed) {
    SelfConfidence state = drawn(rows, seed).selfConfidence();
    assertThat(state.rows() + state.unknown() + state.unscored()).isEqualTo(rows);
    long[] labels = drawn(rows, seed).counts().labels();
    assertThat(labels[0] + labels[1] + labels[2]).isEqualTo(state.rows());
  }

  /** Four rows a label, of which one each is confidently the other's. */
  private static LabelledRows eight() {
    return new LabelledRows(2)
        .add(0, .9, .1)
        .add(0, .8, .2)
        .add(0, .7, .3)
        .add(0, .1, .9)
        .add(1, .1, .9)
        .add(1, .2, .8)
        .add(1, .3, .7)
        .add(1, .95, .05);
  }

  @Test
  void byHand() {
    LabelledRows rows = eight();
    ConfidentThresholds thresholds = rows.selfConfidence().thresholds();
    assertThat(thresholds.value(0)).isEqualTo(.625); // (.9 + .8 + .7 + .1) / 4
    assertThat(thresholds.value(1)).isCloseTo(.6125, within(1e-15));
    ConfidentCounts counts = rows.counts();
    assertThat(counts.count(0, 0)).isEqualTo(3);
    assertThat(counts.count(0, 1)).isEqualTo(1);
    assertThat(counts.count(1, 0)).isEqualTo(1);
    assertThat(counts.confidentOfOther()).isEqualTo(2);
    assertThat(counts.labels()).containsExactly(4, 4);
    assertThat(ConfidentJoint.of(counts).mislabelled()).isEqualTo(2);
    assertThat(rows.rule(LabelFilter.BOTH).ordersRows()).isTrue();
    assertThat(rows.rule(LabelFilter.CONFIDENT_LEARNING).ordersRows()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void everyFilterFindsThem(LabelFilter filter) {
    assertThat(eight().issues(filter)).containsExactly("r00003", "r00007");
  }

  @Test
  void scores() {
    double[] scores = {.7, .2, .1};
    assertThat(LabelQuality.SELF_CONFIDENCE.of(1, scores)).isEqualTo(.2);
    assertThat(LabelQuality.NORMALIZED_MARGIN.of(1, scores)).isCloseTo(.25, within(1e-15));
    // Entropy .801819 nats of ln 3, .729847; over .2 it is 3.649234; ln 4.649234 = 1.536703.
    assertThat(LabelQuality.CONFIDENCE_WEIGHTED_ENTROPY.of(1, scores))
        .isCloseTo(.421103, within(1e-6));
    assertThat(LabelQuality.CONFIDENCE_WEIGHTED_ENTROPY.of(0, new double[] {1, 0})).isZero();
  }

  @Test
  void aClassThatNobodyHasIsNeverConfident() {
    LabelledRows rows = new LabelledRows(3);
    for (int i = 0; i < 5; i++) {
      rows.add(0, .9, .1, 0).add(1, .1, .9, 0);
    }
    rows.add(0, 0, 0, 1).add(1, 0, .1, .9);
    ConfidentThresholds thresholds = rows.selfConfidence().thresholds();
    assertThat(thresholds.value(2)).isEqualTo(2);
    assertThat(thresholds.confident(new double[] {0, 0, 1})).isEqualTo(-1);
    ConfidentJoint joint = ConfidentJoint.of(rows.counts());
    assertThat(joint.count(2, 2)).isZero();
    assertThat(joint.count(0, 0)).isEqualTo(6);
    assertThat(rows.issues(LabelFilter.CONFIDENT_LEARNING)).isEmpty();
    assertThat(rows.issues(LabelFilter.PREDICTED_NEQ_GIVEN)).containsExactly("r00010", "r00011");
  }

  @ParameterizedTest
  @EnumSource
  void oneClassOnlyHasNoIssues(LabelFilter filter) {
    LabelledRows alone = new LabelledRows(1).add(0, 1).add(0, .5);
    assertThat(alone.issues(filter)).isEmpty();
    LabelledRows oneOfTwo = new LabelledRows(2).add(0, .9, .1).add(0, .8, .2).add(0, .6, .4);
    assertThat(oneOfTwo.issues(filter)).isEmpty();
    assertThat(new LabelledRows(2).issues(filter)).isEmpty();
  }

  /**
   * A class of which the model says nothing: its threshold is not 0, which all rows would reach.
   */
  @Test
  void thresholdsAreNotZero() {
    LabelledRows rows = new LabelledRows(2).add(0, 0, 1).add(1, 0, 1);
    assertThat(rows.selfConfidence().thresholds().value(0)).isEqualTo(2e-6);
    assertThat(rows.counts().count(1, 1)).isEqualTo(1);
    assertThat(rows.counts().count(1, 0)).isZero();
  }

  @Test
  void severalConfidentClassesGoToTheLargestOfAll() {
    ConfidentThresholds thresholds = ConfidentThresholds.of(.2, .3, .9);
    assertThat(thresholds.confident(new double[] {.2 - 5e-7, .1, .1})).isZero();
    assertThat(thresholds.confident(new double[] {.2 - 5e-6, .1, .1})).isEqualTo(-1);
    assertThat(thresholds.confident(new double[] {.3, .3, .4})).isEqualTo(2);
    assertThat(thresholds.confident(new double[] {.35, .35, .3})).isZero();
  }

  @Test
  void tiesGoByName() {
    LabelledRows rows = new LabelledRows(2);
    for (int i = 0; i < 6; i++) {
      rows.add(0, .1, .9).add(0, .9, .1).add(1, .1, .9);
    }
    // Of 12 rows of label 0 the model is confident that 6 are 0 and 6 are 1; 3 places are kept.
    IssueRule rule = IssueRule.of(LabelFilter.PRUNE_BY_NOISE_RATE, rows.counts(), 9, 100);
    assertThat(rule.quota(1)).isEqualTo(3);
    assertThat(rows.issues(rule)).containsExactly("r00000", "r00003", "r00006");
  }

  @Test
  void smallLabelsHaveNoIssues() {
    LabelledRows rows = eight();
    IssueRule rule = IssueRule.of(LabelFilter.PRUNE_BY_CLASS, rows.counts(), 4, 100);
    assertThat(rows.issues(rule)).isEmpty();
    assertThat(rows.issues(IssueRule.of(LabelFilter.PRUNE_BY_CLASS, rows.counts(), 3, 100)))
        .hasSize(2);
  }

  @Test
  void capacityLowersQuotas() {
    LabelledRows rows = new LabelledRows(2);
    for (int i = 0; i < 40; i++) {
      rows.add(0, .001 * i, 1).add(0, .99, .01).add(1, 0, 1);
    }
    IssueRule whole = rows.rule(LabelFilter.PRUNE_BY_NOISE_RATE);
    assertThat(whole.quota(1)).isEqualTo(40);
    assertThat(whole.overCapacity()).isZero();
    IssueRule bounded = IssueRule.of(LabelFilter.PRUNE_BY_NOISE_RATE, rows.counts(), 1, 2);
    assertThat(bounded.quota(1)).isEqualTo(2);
    assertThat(bounded.overCapacity()).isEqualTo(38);
    assertThat(rows.issues(bounded)).containsExactly("r00000", "r00003");
  }

  @Test
  void scoresNeedNotSumToOne() {
    LabelledRows rows = eight();
    rows.add(0, 1, 1).add(1, 0, 0).add(0, .3, 1).add(1, .2, .2);
    assertThat(rows.selfConfidence().rows()).isEqualTo(12);
    // Of equal largest scores it is the label's that counts.
    assertThat(rows.issues(LabelFilter.PREDICTED_NEQ_GIVEN))
        .containsExactly("r00003", "r00007", "r00010");
  }

  @Test
  void missingScoresAreLeftOutAndCounted() {
    LabelledRows rows = eight().add(0, Double.NaN, .5).add(-1, .5, .5).add(-1, Double.NaN, 0);
    rows.rows().add(new Row("bare", 0, (double[]) null));
    SelfConfidence state = rows.selfConfidence();
    assertThat(state.unscored()).isEqualTo(3);
    assertThat(state.unknown()).isEqualTo(1);
    assertThat(state.thresholds()).isEqualTo(eight().selfConfidence().thresholds());
    for (LabelFilter filter : LabelFilter.values()) {
      assertThat(rows.issues(filter)).containsExactly("r00003", "r00007");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows.add(0, 1.5, 0).selfConfidence())
        .withMessageContaining("1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelledRows(2).add(0, .5).selfConfidence());
  }

  /** By NumPy: what rounds to even by the last digit is lowered first, raised last. */
  @Test
  void wholeCountsSumToTheShares() {
    assertThat(WholeCounts.of(new double[] {1.5, 1.5})).containsExactly(1, 2);
    assertThat(WholeCounts.of(new double[] {.5, .5, 2})).containsExactly(0, 1, 2);
    assertThat(WholeCounts.of(new double[] {2.4, 2.4, 2.2})).containsExactly(2, 3, 2);
    assertThat(WholeCounts.of(new double[] {0, 0})).containsExactly(0, 0);
    double[] many = new double[300];
    Arrays.setAll(many, i -> i / 10.0);
    assertThat(WholeCounts.sum(many, 0, 300)).isCloseTo(4485, within(1e-9));
  }

  @Test
  void mergingOthersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SelfConfidence(2).merge(new SelfConfidence(3)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ConfidentCounts(ConfidentThresholds.of(.5, .5))
                    .merge(new ConfidentCounts(ConfidentThresholds.of(.5, .6))));
    LabelledRows rows = eight();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SmallestMargins(rows.rule(LabelFilter.BOTH))
                    .merge(new SmallestMargins(rows.rule(LabelFilter.PRUNE_BY_CLASS))));
  }

  @Test
  void storedForms() {
    List<Row> rows = eight().add(-1, .5, .5).rows();
    MergeLaws<SelfConfidence, Row> self =
        new MergeLaws<>(
            () -> new SelfConfidence(2),
            (state, row) -> state.add(row.given(), row.scores()),
            SelfConfidence::merge,
            SelfConfidence::write,
            in -> SelfConfidence.read(2, in));
    Golden.isHex(
        self.encode(self.of(rows)),
        "02 04 06 42 00000200 01 80000000 01 00000002 04 06 42 33333500 01 73333333 01 00000002 01"
            + " 00");
    ConfidentThresholds thresholds = self.of(rows).thresholds();
    MergeLaws<ConfidentCounts, Row> counts = counts(thresholds);
    Golden.isHex(counts.encode(counts.of(rows)), "06 04 00 03 01 01 02 01 01 03 02");
    MergeLaws<SmallestMargins, Row> margins = margins(eight().rule(LabelFilter.BOTH));
    Golden.isHex(
        margins.encode(margins.of(rows)),
        """
        04
        00 01 3fb999999999999a 06 723030303033
        01 01 bfe999999999999a 06 723030303033
        02 01 bfeccccccccccccc 06 723030303037
        03 01 3fa999999999999a 06 723030303037
        """);
  }
}
