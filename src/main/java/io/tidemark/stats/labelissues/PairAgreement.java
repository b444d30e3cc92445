package io.tidemark.stats.labelissues;

import java.util.ArrayList;
import java.util.List;

/**
 * How far two sources agree.
 *
 * @param rows that both labelled
 * @param others those of them with a label that is not told apart; left out of the figures
 * @param before by what they said
 * @param after with the labels of trusted sources in place of those that they override
 */
public record PairAgreement(
    String first, String second, long rows, long others, Kappa before, Kappa after) {

  /** Rows that both labelled, of which on agreement is told. */
  public static final int LEAST_ROWS = 2;

  /**
   * Kappa below which two sources do not agree on what is meant: "fair" or worse (Landis, Koch,
   * "The measurement of observer agreement for categorical data", Biometrics 33 (1977), 159-174,
   * where .41 to .60 is "moderate").
   */
  public static final double UNCLEAR = .4;

  /** Each two sources with enough rows, in the order of their names. */
  public static List<PairAgreement> of(AgreementCounts counts) {
    List<PairAgreement> all = new ArrayList<>();
    for (PairCounts.Pair pair : counts.before().pairs()) {
      SourceAgreement before = counts.before().of(pair);
      SourceAgreement after = counts.after().of(pair);
      if (before.rows() >= LEAST_ROWS) {
        all.add(
            new PairAgreement(
                pair.first(),
                pair.second(),
                before.rows() + before.unknown(),
                before.unknown(),
                Kappa.of(before),
                Kappa.of(after)));
      }
    }
    return all;
  }

  /** Whether what the two are asked for is unclear. */
  public boolean unclear() {
    return before.value() < UNCLEAR; // no value is not
  }
}
