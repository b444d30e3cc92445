package io.tidemark.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Whole processes against the clock: {@code monitor} on simulated Parquet logs, and DuckDB on the
 * same files with the same threads, in turn, so that a noisy machine disturbs both alike. Run by
 * {@code scripts/bench}; the last line is the ratio of Tidemark's wall time to DuckDB's.
 *
 * <p>Arguments: {@code rows} of the main table, 16 million by default; {@code folder} for the logs,
 * which are kept for the next time.
 */
public final class Bench {
  private static final int NUMERIC = 15;
  private static final int CATEGORICAL = 5;
  private static final int PAIRS = 3;
  private static final String MEMORY = "4g";

  /** Little, so that what is held shows and not what the collector leaves lying about. */
  private static final String GROWTH_MEMORY = "1g";

  private final Path folder;
  private final int threads = Math.min(2, Runtime.getRuntime().availableProcessors());

  private Bench(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 16_000_000;
    Path folder = Path.of(arguments.length > 1 ? arguments[1] : "target/bench");
    Files.createDirectories(folder);
    Bench bench = new Bench(folder);
    double ratio = bench.againstDuckDb(rows, false);
    bench.againstDuckDb(rows / 4, true);
    bench.growth(rows / 16);
    System.out.printf(Locale.ROOT, "%nratio: %.2f%n", ratio);
  }

  /** What a process used. */
  private record Cost(double wall, double cpu, long peakMegabytes) {}

  /** A log with its spec and baseline. */
  private record Log(Path spec, Path baseline, Path events, long rows) {}

  private double againstDuckDb(long rows, boolean ids) throws Exception {
    Log log = log(rows, NUMERIC, CATEGORICAL, ids, "PT1H");
    System.out.printf(
        Locale.ROOT,
        "%n%,d rows, %d numeric and %d categorical features, hourly windows over a day,"
            + " %d threads%s%n",
        rows,
        NUMERIC,
        CATEGORICAL,
        threads,
        ids ? ", ids and duplicate removal" : "");
    System.out.println(
        "| run | DuckDB wall, cpu s | LocalRunner wall, cpu s, MB | Flink [local] |");
    System.out.println("|---|---|---|---|");
    List<Cost> duckdb = new ArrayList<>();
    List<Cost> direct = new ArrayList<>();
    List<Cost> flink = new ArrayList<>();
    for (int pair = 1; pair <= PAIRS; pair++) {
      duckdb.add(duckDb(log, ids));
      direct.add(monitor(log, "LocalRunner", MEMORY));
      flink.add(monitor(log, "FlinkRunner", MEMORY));
      System.out.printf(
          "| %d | %s | %s | %s |%n",
          pair, shown(last(duckdb)), shown(last(direct)), shown(last(flink)));
    }
    double ratio = ratio(direct, duckdb, Cost::wall);
    System.out.printf(
        Locale.ROOT,
        "Medians of the pairs' ratios. LocalRunner to DuckDB: wall %.2f, cpu %.2f. Flink to DuckDB:"
            + " wall %.2f, cpu %.2f. LocalRunner to Flink: wall %.2f.%n",
        ratio,
        ratio(direct, duckdb, Cost::cpu),
        ratio(flink, duckdb, Cost::wall),
        ratio(flink, duckdb, Cost::cpu),
        ratio(direct, flink, Cost::wall));
    return ratio;
  }

  private static String shown(Cost cost) {
    return String.format(
        Locale.ROOT, "%.1f, %.1f, %,d", cost.wall(), cost.cpu(), cost.peakMegabytes());
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static double ratio(List<Cost> ours, List<Cost> theirs, ToDoubleFunction<Cost> figure) {
    double[] ratios = new double[ours.size()];
    Arrays.setAll(
        ratios, i -> figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i)));
    Arrays.sort(ratios);
    return ratios[ratios.length / 2];
  }

  /** What more rows, features and windows cost: whole processes, start-up included. */
  private void growth(long rows) throws Exception {
    System.out.println(
        "\nOne process each, LocalRunner, -Xmx1g: what more rows, features, windows cost");
    System.out.println(
        "| rows | features | windows | ids | wall s | cpu s | MB | cpu ns a value |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (long more : new long[] {1, 4, 16}) {
      row(rows * more, NUMERIC, CATEGORICAL, false, "PT1H", 24);
    }
    row(rows, 4, 1, false, "PT1H", 24);
    row(rows, 150, 50, false, "PT1H", 24);
    row(rows, NUMERIC, CATEGORICAL, false, "P1D", 1);
    row(rows, NUMERIC, CATEGORICAL, false, "PT5M", 288);
    row(rows, NUMERIC, CATEGORICAL, true, "PT1H", 24);
  }

  private void row(long rows, int numeric, int categorical, boolean ids, String window, int windows)
      throws Exception {
    Cost cost = monitor(log(rows, numeric, categorical, ids, window), "LocalRunner", GROWTH_MEMORY);
    System.out.printf(
        Locale.ROOT,
        "| %,d | %d | %d | %s | %.1f | %.1f | %,d | %.1f |%n",
        rows,
        numeric + categorical,
        windows,
        ids ? "yes" : "no",
        cost.wall(),
        cost.cpu(),
        cost.peakMegabytes(),
        cost.cpu() * 1e9 / rows / (numeric + categorical + 1));
  }

  private Log log(long rows, int numeric, int categorical, boolean ids, String window)
      throws Exception {
    String name = rows + "-" + numeric + "-" + categorical + (ids ? "-ids" : "");
    Path log = folder.resolve(name);
    // Twelve windows of two hours are a day, whatever the windows are that it is watched in.
    Path shape = folder.resolve(name + ".yaml");
    Files.writeString(shape, spec(numeric, categorical, ids, "PT2H"));
    if (!Files.exists(log.resolve("truth.json"))) {
      run(tidemark(MEMORY, "simulate", "--spec=" + shape, "--output=" + log, "--rows=" + rows));
    }
    Path spec = folder.resolve(name + "-" + window + ".yaml");
    Files.writeString(spec, spec(numeric, categorical, ids, window));
    Path baseline = folder.resolve(name + "-" + window + ".avro");
    if (!Files.exists(baseline)) {
      run(
          tidemark(
              MEMORY,
              "baseline",
              "--spec=" + spec,
              "--events=" + log.resolve("reference"),
              "--output=" + baseline));
    }
    return new Log(spec, baseline, log.resolve("events"), rows);
  }

  private static String spec(int numeric, int categorical, boolean ids, String window) {
    StringBuilder spec = new StringBuilder("model: bench\ntask: regression\nevents:\n");
    spec.append(ids ? "  id: id\n" : "");
    spec.append("  time: timestamp\n  prediction: {value: prediction}\nfeatures:\n");
    for (int i = 0; i < numeric; i++) {
      spec.append(String.format(Locale.ROOT, "  n%03d: numeric%n", i));
    }
    for (int i = 0; i < categorical; i++) {
      spec.append(String.format(Locale.ROOT, "  c%03d: categorical%n", i));
    }
    spec.append("window: {size: ").append(window).append(", origin: 2024-01-01T00:00:00Z}\n");
    return spec.append("snapshot: off\n").toString();
  }

  private Cost monitor(Log log, String runner, String memory) throws Exception {
    Path output = folder.resolve("output");
    delete(output);
    return run(
        tidemark(
            memory,
            "monitor",
            "--spec=" + log.spec(),
            "--events=" + log.events(),
            "--baseline=" + log.baseline(),
            "--output=" + output,
            "--runner=" + runner,
            runner.equals("LocalRunner")
                ? "--targetParallelism=" + threads
                : "--parallelism=" + threads));
  }

  private Cost duckDb(Log log, boolean ids) throws Exception {
    return run(
        List.of(
            java(),
            "-cp",
            System.getProperty("java.class.path"),
            DuckDbQuery.class.getName(),
            query(log, ids),
            Integer.toString(threads)));
  }

  private static String query(Log log, boolean ids) {
    StringBuilder query =
        new StringBuilder("select time_bucket(interval '1 hour', timestamp) as w, count(*)");
    for (int i = 0; i < NUMERIC; i++) {
      query.append(
          String.format(
              Locale.ROOT,
              ", count(n%1$03d), min(n%1$03d), max(n%1$03d), avg(n%1$03d), stddev(n%1$03d),"
                  + " approx_quantile(n%1$03d, [.01, .05, .1, .25, .5, .75, .9, .95, .99])",
              i));
    }
    for (int i = 0; i < CATEGORICAL; i++) {
      query.append(
          String.format(Locale.ROOT, ", histogram(c%1$03d), approx_count_distinct(c%1$03d)", i));
    }
    String files = "read_parquet('" + log.events() + "/*.parquet')";
    return query
        .append(" from ")
        .append(ids ? "(select distinct on (id) * from " + files + ")" : files)
        .append(" group by 1 order by 1")
        .toString();
  }

  /** As {@code scripts/tidemark} does. */
  private static List<String> tidemark(String memory, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("env", "TIDEMARK_MEMORY=" + memory, "scripts/tidemark"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs a process to its end; CPU and memory as the kernel tells them while it lives. */
  private Cost run(List<String> command) throws IOException, InterruptedException {
    File output = folder.resolve("process.log").toFile();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    double cpu = 0;
    long peak = 0;
    while (process.isAlive()) {
      cpu = Math.max(cpu, cpuSeconds(process));
      peak = Math.max(peak, peakMegabytes(process));
      Thread.sleep(10);
    }
    double wall = (System.nanoTime() - start) / 1e9;
    if (process.waitFor() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed:\n"
              + Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }
    return new Cost(wall, cpu, peak);
  }

  private static double cpuSeconds(Process process) {
    return process.info().totalCpuDuration().map(cpu -> cpu.toNanos() / 1e9).orElse(0.0);
  }

  private static long peakMegabytes(Process process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", process.pid() + "", "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // it has just ended, or there is no such file here
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
