package io.tidemark.stats;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The distances and tests between a baseline and a window. Each name has one definition; where
 * projects differ under one name, ours says whose it is. A constant is all there is to say of one:
 * which fields it suits, whether it compares counts of bins or the numbers themselves, and how.
 */
public enum Method {
  PSI(Suits.ANY, Compares.BINS, MethodValue::psi),
  PSI_SODA(Suits.ANY, Compares.BINS, two -> MethodValue.ofCells(two, Distances::psiSoda)),
  JENSEN_SHANNON(Suits.ANY, Compares.BINS, MethodValue::jensenShannon),
  JENSEN_SHANNON_LN(Suits.ANY, Compares.BINS, MethodValue::jensenShannonLn),
  JENSEN_SHANNON_DIVERGENCE(
      Suits.ANY,
      Compares.BINS,
      two -> MethodValue.ofKnownCells(two, Distances::jensenShannonDivergence)),
  HELLINGER(Suits.ANY, Compares.BINS, two -> MethodValue.ofKnownCells(two, Distances::hellinger)),
  L_INFINITY(
      Suits.CATEGORICAL, Compares.BINS, two -> MethodValue.ofCells(two, Distances::lInfinity)),
  TOTAL_VARIATION(
      Suits.ANY, Compares.BINS, two -> MethodValue.ofCells(two, Distances::totalVariation)),
  KOLMOGOROV_SMIRNOV(Suits.NUMERIC, Compares.VALUES, MethodValue::kolmogorovSmirnov),
  WASSERSTEIN(Suits.NUMERIC, Compares.VALUES, MethodValue::wasserstein),
  WASSERSTEIN_NORMED(Suits.NUMERIC, Compares.VALUES, MethodValue::wassersteinNormed),
  CHI_SQUARE(Suits.CATEGORICAL, Compares.BINS, two -> MethodValue.test(two, ChiSquare::nannyml)),
  CHI_SQUARE_GOF(
      Suits.CATEGORICAL, Compares.BINS, two -> MethodValue.test(two, ChiSquare::goodnessOfFit)),
  G_TEST(Suits.ANY, Compares.BINS, two -> MethodValue.test(two, ChiSquare::gTest)),
  LINF_ROBUST(Suits.ANY, Compares.VALUES, MethodValue::lInfinityRobust);

  /** The fields that a method is defined for. */
  private enum Suits {
    NUMERIC,
    CATEGORICAL,
    ANY
  }

  /** What a method needs of a numeric field; of a categorical one it is always the counts. */
  private enum Compares {
    BINS,
    VALUES
  }

  private final Suits suits;
  private final Compares compares;
  private final Function<TwoSamples, MethodValue> figure;

  Method(Suits suits, Compares compares, Function<TwoSamples, MethodValue> figure) {
    this.suits = suits;
    this.compares = compares;
    this.figure = figure;
  }

  /** The name in specs and findings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Method> of(String id) {
    return Arrays.stream(values()).filter(method -> method.id().equals(id)).findFirst();
  }

  /** All names, for messages. */
  public static String ids() {
    return Arrays.stream(values()).map(Method::id).collect(Collectors.joining(", "));
  }

  /** Whether it is defined for numeric or for categorical fields. */
  public boolean suits(boolean numeric) {
    return suits == Suits.ANY || suits == (numeric ? Suits.NUMERIC : Suits.CATEGORICAL);
  }

  /** Whether it compares the values of a numeric field and not bins, so that they must be held. */
  public boolean needsValues() {
    return compares == Compares.VALUES;
  }

  /** The figure of a window against the baseline, of a field that it suits. */
  public MethodValue compare(TwoSamples two) {
    return figure.apply(two);
  }
}
