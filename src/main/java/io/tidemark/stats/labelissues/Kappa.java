package io.tidemark.stats.labelissues;

/**
 * Cohen's kappa: how far two sources agree beyond what they would by chance, from -1 to 1, all
 * disagreements being alike. With its standard error for large samples where kappa need not be 0
 * (Fleiss, Cohen, Everitt, "Large sample standard errors of kappa and weighted kappa",
 * Psychological Bulletin 72 (1969), 323-327), and the 95 % interval of a normal, cut off at -1 and
 * 1. Where sources agree on every row the error is 0, which says little if rows are few.
 *
 * @param value NaN if undefined
 * @param standardError NaN if undefined
 * @param low the interval's lower end, NaN if undefined
 * @param high its upper end
 * @param observed share of rows on which the sources agree; NaN without rows
 * @param expected share on which they would by chance; NaN without rows
 */
public record Kappa(
    double value,
    double standardError,
    double low,
    double high,
    double observed,
    double expected,
    Status status) {
  private static final double NORMAL_975 = 1.959963984540054;

  /** Whether there is a value. */
  public enum Status {
    DEFINED,
    /** No row was labelled by both. */
    NO_ROWS,
    /** Both said the same one class of all rows: they could not but agree. */
    ONE_CLASS
  }

  public static Kappa of(SourceAgreement sources) {
    double rows = sources.rows();
    int classes = sources.classes();
    double[] first = new double[classes];
    double[] second = new double[classes];
    double observed = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        first[i] += sources.count(i, j);
        second[j] += sources.count(i, j);
      }
      observed += sources.count(i, i);
    }
    observed /= rows;
    double expected = 0;
    boolean oneClass = false;
    for (int i = 0; i < classes; i++) {
      oneClass |= sources.count(i, i) == sources.rows();
      first[i] /= rows;
      second[i] /= rows;
      expected += first[i] * second[i];
    }
    if (rows == 0 || oneClass) {
      Status status = rows == 0 ? Status.NO_ROWS : Status.ONE_CLASS;
      double none = Double.NaN;
      return rows == 0
          ? new Kappa(none, none, none, none, none, none, status)
          : new Kappa(none, none, none, none, observed, expected, status);
    }
    double value = (observed - expected) / (1 - expected);
    double error = standardError(sources, first, second, value, expected);
    double half = NORMAL_975 * error;
    return new Kappa(
        value,
        error,
        Math.max(-1, value - half),
        Math.min(1, value + half),
        observed,
        expected,
        Status.DEFINED);
  }

  private static double standardError(
      SourceAgreement sources, double[] first, double[] second, double value, double expected) {
    double rows = sources.rows();
    double rest = 1 - value;
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      for (int j = 0; j < first.length; j++) {
        double agreed = i == j ? 1 : 0;
        double term = agreed - (second[i] + first[j]) * rest;
        sum += sources.count(i, j) / rows * term * term;
      }
    }
    double mean = value - expected * rest;
    return Math.sqrt(Math.max(0, sum - mean * mean) / rows) / (1 - expected);
  }
}
