package io.tidemark.loop;

import io.tidemark.loop.LoopModel.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Does it help to train on what Tidemark chooses? A model in production is hit by what is planted;
 * others are trained on rows of the day before, and all are held against the truth of the later
 * day. {@code scripts/loop-demo DIR} shows one turn of the loop; {@code scripts/loop-demo DIR
 * SEEDS} measures several, each with several simulated logs.
 */
public final class LoopDemo {
  private static final int ROWS = 40_000;
  private static final int SNAPSHOT = 2_000;

  /** What is planted, by what it is called. */
  private static final Map<String, String[]> PLANTED = new LinkedHashMap<>();

  static {
    PLANTED.put("concept drift in a slice", new String[] {"--drift=slice2"});
    PLANTED.put("concept drift", new String[] {"--drift=concept", "--size=concept=0.8"});
    PLANTED.put("covariate drift", new String[] {"--drift=covariate", "--size=covariate=1.5"});
    PLANTED.put("label noise", new String[] {"--drift=flips", "--size=flips=0.2"});
  }

  private LoopDemo() {}

  /** How a model fares on later rows: accuracy on all, and in the planted slice. */
  private record Score(double all, double slice) {
    static Score of(LoopModel model, List<Row> later, LoopLog log) {
      int right = 0;
      int in = 0;
      int rightIn = 0;
      for (Row row : later) {
        boolean good = (model.predict(row) >= .5) == row.label().equals("1");
        boolean inSlice = log.inSlice(row);
        right += good ? 1 : 0;
        in += inSlice ? 1 : 0;
        rightIn += good && inSlice ? 1 : 0;
      }
      return new Score((double) right / later.size(), in == 0 ? Double.NaN : (double) rightIn / in);
    }
  }

  /** By how they were chosen, the rows that models are trained on. */
  private static Map<String, List<Row>> trainingSets(LoopLog log, long seed)
      throws IOException, SQLException {
    Map<String, List<Row>> sets = new LinkedHashMap<>();
    log.monitor();
    List<Row> snapshot = log.snapshot();
    List<Row> reference = log.rows("reference", "reference-labels");
    sets.put("a", sample(reference, snapshot.size(), seed));
    sets.put("b", sample(log.day(LoopLog.THIRD_DAY), snapshot.size(), seed));
    sets.put("c", sorted(snapshot));
    log.correct();
    sets.put("d", sorted(log.snapshot()));
    return sets;
  }

  private static List<Row> sample(List<Row> rows, int size, long seed) {
    List<Row> shuffled = new ArrayList<>(rows.stream().filter(row -> row.label() != null).toList());
    Collections.shuffle(shuffled, new Random(seed));
    return sorted(shuffled.subList(0, Math.min(size, shuffled.size())));
  }

  /** One order whatever the rows come from: the model depends on it. */
  private static List<Row> sorted(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(Row::id));
    Collections.shuffle(sorted, new Random(1));
    return sorted;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  /**
   * @param args a folder, and how many seeds
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/loop-demo");
    if (args.length > 1) {
      measure(folder, Integer.parseInt(args[1]));
    } else {
      show(folder);
    }
  }

  private static void show(Path folder) throws Exception {
    delete(folder);
    LoopLog log =
        LoopLog.simulate(folder, ROWS, SNAPSHOT, 1, "--drift=slice2,flips", "--size=flips=0.1");
    say(
        "A model in production; from 2024-01-07 on it fails in a slice, and a tenth of the labels is wrong.");
    String[] said = log.monitor().split("\n");
    for (String line : said) {
      if (line.startsWith("Worst slice") || line.startsWith("Label issues")) {
        say("  " + line);
      }
    }
    int right = log.correct();
    say(
        "People look at the review queue and put "
            + right
            + " labels right; the program runs again.");
    List<Row> snapshot = sorted(log.snapshot());
    say(
        "A model is trained on the snapshot of 2024-01-07: "
            + snapshot.size()
            + " rows, with their weights.");
    LoopModel model = LoopModel.train(snapshot);
    Path next = folder.resolve("next-out");
    log.monitor(log.predictedBy(model), log.labels(), next);
    say("");
    say("2024-01-08 as the program measures it      before   after");
    for (String metric : List.of("accuracy", "f1", "roc_auc")) {
      say(
          String.format(
              Locale.ROOT,
              "  %-39s %7.4f %7.4f",
              metric,
              LoopLog.metric(log.output, metric),
              LoopLog.metric(next, metric)));
    }
    say("Outputs before: " + log.output + ", after: " + next);
  }

  private static void measure(Path folder, int seeds) throws Exception {
    say("Accuracy on the later day, means and standard errors of " + seeds + " seeds");
    say(
        "a: rows of the reference; b: random rows of the drifted day; c: its snapshot, weighted; d: the same after corrections");
    for (Map.Entry<String, String[]> planted : PLANTED.entrySet()) {
      Map<String, List<Score>> scores = new LinkedHashMap<>();
      for (int seed = 1; seed <= seeds; seed++) {
        delete(folder);
        LoopLog log = LoopLog.simulate(folder, ROWS, SNAPSHOT, seed, planted.getValue());
        Map<String, List<Row>> sets = trainingSets(log, seed);
        List<Row> later = log.day(LoopLog.LATER).stream().map(log::truly).toList();
        for (Map.Entry<String, List<Row>> set : sets.entrySet()) {
          Score score = Score.of(LoopModel.train(set.getValue()), later, log);
          scores.computeIfAbsent(set.getKey(), any -> new ArrayList<>()).add(score);
        }
      }
      say("");
      say(planted.getKey());
      scores.forEach(
          (set, each) ->
              say(
                  "  "
                      + set
                      + "  "
                      + mean(each.stream().mapToDouble(Score::all).toArray())
                      + slice(each)));
      for (String[] pair : new String[][] {{"c", "a"}, {"c", "b"}, {"d", "c"}}) {
        say(
            "  "
                + pair[0]
                + " - "
                + pair[1]
                + "  "
                + difference(scores.get(pair[0]), scores.get(pair[1])));
      }
    }
  }

  private static String slice(List<Score> scores) {
    double[] in = scores.stream().mapToDouble(Score::slice).toArray();
    return Double.isNaN(in[0]) ? "" : "  in the slice " + mean(in);
  }

  private static String difference(List<Score> one, List<Score> other) {
    double[] all = new double[one.size()];
    double[] slice = new double[one.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = one.get(i).all() - other.get(i).all();
      slice[i] = one.get(i).slice() - other.get(i).slice();
    }
    return mean(all) + (Double.isNaN(slice[0]) ? "" : "  in the slice " + mean(slice));
  }

  /** With its standard error. */
  private static String mean(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
    return String.format(Locale.ROOT, "%+.4f +- %.4f", mean, error);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
