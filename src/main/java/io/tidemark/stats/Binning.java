package io.tidemark.stats;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to bin a numeric field (METHODS 1).
 *
 * @param bins how many are wanted; 0 where the kind decides itself
 */
public record Binning(Kind kind, int bins) implements Serializable {
  private static final Pattern FORM = Pattern.compile("(quantile|equal_width)\\((\\d{1,4})\\)");
  private static final int MOST_BINS = 1000;

  /** What edges follow from. */
  public enum Kind {
    /** About equal counts of the baseline. */
    QUANTILE,
    /** Doane's rule on the baseline (NannyML). */
    DOANE,
    /** Sturges' rule on baseline and window together, each value by itself if few (Evidently). */
    STURGES,
    /** Equal width over the range of baseline and window together (Soda). */
    EQUAL_WIDTH,
    /** Equal width over each side's own range, aligned by the union of the edges (TFDV). */
    ALIGNED
  }

  public static final Binning TIDEMARK = new Binning(Kind.QUANTILE, 20);
  public static final Binning NANNYML = new Binning(Kind.DOANE, 0);
  public static final Binning EVIDENTLY = new Binning(Kind.STURGES, 0);
  public static final Binning SODA = new Binning(Kind.EQUAL_WIDTH, 10);
  public static final Binning TFDV = new Binning(Kind.ALIGNED, 10);

  /** From {@code doane}, {@code sturges}, {@code quantile(k)} or {@code equal_width(k)}. */
  public static Optional<Binning> of(String text) {
    if (text.equals("doane")) {
      return Optional.of(NANNYML);
    }
    if (text.equals("sturges")) {
      return Optional.of(EVIDENTLY);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    int bins = Integer.parseInt(form.group(2));
    Kind kind = Kind.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    return bins < 1 || bins > MOST_BINS ? Optional.empty() : Optional.of(new Binning(kind, bins));
  }

  /** Whether the bins follow from the baseline alone, so that they can be fixed with it. */
  public boolean fixed() {
    return equals(TIDEMARK) || equals(NANNYML);
  }
}
