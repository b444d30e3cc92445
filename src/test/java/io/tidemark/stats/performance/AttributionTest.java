package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.MergeLaws;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AttributionTest {
  private record RowError(int cell, double size) {}

  private static final MergeLaws<CellErrors, RowError> LAWS =
      new MergeLaws<>(
          () -> new CellErrors(5),
          (errors, error) -> errors.add(error.cell(), error.size()),
          CellErrors::merge,
          CellErrors::write,
          in -> CellErrors.read(5, in));

  @Provide
  Arbitrary<List<RowError>> errors() {
    Arbitrary<Double> sizes =
        Arbitraries.oneOf(Arbitraries.of(0.0, 1.0), Arbitraries.doubles().between(-10, 10));
    return Combinators.combine(Arbitraries.integers().between(0, 4), sizes)
        .as(RowError::new)
        .list()
        .ofMaxSize(30);
  }

  @Property(tries = 200)
  void isOrderFree(@ForAll("errors") List<RowError> errors, @ForAll long seed) {
    LAWS.hold(errors, seed);
  }

  @Property(tries = 500)
  void theTermsSumToTheChange(
      @ForAll("errors") List<RowError> before, @ForAll("errors") List<RowError> now) {
    CellErrors baseline = LAWS.of(before);
    CellErrors window = LAWS.of(now);
    Attribution found = Attribution.of(baseline, window);
    if (before.isEmpty() || now.isEmpty()) {
      assertThat(found.change()).isNaN();
      assertThat(found.parts()).isEmpty();
      return;
    }
    assertThat(found.data() + found.concept()).isCloseTo(found.change(), within(1e-15 * 20));
    double data = found.parts().stream().mapToDouble(Attribution.Part::data).sum();
    double concept = found.parts().stream().mapToDouble(Attribution.Part::concept).sum();
    assertThat(data).isCloseTo(found.data(), within(1e-13));
    assertThat(concept).isCloseTo(found.concept(), within(1e-13));
    assertThat(found.parts())
        .isSortedAccordingTo((a, b) -> Double.compare(Math.abs(b.change()), Math.abs(a.change())));
  }

  private static CellErrors cells(long[] rows, long[] errors) {
    CellErrors cells = new CellErrors(rows.length);
    for (int cell = 0; cell < rows.length; cell++) {
      for (long row = 0; row < rows[cell]; row++) {
        cells.add(cell, row < errors[cell] ? 1 : 0);
      }
    }
    return cells;
  }

  @Test
  void inputsThatMoveAreDataDrift() {
    Attribution found =
        Attribution.of(
            cells(new long[] {80, 20}, new long[] {8, 8}),
            cells(new long[] {40, 60}, new long[] {4, 24}));
    assertThat(found.change()).isCloseTo(.12, within(1e-15));
    assertThat(found.data()).isCloseTo(-.4 * .1 + .4 * .4, within(1e-15));
    assertThat(found.concept()).isCloseTo(0, within(1e-15));
    assertThat(found.parts().get(0).cell()).isEqualTo(1);
    assertThat(found.parts().get(0).data()).isCloseTo(.16, within(1e-15));
  }

  @Test
  void aRelationThatMovesIsConceptDrift() {
    Attribution found =
        Attribution.of(
            cells(new long[] {80, 20}, new long[] {8, 8}),
            cells(new long[] {40, 10}, new long[] {24, 4}));
    assertThat(found.data()).isCloseTo(0, within(1e-15));
    assertThat(found.concept()).isCloseTo(.4, within(1e-15));
    assertThat(found.parts().get(0).concept()).isCloseTo(.8 * .5, within(1e-15));
  }

  @Test
  void newInputsAreHeldAgainstTheBaselinesMean() {
    Attribution found =
        Attribution.of(
            cells(new long[] {50, 50, 0}, new long[] {5, 15, 0}),
            cells(new long[] {50, 0, 50}, new long[] {5, 0, 10}));
    // As bad as the baseline was: no part of the relation's, and the inputs' is a share's.
    Attribution.Part fresh =
        found.parts().stream().filter(part -> part.cell() == 2).findFirst().orElseThrow();
    assertThat(fresh.baselineError()).isNaN();
    assertThat(fresh.concept()).isCloseTo(0, within(1e-15));
    assertThat(fresh.data()).isCloseTo(.5 * .2, within(1e-15));
    Attribution.Part gone =
        found.parts().stream().filter(part -> part.cell() == 1).findFirst().orElseThrow();
    assertThat(gone.windowError()).isNaN();
    assertThat(gone.concept()).isZero();
    assertThat(gone.data()).isCloseTo(-.5 * .3, within(1e-15));
    assertThat(found.change()).isCloseTo(-.05, within(1e-15));
    assertThat(found.data() + found.concept()).isCloseTo(found.change(), within(1e-16));
  }

  /** A new category, or values gone missing: there is no relation that could have changed. */
  @Test
  void whatNewInputsChangeIsTheirs() {
    Attribution found =
        Attribution.of(
            cells(new long[] {100, 0}, new long[] {10, 0}),
            cells(new long[] {70, 30}, new long[] {7, 18}));
    assertThat(found.change()).isCloseTo(.15, within(1e-15));
    assertThat(found.data()).isCloseTo(.15, within(1e-15));
    assertThat(found.concept()).isCloseTo(0, within(1e-15));
  }

  @Test
  void sidesMustHaveTheSameCells() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Attribution.of(new CellErrors(2), new CellErrors(3)));
  }
}
