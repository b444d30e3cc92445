package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.MergeLaws;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {
  private record Row(double score, long weight) {}

  private static MergeLaws<ScoreHistogram, Row> laws(int capacity) {
    return new MergeLaws<>(
        () -> new ScoreHistogram(capacity),
        (histogram, row) -> histogram.add(row.score(), row.weight()),
        ScoreHistogram::merge,
        ScoreHistogram::write,
        ScoreHistogram::read);
  }

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<Double> scores =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.doubles().between(0, 1)),
            Tuple.of(1, Arbitraries.of(0.0, -0.0, 1.0, .5, Double.MIN_VALUE)),
            Tuple.of(1, Arbitraries.of(Math.nextDown(.5), Math.nextUp(.5), Math.nextDown(1.0))));
    Arbitrary<Long> weights = Arbitraries.longs().between(0, 3);
    return Combinators.combine(scores, weights).as(Row::new).list().ofMaxSize(60);
  }

  @Property(tries = 200)
  void isOrderFree(@ForAll("rows") List<Row> rows, @ForAll long seed) {
    for (int capacity : new int[] {2, 9, 1000}) {
      laws(capacity).hold(rows, seed);
    }
  }

  @Property(tries = 500)
  void keysKeepTheOrderAndComeBack(@ForAll("rows") List<Row> rows) {
    double[] scores = rows.stream().mapToDouble(row -> row.score() + 0.0).sorted().toArray();
    for (int dropped = 0; dropped <= ScoreKey.MAX_DROPPED; dropped++) {
      long previous = Long.MIN_VALUE;
      for (double score : scores) {
        long key = ScoreKey.truncate(ScoreKey.of(score), dropped);
        assertThat(key).isGreaterThanOrEqualTo(previous);
        previous = key;
        double near = ScoreKey.score(key, dropped);
        if (dropped == 0) {
          assertThat(near).isEqualTo(score);
        } else if (dropped <= 52) {
          double toEnd = Math.min(score, 1 - score);
          assertThat(near)
              .isCloseTo(
                  score,
                  within(toEnd * ScoreKey.relativeError(dropped) + 0x1p-52 + Double.MIN_NORMAL));
        }
        assertThat(near).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void keepsMoreThanHalfItsCapacityInUse() {
    ScoreHistogram histogram = new ScoreHistogram(4096);
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      histogram.add(1 / (1 + Math.exp(-3 * random.nextGaussian())), i % 2);
    }
    assertThat(histogram.exact()).isFalse();
    assertThat(histogram.bins()).isBetween(2049, 4096);
    assertThat(histogram.total()).isEqualTo(100_000);
    ScoredRows rows = histogram.byScore(1);
    assertThat(rows.rows()).isEqualTo(100_000);
    assertThat(rows.positives()).isEqualTo(50_000);
    assertThat(rows.relativeError()).isPositive().isLessThan(.01);
  }

  @Test
  void isExactUpToItsCapacity() {
    ScoreHistogram histogram = new ScoreHistogram(1001);
    for (int i = 0; i <= 1000; i++) {
      histogram.add(i / 1000.0, i);
    }
    ScoredRows rows = histogram.byScore(2);
    assertThat(histogram.exact()).isTrue();
    assertThat(rows.exact()).isTrue();
    assertThat(rows.size()).isEqualTo(1001);
    for (int i = 0; i <= 1000; i++) {
      assertThat(rows.score(i)).isEqualTo(i / 1000.0);
      assertThat(rows.rows(i)).isEqualTo(1);
      assertThat(rows.positives(i)).isEqualTo(i / 2.0);
    }
    histogram.add(.00005, 0);
    assertThat(histogram.exact()).isFalse();
  }

  @Test
  void rejectsWhatIsNoScore() {
    ScoreHistogram histogram = new ScoreHistogram(10);
    for (double score : new double[] {-.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> histogram.add(score, 0))
          .withMessage("Not a probability: " + score);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> histogram.add(.5, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ScoreHistogram(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> histogram.merge(new ScoreHistogram(11)))
        .withMessage("Can't merge capacities 10 and 11");
    assertThat(histogram.total()).isZero();
  }

  @Test
  void damagedBytesAreAnError() {
    MergeLaws<ScoreHistogram, Row> laws = laws(10);
    byte[] bytes = laws.encode(laws.of(List.of(new Row(.25, 1), new Row(.75, 0))));
    for (int i = 0; i < bytes.length; i++) {
      byte[] shortened = Arrays.copyOf(bytes, i);
      assertThatThrownBy(
              () -> ScoreHistogram.read(new DataInputStream(new ByteArrayInputStream(shortened))))
          .isInstanceOf(IOException.class);
    }
    byte[] wrong = bytes.clone();
    wrong[1] = 99; // bits dropped
    assertThatThrownBy(
            () -> ScoreHistogram.read(new DataInputStream(new ByteArrayInputStream(wrong))))
        .isInstanceOf(IOException.class);
  }
}
