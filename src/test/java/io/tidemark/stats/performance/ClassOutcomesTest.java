package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.Dictionary;
import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.performance.Rows.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClassOutcomesTest {
  private static final Dictionary PETS = Dictionary.of(List.of("cat", "dog", "fox"));

  private record ClassRow(List<Double> scores, int predicted, int actual) {
    double[] probabilities() {
      return scores == null ? null : scores.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  private static final MergeLaws<ClassOutcomes, ClassRow> LAWS =
      new MergeLaws<>(
          () -> new ClassOutcomes(PETS, 16),
          (outcomes, row) -> outcomes.add(row.probabilities(), row.predicted(), row.actual()),
          ClassOutcomes::merge,
          ClassOutcomes::write,
          in -> ClassOutcomes.read(PETS, 16, in));

  private static final MergeLaws<ExpectedClassOutcomes, ClassRow> EXPECTED_LAWS =
      new MergeLaws<>(
          () -> new ExpectedClassOutcomes(3, 16),
          (outcomes, row) ->
              outcomes.add(row.probabilities(), row.predicted(), row.probabilities()),
          ExpectedClassOutcomes::merge,
          ExpectedClassOutcomes::write,
          in -> ExpectedClassOutcomes.read(3, in));

  /** Rows whose classes follow the scores, sharpened; some of classes that nobody knows. */
  private static List<ClassRow> drawn(int rows, long seed, double power, double unknown) {
    Random random = new Random(seed);
    List<ClassRow> drawn = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] weights = new double[3];
      double sum = 0;
      double sharpened = 0;
      for (int code = 0; code < 3; code++) {
        weights[code] = Math.exp(1.5 * random.nextGaussian());
        sum += weights[code];
        sharpened += Math.pow(weights[code], power);
      }
      double place = random.nextDouble() * sharpened;
      int actual = -1;
      List<Double> scores = new ArrayList<>();
      for (int code = 0; code < 3; code++) {
        double share = Math.pow(weights[code], power);
        actual = actual < 0 && place < share ? code : actual;
        place -= share;
        scores.add(weights[code] / sum);
      }
      int predicted =
          ClassOutcomes.predicts(scores.stream().mapToDouble(Double::doubleValue).toArray());
      drawn.add(new ClassRow(scores, predicted, random.nextDouble() < unknown ? -1 : actual));
    }
    return drawn;
  }

  @Property(tries = 60)
  void isOrderFree(@ForAll @IntRange(max = 50) int rows, @ForAll long seed) {
    LAWS.hold(drawn(rows, seed, 1, .1), seed);
    EXPECTED_LAWS.hold(drawn(rows, seed, 1, 0), seed);
  }

  /** Rows (actual, predicted): cat-cat 3, cat-dog 1, dog-dog 2, dog-cat 1, ape-cat 1; no fox. */
  private static ClassOutcomes pets() {
    ClassOutcomes pets = new ClassOutcomes(PETS, 64);
    int[][] pairs = {{0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 1}, {1, 0}, {-1, 0}};
    for (int[] pair : pairs) {
      double[] scores = {.2, .2, .1};
      scores[pair[1]] = .7;
      pets.add(scores, pair[1], pair[0]);
    }
    return pets;
  }

  private static double value(Metric metric, ClassOutcomes outcomes) {
    return ClassMetrics.of(metric, outcomes).value();
  }

  @Test
  void metricsByHand() {
    ClassOutcomes pets = pets();
    assertThat(pets.rows()).isEqualTo(8);
    assertThat(pets.count(1, 0)).isEqualTo(1);
    assertThat(pets.count(0, -1)).isEqualTo(1);
    assertThat(pets.confusion(0)).isEqualTo(new Confusion(3, 2, 1, 2));
    assertThat(pets.confusion(2)).isEqualTo(new Confusion(0, 0, 0, 8));
    assertThat(value(Metric.ACCURACY, pets)).isEqualTo(5 / 8.0);
    // A class without a figure counts as 0.
    assertThat(value(Metric.PRECISION, pets)).isCloseTo((3 / 5.0 + 2 / 3.0) / 3, within(1e-15));
    assertThat(value(Metric.RECALL, pets)).isCloseTo((3 / 4.0 + 2 / 3.0) / 3, within(1e-15));
    assertThat(value(Metric.F1, pets)).isCloseTo((6 / 9.0 + 4 / 6.0) / 3, within(1e-15));
    // Cats: 3 score .7, 1 scores .2; the rest: 2 score .7. Dogs: 2 of .7, 1 of .2; the rest 1 of
    // .7.
    double cats = (3 * (2 + 1) + 1) / 16.0;
    double dogs = (2 * (4 + .5) + 2) / 15.0;
    assertThat(value(Metric.ROC_AUC, pets)).isCloseTo((cats + dogs) / 2, within(1e-15));
    double right = -Math.log(.7);
    double sum = .7 + .2 + .1;
    double wrong = -Math.log(.2 / sum);
    assertThat(value(Metric.LOG_LOSS, pets))
        .isCloseTo((5 * right + 2 * wrong + 52 * Math.log(2)) / 8, within(1e-12));
    assertThat(value(Metric.ECE, pets)).isCloseTo(.7 - 5 / 8.0, within(1e-15));
  }

  @Test
  void classesWithoutScoresGiveTheMatrixOnly() {
    ClassOutcomes pets = new ClassOutcomes(PETS, 64);
    pets.add(null, 0, 0);
    assertThat(value(Metric.ACCURACY, pets)).isEqualTo(1);
    assertThat(value(Metric.ROC_AUC, pets)).isNaN();
    assertThat(value(Metric.LOG_LOSS, pets)).isNaN();
    assertThat(value(Metric.ECE, pets)).isNaN();
  }

  @Test
  void aClassThatNobodyKnowsMayStillBeRight() throws Exception {
    ClassOutcomes pets = new ClassOutcomes(PETS, 64);
    pets.add(null, 0, 0, true);
    pets.add(null, -1, -1, true);
    pets.add(null, -1, -1, false);
    pets.add(null, 0, -1, false);
    ClassOutcomes other = new ClassOutcomes(PETS, 64);
    other.add(null, -1, -1, true);
    pets.merge(other);
    assertThat(pets.right()).isEqualTo(3);
    assertThat(value(Metric.ACCURACY, pets)).isEqualTo(.6);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pets.write(new DataOutputStream(bytes));
    ClassOutcomes read =
        ClassOutcomes.read(
            PETS, 64, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(read).isEqualTo(pets);
    assertThat(read.right()).isEqualTo(3);
  }

  @Test
  void nothingIsDefinedWithoutRows() {
    ClassOutcomes none = new ClassOutcomes(PETS, 64);
    for (Metric metric : Metric.MULTICLASS) {
      assertThat(value(metric, none)).as(metric.id()).isNaN();
      assertThat(ClassSamplingErrors.of(metric, none).at(10)).as(metric.id()).isNaN();
    }
    for (Metric metric : List.of(Metric.ACCURACY, Metric.F1, Metric.ROC_AUC)) {
      assertThat(ClassMetrics.of(metric, new ExpectedClassOutcomes(3, 64)).value()).isNaN();
    }
  }

  @Test
  void twoClassesRankAsOneDoes() {
    Dictionary two = Dictionary.of(List.of("n", "y"));
    ClassOutcomes outcomes = new ClassOutcomes(two, 1 << 14);
    List<Row> rows = Rows.drawn(2000, 3, 2, 3);
    for (Row row : rows) {
      double[] scores = {1 - row.score(), row.score()};
      outcomes.add(scores, row.predicted() ? 1 : 0, row.actual() ? 1 : 0);
    }
    BinaryOutcomes binary = Rows.outcomes(rows);
    assertThat(outcomes.confusion(1)).isEqualTo(binary.confusion());
    for (Metric metric : List.of(Metric.ACCURACY, Metric.ROC_AUC, Metric.LOG_LOSS)) {
      assertThat(value(metric, outcomes))
          .as(metric.id())
          .isCloseTo(Rows.value(metric, binary), within(1e-12));
    }
  }

  @Test
  void estimatesComeTrueWhereTheRelationStays() {
    ClassOutcomes reference = new ClassOutcomes(PETS, 1 << 14);
    drawn(30_000, 1, 2, 0).forEach(r -> reference.add(r.probabilities(), r.predicted(), r.actual));
    ClassCalibrator calibrator = ClassCalibrator.fit(reference);
    assertThat(calibrator.calibrators()).hasSize(3).noneMatch(Calibrator::isIdentity);
    ClassOutcomes realised = new ClassOutcomes(PETS, 1 << 14);
    ExpectedClassOutcomes expected = new ExpectedClassOutcomes(3, 1 << 14);
    for (ClassRow row : drawn(20_000, 2, 2, 0)) {
      double[] scores = row.probabilities();
      realised.add(scores, row.predicted(), row.actual());
      double[] probabilities = calibrator.calibrate(scores);
      assertThat(probabilities[0] + probabilities[1] + probabilities[2])
          .isCloseTo(1, within(1e-12));
      expected.add(scores, row.predicted(), probabilities);
    }
    assertThat(expected.rows()).isEqualTo(20_000);
    for (Metric metric :
        List.of(Metric.ACCURACY, Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.ROC_AUC)) {
      double error = ClassSamplingErrors.of(metric, reference).at(20_000);
      assertThat(error).isBetween(1e-4, .01);
      assertThat(ClassMetrics.of(metric, expected).value())
          .as(metric.id())
          .isCloseTo(value(metric, realised), within(2 * SamplingError.BAND * error));
    }
    assertThat(ClassSamplingErrors.of(Metric.LOG_LOSS, reference).at(20_000)).isPositive();
    assertThat(ClassSamplingErrors.of(Metric.ECE, reference).at(20_000)).isPositive();
  }

  @Test
  void calibratorsSurviveWritingAndDoWithoutAnyProbability() throws Exception {
    ClassOutcomes reference = new ClassOutcomes(PETS, 64);
    drawn(2000, 1, 2, 0).forEach(r -> reference.add(r.probabilities(), r.predicted(), r.actual));
    ClassCalibrator calibrator = ClassCalibrator.fit(reference);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    calibrator.write(new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(ClassCalibrator.read(3, in)).isEqualTo(calibrator);
    ClassCalibrator none = ClassCalibrator.fit(new ClassOutcomes(PETS, 64));
    assertThat(none.calibrate(new double[3])).containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    ClassOutcomes pets = new ClassOutcomes(PETS, 64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pets.add(new double[2], 0, 0))
        .withMessage("2 probabilities of 3 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pets.add(new double[] {.5, .5, Double.NaN}, 0, 0));
    assertThat(pets.rows()).isZero();
    assertThat(pets.byScore(0).rows()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pets.merge(new ClassOutcomes(Dictionary.of(List.of("cat")), 64)));
    assertThatIllegalArgumentException().isThrownBy(() -> ClassMetrics.of(Metric.BRIER, pets));
  }
}
