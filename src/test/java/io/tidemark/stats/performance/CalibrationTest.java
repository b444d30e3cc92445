package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.performance.Calibrator.Reason;
import io.tidemark.stats.performance.Rows.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Provide
  Arbitrary<List<Row>> rows() {
    return Rows.any().filter(rows -> !rows.isEmpty());
  }

  @Property(tries = 300)
  void isotonicNeverFallsAndKeepsTheMean(@ForAll("rows") List<Row> rows) {
    Isotonic function = Isotonic.fit(Rows.outcomes(rows).byScore());
    double previous = 0;
    for (int i = 0; i <= 1000; i++) {
      double value = function.at(i / 1000.0);
      assertThat(value).isBetween(previous, 1.0);
      previous = value;
    }
    double sum = rows.stream().mapToDouble(row -> function.at(row.score())).sum();
    assertThat(sum).isCloseTo((double) rows.stream().filter(Row::actual).count(), within(1e-9));
  }

  /** Every non-decreasing fit is constant on runs of scores: try all ways to part them. */
  @Property(tries = 200)
  void isotonicHasTheLeastSquaredError(@ForAll("rows") List<Row> all) {
    List<Row> rows = all.subList(0, Math.min(9, all.size()));
    ScoredRows byScore = Rows.outcomes(rows).byScore();
    double least = Double.POSITIVE_INFINITY;
    for (int cuts = 0; cuts < 1 << (byScore.size() - 1); cuts++) {
      double error = 0;
      double previous = -1;
      boolean rising = true;
      int start = 0;
      for (int i = 0; i < byScore.size(); i++) {
        if (i == byScore.size() - 1 || (cuts >> i & 1) == 1) {
          double n = 0;
          double positives = 0;
          for (int j = start; j <= i; j++) {
            n += byScore.rows(j);
            positives += byScore.positives(j);
          }
          double mean = positives / n;
          rising &= mean >= previous;
          previous = mean;
          error += positives * (1 - mean) * (1 - mean) + (n - positives) * mean * mean;
          start = i + 1;
        }
      }
      least = rising ? Math.min(least, error) : least;
    }
    Isotonic function = Isotonic.fit(byScore);
    double error =
        rows.stream()
            .mapToDouble(r -> Math.pow((r.actual() ? 1 : 0) - function.at(r.score()), 2))
            .sum();
    assertThat(error).isCloseTo(least, within(1e-9));
  }

  @Test
  void isotonicIsLinearBetweenKnotsAndClippedBeyond() {
    List<Row> rows =
        List.of(
            new Row(.2, false, false),
            new Row(.3, false, true),
            new Row(.4, false, false),
            new Row(.8, true, true));
    Isotonic function = Isotonic.fit(Rows.outcomes(rows).byScore());
    assertThat(function.x()).containsExactly(.2, .3, .4, .8);
    assertThat(function.y()).containsExactly(0, .5, .5, 1);
    assertThat(function.at(0)).isZero();
    assertThat(function.at(.25)).isCloseTo(.25, within(1e-15));
    assertThat(function.at(.35)).isEqualTo(.5);
    assertThat(function.at(.6)).isCloseTo(.75, within(1e-15));
    assertThat(function.at(1)).isEqualTo(1);
  }

  @Test
  void calibratesScoresThatAreOff() {
    List<Row> rows = Rows.drawn(20_000, 7, 3, 2);
    Calibrator calibrator = Calibration.fit(Rows.outcomes(rows).byScore());
    assertThat(calibrator.reason()).isEqualTo(Reason.BETTER);
    assertThat(calibrator.isIdentity()).isFalse();
    for (double score : new double[] {.2, .5, .8, .9}) {
      assertThat(calibrator.calibrate(score)).isCloseTo(Math.pow(score, 3), within(.04));
    }
  }

  @Test
  void leavesGoodScoresNearWhereTheyAre() {
    for (int seed = 0; seed < 10; seed++) {
      List<Row> rows = Rows.drawn(5000, seed, 1, -1);
      Calibrator calibrator = Calibration.fit(Rows.outcomes(rows).byScore());
      double moved =
          rows.stream()
              .mapToDouble(r -> Math.abs(calibrator.calibrate(r.score()) - r.score()))
              .sum();
      assertThat(moved / rows.size()).isLessThan(.03);
    }
  }

  @Test
  void leavesAloneWhatCannotBeCalibrated() {
    assertThat(Calibration.fit(new BinaryOutcomes(8).byScore()).reason())
        .isEqualTo(Reason.ONE_CLASS);
    List<Row> positive = List.of(new Row(.4, false, true), new Row(.6, true, true));
    Calibrator one = Calibration.fit(Rows.outcomes(positive).byScore());
    assertThat(one.reason()).isEqualTo(Reason.ONE_CLASS);
    assertThat(one.calibrate(.4)).isEqualTo(.4);
    List<Row> parted = List.of(new Row(.4, false, false), new Row(.6, true, true));
    assertThat(Calibration.fit(Rows.outcomes(parted).byScore()).reason())
        .isEqualTo(Reason.SEPARATED);
  }

  @Property(tries = 100)
  void fewRowsAreNoProblem(@ForAll("rows") List<Row> rows) {
    Calibrator calibrator = Calibration.fit(Rows.outcomes(rows).byScore());
    assertThat(calibrator.calibrate(.5)).isBetween(0.0, 1.0);
  }

  @Test
  void theOrderOfRowsDoesNotMatter() throws Exception {
    List<Row> rows = new ArrayList<>(Rows.drawn(3000, 5, 2, -1));
    Calibrator calibrator = Calibration.fit(Rows.outcomes(rows, 1024).byScore());
    Collections.shuffle(rows, new Random(1));
    assertThat(Calibration.fit(Rows.outcomes(rows, 1024).byScore())).isEqualTo(calibrator);
  }

  @Test
  void eachRowIsHeldOutOnce() {
    ScoredRows rows = Rows.outcomes(Rows.drawn(3000, 5, 2, 2)).byScore();
    ScoredRows held = Calibration.heldOut(rows);
    assertThat(held.rows()).isEqualTo(3000);
    assertThat(held.positives()).isEqualTo(rows.positives());
  }

  @Test
  void survivesWritingAndShipping() throws Exception {
    Calibrator fitted = Calibration.fit(Rows.outcomes(Rows.drawn(9000, 7, 3, -1)).byScore());
    assertThat(fitted.toString()).startsWith("Calibrator[BETTER, knots=");
    for (Calibrator calibrator : List.of(fitted, Calibrator.identity(Reason.NO_BETTER))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      calibrator.write(new DataOutputStream(bytes));
      Calibrator read = read(bytes.toByteArray());
      assertThat(read).isEqualTo(calibrator).hasSameHashCodeAs(calibrator);
      ByteArrayOutputStream shipped = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(shipped)) {
        out.writeObject(calibrator);
      }
      Calibrator arrived =
          (Calibrator)
              new ObjectInputStream(new ByteArrayInputStream(shipped.toByteArray())).readObject();
      assertThat(arrived).isEqualTo(calibrator);
      assertThat(arrived.calibrate(.37)).isEqualTo(calibrator.calibrate(.37));
    }
  }

  private static Calibrator read(byte[] bytes) throws IOException {
    return Calibrator.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void damagedBytesAreAnError() {
    assertThatThrownBy(() -> read(new byte[] {9, 0})).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(new byte[] {0, 0})).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(new byte[] {0, 2, 1})).isInstanceOf(IOException.class);
    byte[] falling = new byte[2 + 32];
    falling[1] = 2;
    falling[10] = 0x3F; // the first knot's value is above the second's
    falling[11] = (byte) 0xE0;
    assertThatThrownBy(() -> read(falling))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Falls");
  }
}
