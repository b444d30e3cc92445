package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.stats.slices.RandomRows.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The search finds what brute force finds, whatever the rows and their order. */
class SliceLineTest {
  private static final Errors SOME = RandomRows.mistakes(codes -> .2 + (codes[0] == 0 ? .2 : 0));

  /** Losses of all sizes, some equal, some too small to count beside others, some 0. */
  private static final Errors LOSSES =
      (codes, random) ->
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> codes[0] + 1;
            case 2 -> Math.scalb(random.nextDouble(), -random.nextInt(60));
            default -> -StrictMath.log(1 - random.nextDouble());
          };

  private static void assertEqualsBruteForce(CodedRows rows, SliceLine search) {
    WeakSlices found = search.search(rows);
    BruteForce force = new BruteForce(rows, search);
    List<BruteForce.Found> told = new ArrayList<>();
    for (WeakSlice slice : found.slices()) {
      List<Conjunction> names = new ArrayList<>(List.of(slice.name()));
      names.addAll(slice.otherNames());
      told.add(new BruteForce.Found(names, slice.figures().size(), slice.score()));
    }
    assertThat(told).as("%s of %d rows", search, rows.size()).isEqualTo(force.best);
    if (found.meanError() > 0 && search.maxPredicates() < 3) {
      assertThat(found.tests()).isEqualTo(force.supported);
    } else if (found.meanError() > 0) {
      assertThat(found.tests()).isGreaterThanOrEqualTo(force.supported);
    }
  }

  @Test
  void equalsBruteForce() {
    SplittableRandom random = new SplittableRandom(16);
    for (int seed = 0; seed < 150; seed++) {
      int[] codes = random.ints(1 + random.nextInt(5), 1, 6).toArray();
      boolean losses = random.nextBoolean();
      CodedRows rows =
          RandomRows.draw(
              seed,
              1 + random.nextInt(seed % 10 == 0 ? 2500 : 120),
              codes,
              1 + random.nextInt(3),
              losses ? ErrorKind.LOSS : ErrorKind.MISTAKE,
              losses ? LOSSES : SOME);
      assertEqualsBruteForce(
          rows,
          new SliceLine(
              random.nextInt(5) == 0 ? 1 : .5 + random.nextDouble() / 2,
              1 + random.nextInt(12),
              1 + random.nextInt(3),
              1 + random.nextInt(10)));
    }
  }

  @Test
  void equalsBruteForceWhereErrorsSayNothing() {
    SliceLine search = new SliceLine(.95, 3, 3, 10);
    for (double error : new double[] {0, 1, 1e-310, 1e300, .1}) {
      ErrorKind kind = error == Math.rint(error) && error <= 1 ? ErrorKind.MISTAKE : ErrorKind.LOSS;
      for (int size : new int[] {0, 1, 2, 50}) {
        CodedRows rows =
            RandomRows.draw(size, size, new int[] {3, 2, 4}, 2, kind, (codes, random) -> error);
        WeakSlices found = search.search(rows);
        assertThat(found.slices()).isEmpty();
        assertThat(new double[] {found.meanError()})
            .containsExactly(size == 0 ? Double.NaN : error);
      }
    }
  }

  @Test
  void noSliceHasMoreRowsThanThereAre() {
    CodedRows rows = RandomRows.draw(1, 100, new int[] {2, 2}, 1, ErrorKind.MISTAKE, SOME);
    WeakSlices found = new SliceLine(.95, 101, 3, 10).search(rows);
    assertThat(found.slices()).isEmpty();
    assertThat(found.tests()).isZero();
  }

  @Test
  void lossesOfNearlyOneUnitAreToldApart() {
    CodedRows.Builder rows = CodedRows.builder(ErrorKind.LOSS, 3);
    for (int i = 0; i < 30; i++) {
      rows.add(i % 3 == 0 ? 0 : i == 2 ? 1 + Math.scalb(1d, -40) : 1, i % 3);
    }
    List<WeakSlice> slices = new SliceLine(1, 10, 1, 1).search(rows.build()).slices();
    assertThat(slices).extracting(WeakSlice::name).containsExactly(name(0, 2));
  }

  @Test
  void featuresOfManyCodes() {
    CodedRows rows =
        RandomRows.draw(
            3,
            4000,
            new int[] {1000, 3, 256},
            4,
            ErrorKind.MISTAKE,
            RandomRows.mistakes(codes -> codes[0] == 257 || codes[0] == 0 ? .9 : .1));
    WeakSlices found = new SliceLine(.95, 1, 1, 3).search(rows);
    BruteForce force = new BruteForce(rows, new SliceLine(.95, 1, 1, 3));
    assertThat(found.slices()).extracting(WeakSlice::score).isEqualTo(scores(force));
    assertThat(found.slices().get(0).name()).isEqualTo(name(0, 0));
  }

  private static List<Double> scores(BruteForce force) {
    return force.best.stream().map(BruteForce.Found::score).toList();
  }

  @Test
  void theOrderOfRowsMakesNoDifference() {
    for (ErrorKind kind : ErrorKind.values()) {
      CodedRows rows =
          RandomRows.draw(
              8, 5000, RandomRows.codes(6, 5), 2, kind, kind == ErrorKind.LOSS ? LOSSES : SOME);
      WeakSlices found = SliceLine.forRows(rows.size()).search(rows);
      assertThat(found.slices()).isNotEmpty();
      for (int seed = 0; seed < 3; seed++) {
        WeakSlices other = SliceLine.forRows(rows.size()).search(RandomRows.shuffled(rows, seed));
        assertThat(other).isEqualTo(found); // records compare doubles by their bits
      }
    }
  }

  @Test
  void plantedSlicesComeFirst() {
    for (List<Predicate> planted :
        List.of(
            List.of(new Predicate(2, 1)),
            List.of(new Predicate(1, 0), new Predicate(4, 2)),
            List.of(new Predicate(0, 3), new Predicate(3, 1), new Predicate(5, 0)))) {
      for (ErrorKind kind : ErrorKind.values()) {
        CodedRows rows =
            RandomRows.draw(
                planted.size(),
                20_000,
                RandomRows.codes(8, 4),
                1,
                kind,
                (codes, random) -> {
                  boolean weak =
                      planted.stream().allMatch(one -> codes[one.feature()] == one.code());
                  double u = random.nextDouble();
                  return kind == ErrorKind.LOSS
                      ? -StrictMath.log(1 - u) * (weak ? 9 : 1)
                      : u < (weak ? .9 : .1) ? 1 : 0;
                });
        WeakSlice first = SliceLine.forRows(rows.size()).search(rows).slices().get(0);
        assertThat(first.name()).isEqualTo(new Conjunction(planted));
        assertThat(first.adjusted()).isLessThan(1e-6);
        assertThat(first.figures().lift()).isGreaterThan(2);
      }
    }
  }

  @Test
  void equalRowsAreToldOnce() {
    // feature 2 says what feature 0 says in other codes, feature 3 follows from feature 1
    CodedRows rows =
        RandomRows.draw(
            4,
            3000,
            new int[] {4, 4, 4, 2},
            1,
            ErrorKind.MISTAKE,
            (codes, random) -> {
              codes[2] = 3 - codes[0];
              codes[3] = codes[1] / 2;
              return random.nextDouble() < (codes[0] == 1 ? .5 : .1) ? 1 : 0;
            });
    SliceLine search = SliceLine.forRows(rows.size());
    assertEqualsBruteForce(rows, search);
    WeakSlices found = search.search(rows);
    WeakSlice first = found.slices().get(0);
    assertThat(first.name()).isEqualTo(name(0, 1));
    assertThat(first.otherNames())
        .containsExactly(name(2, 2), Conjunction.of(new Predicate(0, 1), new Predicate(2, 2)));
    assertThat(found.slices()).hasSizeGreaterThan(2);
    assertThat(found.slices().stream().map(one -> rows.where(one.name()))).doesNotHaveDuplicates();
  }

  private static Conjunction name(int feature, int code) {
    return Conjunction.of(new Predicate(feature, code));
  }

  @Test
  void defaults() {
    assertThat(SliceLine.forRows(100)).isEqualTo(new SliceLine(.95, 32, 3, 10));
    assertThat(SliceLine.forRows(50_001)).isEqualTo(new SliceLine(.95, 501, 3, 10));
  }

  @Test
  void whatIsNoSearchIsRefused() {
    assertThatThrownBy(() -> new SliceLine(0, 0, 4, 0))
        .hasMessage("No search: alpha 0.0, minSupport 0, maxPredicates 4, k 0");
    assertThatThrownBy(() -> Conjunction.of(new Predicate(1, 2), new Predicate(1, 3)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
