package io.tidemark.bench;

import io.tidemark.stats.BenjaminiHochberg;
import io.tidemark.stats.BetweenWindowVariation;
import io.tidemark.stats.Distances;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.DriftRule.Judgement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Streams of windows of one length, drawn as counts: a window's rows fall into a feature's cells
 * with the probabilities that its mean gives, so half a million rows cost as much as fifty.
 */
final class AlarmSimulation {
  static final int PRESETS = 3;
  private static final double FDR = .01;
  private static final double EFFECT = .05;
  private static final long MIN_ROWS = 100;
  private static final double EVIDENTLY = .1;
  private static final int SHIFTED_FAMILY = 20;
  private static final int SHIFTED_WINDOWS = 30;
  private static final double[] CATEGORIES = {.4, .25, .15, .1, .08, .02};
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double[] QUANTILES = new double[19];
  private static final double[] WIDTHS = new double[17];

  static {
    for (int i = 0; i < QUANTILES.length; i++) {
      QUANTILES[i] = NORMAL.inverseCumulativeProbability((i + 1) / 20.0);
    }
    for (int i = 0; i < WIDTHS.length; i++) {
      WIDTHS[i] = -4 + i * .5;
    }
  }

  /** All edges, ascending: cells of quantile and of equal-width bins are sums of theirs. */
  private static final double[] EDGES =
      Arrays.stream(new double[][] {QUANTILES, WIDTHS})
          .flatMapToDouble(Arrays::stream)
          .sorted()
          .distinct()
          .toArray();

  /** How windows differ though nothing is wrong. */
  enum Between {
    NONE("none"),
    SMALL(".05 sd"),
    LARGE(".1 sd"),
    DAILY("daily"),
    WEEKLY("weekly");

    private final String text;

    Between(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    double mean(int window, double phase, SplittableRandom random) {
      return switch (this) {
        case NONE -> 0;
        case SMALL -> .05 * CountDraws.gaussian(random);
        case LARGE -> .1 * CountDraws.gaussian(random);
        case DAILY -> .1 * Math.sin(2 * Math.PI * (window / 24.0 + phase));
        case WEEKLY -> .1 * Math.sin(2 * Math.PI * (window / 7.0 + phase));
      };
    }
  }

  /**
   * By preset: tidemark, nannyml, evidently.
   *
   * @param anyAlarm share of stationary windows with an alarm, by number of features
   * @param detected share of windows in which the shifted feature rings, by shift
   * @param delay mean windows from the shift to its first alarm, 1 at least; NaN: never
   */
  @SuppressWarnings("ArrayRecordComponent") // figures handed to the table
  record Rates(double[][] anyAlarm, double[][] detected, double[][] delay) {}

  private final Between between;
  private final int rows;
  private final int baselineWindows;
  private final int[] families;
  private final double[] shifts;
  private final int windows;
  private int judged;
  private final int[][] any;
  private int shifted;
  private final int[][] found;
  private final double[][] delays;
  private final int[][] arrived;

  AlarmSimulation(Between between, int rows, int baselineWindows, int[] families, double[] shifts) {
    this.between = between;
    this.rows = rows;
    this.baselineWindows = baselineWindows;
    this.families = families;
    this.shifts = shifts;
    this.windows = rows >= 50_000 ? 20 : 50;
    this.any = new int[PRESETS][families.length];
    this.found = new int[PRESETS][shifts.length];
    this.delays = new double[PRESETS][shifts.length];
    this.arrived = new int[PRESETS][shifts.length];
  }

  /** A baseline and the windows after it. */
  void run(long seed) {
    SplittableRandom random =
        new SplittableRandom(seed * 1_000_003 + rows * 31L + between.ordinal());
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < families[families.length - 1]; i++) {
      features.add(new Feature(i % 4 == 3, random));
    }
    for (int w = 0; w < windows; w++) {
      stationary(features, baselineWindows + w, random);
    }
    for (int shift = 0; shift < shifts.length; shift++) {
      shifted(features.subList(0, SHIFTED_FAMILY), shift, random);
    }
  }

  private void stationary(List<Feature> features, int window, SplittableRandom random) {
    Verdict[] verdicts = new Verdict[features.size()];
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = features.get(i).judge(window, 0, random);
    }
    judged++;
    for (int family = 0; family < families.length; family++) {
      boolean[][] alarms = alarms(Arrays.copyOf(verdicts, families[family]));
      for (int preset = 0; preset < PRESETS; preset++) {
        boolean rang = false;
        for (boolean alarm : alarms[preset]) {
          rang |= alarm;
        }
        any[preset][family] += rang ? 1 : 0;
      }
    }
  }

  private void shifted(List<Feature> features, int shift, SplittableRandom random) {
    int[] first = new int[PRESETS];
    for (int w = 1; w <= SHIFTED_WINDOWS; w++) {
      Verdict[] verdicts = new Verdict[features.size()];
      for (int i = 0; i < verdicts.length; i++) {
        double by = i == 0 ? shifts[shift] : 0;
        verdicts[i] = features.get(i).judge(baselineWindows + w, by, random);
      }
      boolean[][] alarms = alarms(verdicts);
      for (int preset = 0; preset < PRESETS; preset++) {
        if (alarms[preset][0]) {
          found[preset][shift]++;
          first[preset] = first[preset] == 0 ? w : first[preset];
        }
      }
    }
    shifted += shift == 0 ? SHIFTED_WINDOWS : 0;
    for (int preset = 0; preset < PRESETS; preset++) {
      if (first[preset] > 0) {
        delays[preset][shift] += first[preset];
        arrived[preset][shift]++;
      }
    }
  }

  /** Hourly windows that leave more than a quarter of the day out. */
  private boolean partOfDay() {
    return between == Between.DAILY && baselineWindows < 18;
  }

  private boolean[][] alarms(Verdict[] verdicts) {
    double[] p = new double[verdicts.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = verdicts[i].judgement.pValue();
    }
    double[] adjusted = BenjaminiHochberg.adjust(p);
    boolean[][] alarms = new boolean[PRESETS][verdicts.length];
    for (int i = 0; i < p.length; i++) {
      alarms[0][i] =
          rows >= MIN_ROWS && adjusted[i] <= FDR && verdicts[i].judgement.effect() > EFFECT;
      alarms[1][i] = verdicts[i].nannyml;
      alarms[2][i] = verdicts[i].evidently;
    }
    return alarms;
  }

  Rates rates() {
    double[][] anyAlarm = new double[PRESETS][families.length];
    double[][] detected = new double[PRESETS][shifts.length];
    double[][] delay = new double[PRESETS][shifts.length];
    for (int preset = 0; preset < PRESETS; preset++) {
      for (int i = 0; i < families.length; i++) {
        anyAlarm[preset][i] = (double) any[preset][i] / judged;
      }
      for (int i = 0; i < shifts.length; i++) {
        detected[preset][i] = (double) found[preset][i] / shifted;
        delay[preset][i] = delays[preset][i] / arrived[preset][i];
      }
    }
    return new Rates(anyAlarm, detected, delay);
  }

  /** What the presets say of a feature in a window, before the family is judged. */
  private record Verdict(Judgement judgement, boolean nannyml, boolean evidently) {}

  private final class Feature {
    private final boolean categorical;
    private final double phase;
    private final long[] total;
    private final long[] coarse;
    private final BetweenWindowVariation variation;
    private final double nannyMlThreshold;

    Feature(boolean categorical, SplittableRandom random) {
      this.categorical = categorical;
      this.phase = random.nextDouble();
      List<long[]> fine = new ArrayList<>();
      long[] all = null;
      for (int w = 0; w < baselineWindows; w++) {
        long[] window = draw(w, 0, random);
        fine.add(window);
        long[] sum = all == null ? new long[window.length] : all;
        Arrays.setAll(sum, i -> sum[i] + window[i]);
        all = sum;
      }
      this.total = all;
      this.coarse = cells(all, QUANTILES);
      this.variation =
          BetweenWindowVariation.of(coarse, windowsOf(fine), !categorical, MIN_ROWS, !partOfDay());
      double[] distances = fine.stream().mapToDouble(this::nannyMl).toArray();
      double mean = Arrays.stream(distances).average().orElse(0);
      double squares = Arrays.stream(distances).map(d -> (d - mean) * (d - mean)).sum();
      this.nannyMlThreshold = mean + 3 * Math.sqrt(squares / distances.length);
    }

    private List<long[]> windowsOf(List<long[]> fine) {
      return fine.stream().map(window -> cells(window, QUANTILES)).toList();
    }

    private double nannyMl(long[] window) {
      return Distances.jensenShannon(cells(total, WIDTHS), cells(window, WIDTHS));
    }

    Verdict judge(int window, double shift, SplittableRandom random) {
      long[] counts = draw(window, shift, random);
      Judgement judgement =
          DriftRule.judge(coarse, cells(counts, QUANTILES), !categorical, variation);
      boolean evidently =
          categorical
              ? Distances.jensenShannonLn(total, counts) >= EVIDENTLY
              : Math.abs(mean(total) - mean(counts)) >= EVIDENTLY;
      return new Verdict(judgement, nannyMl(counts) > nannyMlThreshold, evidently);
    }

    private long[] draw(int window, double shift, SplittableRandom random) {
      double mean = between.mean(window, phase, random) + shift;
      return CountDraws.multinomial(categorical ? tilted(mean) : normal(mean), rows, random);
    }

    /** Counts between some of the edges; categories as they are. */
    private long[] cells(long[] counts, double[] edges) {
      if (categorical) {
        return counts;
      }
      long[] cells = new long[edges.length + 1];
      int cell = 0;
      for (int i = 0; i < counts.length; i++) {
        cells[cell] += counts[i];
        if (i < EDGES.length && cell < edges.length && EDGES[i] == edges[cell]) {
          cell++;
        }
      }
      return cells;
    }
  }

  /** The mean of a normal feature from its cells: shifts move W₁, in sd, by as much. */
  private static double mean(long[] counts) {
    double sum = 0;
    double rows = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i] * MIDDLES[i];
      rows += counts[i];
    }
    return sum / rows;
  }

  /** Mean of a standard normal within each cell. */
  private static final double[] MIDDLES = new double[EDGES.length + 1];

  static {
    for (int i = 0; i < MIDDLES.length; i++) {
      double low = i == 0 ? -40 : EDGES[i - 1];
      double high = i == EDGES.length ? 40 : EDGES[i];
      MIDDLES[i] = (NORMAL.density(low) - NORMAL.density(high)) / NORMAL.probability(low, high);
    }
  }

  private static double[] normal(double mean) {
    double[] shares = new double[EDGES.length + 1];
    double before = 0;
    for (int i = 0; i < EDGES.length; i++) {
      double at = NORMAL.cumulativeProbability(EDGES[i] - mean);
      shares[i] = at - before;
      before = at;
    }
    shares[EDGES.length] = 1 - before;
    return shares;
  }

  /** Shares tilted along the categories, scaled so that a tilt of 1 moves their score by an sd. */
  private static double[] tilted(double by) {
    double mean = 0;
    double square = 0;
    for (int i = 0; i < CATEGORIES.length; i++) {
      mean += CATEGORIES[i] * i;
      square += CATEGORIES[i] * i * i;
    }
    double deviation = Math.sqrt(square - mean * mean);
    double[] shares = new double[CATEGORIES.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = CATEGORIES[i] * Math.exp(by * (i - mean) / deviation);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
