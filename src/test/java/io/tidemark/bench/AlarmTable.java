package io.tidemark.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How often each preset rings where nothing is wrong, and how often and how soon where a feature
 * has shifted: {@link AlarmSimulation} over window sizes, numbers of features, kinds of variation
 * between windows and lengths of the baseline. Run by {@code scripts/alarms}; with an argument it
 * writes to that file.
 */
public final class AlarmTable {
  private static final int[] ROWS = {50, 100, 500, 1000, 5000, 10_000, 50_000, 500_000};
  private static final int[] FEATURES = {5, 20, 50, 200};
  private static final int[] BASELINES = {3, 8, 20, 50};
  private static final double[] SHIFTS = {.05, .1, .2, .5, 1};
  private static final int SEEDS = 20;

  private AlarmTable() {}

  public static void main(String[] arguments) throws Exception {
    String table = table(SEEDS);
    if (arguments.length > 0) {
      Files.writeString(Path.of(arguments[0]), table);
    } else {
      new PrintStream(System.out, true, StandardCharsets.UTF_8).print(table);
    }
  }

  private static String table(int seeds) {
    StringBuilder out = new StringBuilder(INTRODUCTION);
    for (int windows : BASELINES) {
      List<Cell> cells = new ArrayList<>();
      for (AlarmSimulation.Between between : AlarmSimulation.Between.values()) {
        for (int rows : ROWS) {
          cells.add(new Cell(between, rows, windows));
        }
      }
      // In parallel, but put together in their order.
      List<AlarmSimulation.Rates> rates =
          IntStream.range(0, cells.size())
              .parallel()
              .mapToObj(i -> cells.get(i).rates(seeds))
              .toList();
      falseAlarms(out, windows, cells, rates);
      power(out, windows, cells, rates);
    }
    return out.toString();
  }

  private record Cell(AlarmSimulation.Between between, int rows, int windows) {
    AlarmSimulation.Rates rates(int seeds) {
      AlarmSimulation simulation = new AlarmSimulation(between, rows, windows, FEATURES, SHIFTS);
      for (int seed = 0; seed < seeds; seed++) {
        simulation.run(seed);
      }
      return simulation.rates();
    }

    String head() {
      return String.format(Locale.ROOT, "| %s | %,d |", between.text(), rows);
    }
  }

  private static void falseAlarms(
      StringBuilder out, int windows, List<Cell> cells, List<AlarmSimulation.Rates> rates) {
    out.append("\n## A baseline of ").append(windows).append(" windows\n\n");
    out.append("Share of stationary windows with any alarm, for 5 / 20 / 50 / 200 features:\n\n");
    out.append("| between windows | rows a window | tidemark | nannyml | evidently |\n");
    out.append("|---|---|---|---|---|\n");
    for (int i = 0; i < cells.size(); i++) {
      out.append(cells.get(i).head());
      for (int preset = 0; preset < AlarmSimulation.PRESETS; preset++) {
        out.append(' ').append(joined(rates.get(i).anyAlarm()[preset])).append(" |");
      }
      out.append('\n');
    }
  }

  private static void power(
      StringBuilder out, int windows, List<Cell> cells, List<AlarmSimulation.Rates> rates) {
    out.append("\nOne of 20 features shifted by .05 / .1 / .2 / .5 / 1 sd: share of its windows");
    out.append(" that ring, and mean windows until the first (of 30, - for none):\n\n");
    out.append(
        "| between windows | rows a window | tidemark | delay | nannyml | delay | evidently | delay"
            + " |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < cells.size(); i++) {
      out.append(cells.get(i).head());
      for (int preset = 0; preset < AlarmSimulation.PRESETS; preset++) {
        out.append(' ').append(joined(rates.get(i).detected()[preset])).append(" |");
        out.append(' ').append(delays(rates.get(i).delay()[preset])).append(" |");
      }
      out.append('\n');
    }
  }

  private static String joined(double[] shares) {
    List<String> texts = new ArrayList<>();
    for (double share : shares) {
      texts.add(String.format(Locale.ROOT, "%.3f", share).replaceFirst("^0", ""));
    }
    return String.join(" / ", texts);
  }

  private static String delays(double[] delays) {
    List<String> texts = new ArrayList<>();
    for (double delay : delays) {
      texts.add(Double.isNaN(delay) ? "-" : String.format(Locale.ROOT, "%.1f", delay));
    }
    return String.join(" / ", texts);
  }

  private static final String INTRODUCTION =
      """
      # False alarms and power

      Made by `scripts/alarms src/docs/alarms.md`. Streams are simulated at the level of counts: 20
      seeds, each a baseline and 50 windows after it (20 with 50,000 rows or more). Three features in
      four are normal, one in four has six categories, the rarest with 2 % of the rows; `sd` is that
      of a feature's mean (a category's share is tilted by as much). Baseline and windows have the
      same length. Preset `tidemark` as it is without configuration: `fdr` .01, `effect` .05,
      `min_rows` 100. Its families hold the drift of the features alone; missing and unseen values
      and volume, which add tests, are judged by the same rule.

      Between windows: *none*, rows are independent; *.05 sd* and *.1 sd*, each feature's mean moves
      from window to window, independently; *weekly*, the means follow a sine of amplitude .1 sd over
      7 windows; all of these daily windows. *daily*: hourly windows, the sine over 24 of them. 3 or 8
      hourly windows have seen less than a day, so the rule leaves room for what other hours may
      bring: they ring for large changes only, but from .5 sd on they do.
      """;
}
