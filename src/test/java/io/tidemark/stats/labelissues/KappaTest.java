package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.Golden;
import io.tidemark.stats.MergeLaws;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KappaTest {
  private static final MergeLaws<SourceAgreement, int[]> LAWS =
      new MergeLaws<>(
          () -> new SourceAgreement(3),
          (state, pair) -> state.add(pair[0], pair[1]),
          SourceAgreement::merge,
          SourceAgreement::write,
          in -> SourceAgreement.read(3, in));

  private static SourceAgreement table(int[]... counts) {
    SourceAgreement sources = new SourceAgreement(counts.length);
    for (int first = 0; first < counts.length; first++) {
      for (int second = 0; second < counts.length; second++) {
        for (int i = 0; i < counts[first][second]; i++) {
          sources.add(first, second);
        }
      }
    }
    return sources;
  }

  private static void is(Kappa kappa, double close, double... figures) {
    assertThat(kappa.status()).isEqualTo(Kappa.Status.DEFINED);
    assertThat(kappa.value()).isCloseTo(figures[0], within(close));
    assertThat(kappa.standardError()).isCloseTo(figures[1], within(close));
    assertThat(kappa.low()).isCloseTo(figures[2], within(close));
    assertThat(kappa.high()).isCloseTo(figures[3], within(close));
  }

  /** A printout of SAS, held by the tests of statsmodels. */
  @Test
  void sas() {
    is(
        Kappa.of(table(new int[] {0, 4, 1}, new int[] {0, 8, 0}, new int[] {0, 1, 5})),
        5e-5,
        .4842,
        .1380,
        .2137,
        .7547);
  }

  /** The example of statpsych's ci.kappa. */
  @Test
  void statpsych() {
    is(
        Kappa.of(table(new int[] {31, 12}, new int[] {4, 58})),
        5e-8,
        .6756757,
        .07344761,
        .5317210,
        .8196303);
  }

  /** The examples of the article on Cohen's kappa that everybody looks up. */
  @Test
  void textbook() {
    value(Kappa.of(table(new int[] {20, 5}, new int[] {10, 15})), .4);
    value(Kappa.of(table(new int[] {45, 15}, new int[] {25, 15})), .1304);
    value(Kappa.of(table(new int[] {25, 35}, new int[] {5, 35})), .2593);
  }

  private static void value(Kappa kappa, double value) {
    assertThat(kappa.value()).isCloseTo(value, within(5e-5));
  }

  /** In whole numbers: with n rows and o on the diagonal, (n o - sum r c) / (n n - sum r c). */
  @Property(tries = 200)
  void isAsInWholeNumbers(
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 400) int rows,
      @ForAll long seed) {
    Random random = new Random(seed);
    SourceAgreement state = new SourceAgreement(classes);
    BigInteger[] first = new BigInteger[classes];
    BigInteger[] second = new BigInteger[classes];
    Arrays.fill(first, BigInteger.ZERO);
    Arrays.fill(second, BigInteger.ZERO);
    BigInteger same = BigInteger.ZERO;
    for (int i = 0; i < rows; i++) {
      int one = random.nextInt(classes);
      int other = random.nextInt(3) == 0 ? random.nextInt(classes) : one;
      state.add(one, other);
      first[one] = first[one].add(BigInteger.ONE);
      second[other] = second[other].add(BigInteger.ONE);
      same = one == other ? same.add(BigInteger.ONE) : same;
    }
    BigInteger all = BigInteger.valueOf(rows);
    BigInteger chance = BigInteger.ZERO;
    for (int i = 0; i < classes; i++) {
      chance = chance.add(first[i].multiply(second[i]));
    }
    BigInteger rest = all.multiply(all).subtract(chance);
    Kappa kappa = Kappa.of(state);
    if (rest.signum() == 0) {
      assertThat(kappa.status()).isEqualTo(Kappa.Status.ONE_CLASS);
      return;
    }
    BigDecimal exact =
        new BigDecimal(all.multiply(same).subtract(chance))
            .divide(new BigDecimal(rest), MathContext.DECIMAL64);
    assertThat(kappa.value()).isCloseTo(exact.doubleValue(), within(1e-12));
  }

  @Test
  void ofWholeAndOfNoAgreement() {
    Kappa whole = Kappa.of(table(new int[] {3, 0}, new int[] {0, 4}));
    assertThat(whole.value()).isEqualTo(1);
    assertThat(whole.standardError()).isCloseTo(0, within(1e-8));
    Kappa none = Kappa.of(table(new int[] {0, 5}, new int[] {5, 0}));
    assertThat(none.value()).isEqualTo(-1);
    assertThat(none.low()).isEqualTo(-1);
    // One always says the same: agreement is what it would be by chance.
    assertThat(Kappa.of(table(new int[] {5, 5}, new int[] {0, 0})).value()).isZero();
  }

  @Test
  void undefined() {
    Kappa empty = Kappa.of(new SourceAgreement(3));
    assertThat(empty.status()).isEqualTo(Kappa.Status.NO_ROWS);
    assertThat(empty.value()).isNaN();
    Kappa same = Kappa.of(table(new int[] {0, 0}, new int[] {0, 9}));
    assertThat(same.status()).isEqualTo(Kappa.Status.ONE_CLASS);
    assertThat(same.value()).isNaN();
    assertThat(same.standardError()).isNaN();
    assertThat(same.observed()).isEqualTo(1);
  }

  @Property(tries = 60)
  void isOrderFree(@ForAll @IntRange(max = 60) int rows, @ForAll long seed) {
    Random random = new Random(seed);
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      pairs.add(new int[] {random.nextInt(4) - 1, random.nextInt(4) - 1});
    }
    LAWS.hold(pairs, seed);
    SourceAgreement state = LAWS.of(pairs);
    assertThat(state.rows() + state.unknown()).isEqualTo(rows);
  }

  @Test
  void mergingOthersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SourceAgreement(2).merge(new SourceAgreement(3)));
  }

  @Test
  void storedForm() {
    List<int[]> pairs =
        List.of(new int[] {0, 0}, new int[] {2, 1}, new int[] {0, 0}, new int[] {-1, 0});
    Golden.isHex(LAWS.encode(LAWS.of(pairs)), "09020002070101");
  }
}
