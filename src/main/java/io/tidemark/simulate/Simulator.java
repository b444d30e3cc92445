package io.tidemark.simulate;

import io.tidemark.spec.Field;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Writes {@code reference/}, {@code events/}, {@code labels/} where the spec has a label source,
 * and last {@code truth.json}. The reference is clean; the events hold what {@link Planted} and
 * {@link RowKind} say.
 */
public final class Simulator {
  /** About where logs begin: the start of the window at this time. */
  private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

  /** A file is made in memory: wide logs have fewer rows a file, and text takes more room. */
  private static final long MOST_ROWS = 1_000_000;

  private static final long MOST_VALUES = 25_000_000;
  private static final long MOST_TEXT_VALUES = 2_500_000;
  private static final int METER_STEP = 10_000;

  private final MonitoringSpec spec;
  private final SimulationOptions options;
  private final String output;
  private final LongConsumer progress;

  private Simulator(
      MonitoringSpec spec, SimulationOptions options, String output, LongConsumer progress) {
    this.spec = spec;
    this.options = options;
    this.output = output;
    this.progress = progress;
  }

  /**
   * @param threads files written at the same time, each with some 500 MB of memory where they are
   *     large; the files do not depend on it
   * @param progress told how many more rows are written, from several threads
   * @return what {@code truth.json} says
   * @throws SimulationException if the spec cannot have what the options ask for, or the output
   *     holds other files
   */
  public static String simulate(
      MonitoringSpec spec,
      SimulationOptions options,
      String output,
      int threads,
      LongConsumer progress)
      throws IOException {
    Simulator simulator = new Simulator(spec, options, output, progress);
    simulator.check();
    Plan plan = simulator.plan();
    simulator.clear();
    return simulator.run(plan, threads);
  }

  private void check() {
    if (options.drift().contains(Drift.CONCEPT)
        && spec.events().label() == null
        && spec.labels() == null) {
      throw new SimulationException(
          "--drift=concept: changes the truth, and the spec has neither events.label nor labels;"
              + " declare one of them");
    }
  }

  private void clear() throws IOException {
    boolean ours = !OutputFiles.list(OutputFiles.path(output, "truth.json")).isEmpty();
    boolean used = !OutputFiles.list(OutputFiles.path(output, "*")).isEmpty();
    java.io.File folder = new java.io.File(output);
    String[] entries = output.contains("://") ? null : folder.list();
    if (!ours && (used || (entries != null && entries.length > 0))) {
      throw new SimulationException(
          "--output=" + output + ": holds other files; choose an empty folder");
    }
    for (String part : List.of("reference", "events", "labels")) {
      OutputFiles.delete(OutputFiles.list(OutputFiles.path(output, part, "*")));
    }
    OutputFiles.delete(OutputFiles.list(OutputFiles.path(output, "truth.json")));
  }

  private Format format() {
    return spec.events().format() == null ? Format.PARQUET : spec.events().format();
  }

  private Format labelFormat() {
    return spec.labels().format() == null ? format() : spec.labels().format();
  }

  /**
   * What is to be written.
   *
   * @param seasonal feature whose mean follows the season, or null
   */
  record Plan(
      Timeline before,
      Timeline after,
      List<Planted> planted,
      String seasonal,
      List<List<String>> correlated,
      RowSource reference,
      RowSource events) {}

  private Plan plan() {
    long seed = options.seed();
    int windows = options.windows();
    long rows = options.rows();
    Season season = new Season(options.seasonality(), options.amplitude());
    long begin = spec.window().startOf(WindowSpec.micros(BEGIN));
    Timeline before =
        new Timeline(
            spec.window(), windows, begin, rows, season, new Draws(seed, "reference times"));
    Timeline after =
        new Timeline(
            spec.window(),
            windows,
            before.start(windows),
            rows,
            season,
            new Draws(seed, "event times"));
    Outcomes outcomes = Outcomes.of(spec);
    String favoured = outcomes.groups().get(outcomes.favoured());
    List<Planted> planted = Planted.in(spec.features(), options, favoured);
    String seasonal = seasonal(planted);
    int outputs = outcomes.outputs();
    Features steady = new Features(spec, options, "reference", List.of(), seasonal, outputs);
    Features drifting = new Features(spec, options, "events", planted, seasonal, outputs);
    Draws kinds = new Draws(seed, "events kinds");
    RowKinds clean = RowKinds.clean(spec, before, kinds);
    RowKinds faulty = options.clean() ? clean : RowKinds.faulty(spec, format(), after, kinds);
    return new Plan(
        before,
        after,
        planted,
        seasonal,
        drifting.correlated(),
        new RowSource(spec, seed, "reference", before, steady, List.of(), clean),
        new RowSource(spec, seed, "events", after, drifting, planted, faulty));
  }

  /** The last feature in which nothing else is planted, if there is one. */
  private String seasonal(List<Planted> planted) {
    if (options.seasonality() == Seasonality.NONE) {
      return null;
    }
    String seasonal = null;
    boolean planless = false;
    for (Field field : spec.features()) {
      boolean free = planted.stream().noneMatch(change -> change.field().equals(field.name()));
      if (field.numeric() && (free || !planless)) {
        seasonal = field.name();
        planless |= free;
      }
    }
    return seasonal;
  }

  private String run(Plan plan, int threads) throws IOException {
    Tally reference = plan.reference().tally();
    Tally events = plan.events().tally();
    List<FileJob> jobs = new ArrayList<>();
    long step = rowsAFile(plan.events().columns().size());
    for (long first = 0; first < options.rows(); first += step) {
      long from = first;
      long to = Math.min(options.rows(), first + step);
      int number = Math.toIntExact(first / step);
      jobs.add(() -> writeEvents("reference", number, plan.reference(), from, to, reference));
      jobs.add(() -> writeEvents("events", number, plan.events(), from, to, events));
      if (spec.labels() != null) {
        jobs.add(() -> writeLabels(number, plan.events(), from, to));
      }
    }
    run(jobs, threads);
    String truth = Truth.of(spec, options, plan, reference, events);
    OutputFiles.write(
        OutputFiles.path(output, "truth.json"), truth.getBytes(StandardCharsets.UTF_8));
    return truth;
  }

  private long rowsAFile(int columns) {
    boolean text = format() == Format.JSONL || format() == Format.CSV;
    long rows = (text ? MOST_TEXT_VALUES : MOST_VALUES) / columns;
    return Math.max(1000, Math.min(MOST_ROWS, rows / 1000 * 1000));
  }

  private interface FileJob {
    void run() throws IOException;
  }

  private static void run(List<FileJob> jobs, int threads) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (FileJob job : jobs) {
        running.add(
            pool.submit(
                () -> {
                  job.run();
                  return null;
                }));
      }
      for (Future<?> file : running) {
        file.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SimulationException wrong) {
        throw wrong;
      }
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private void writeEvents(String part, int number, RowSource source, long from, long to, Tally all)
      throws IOException {
    Row row = source.row();
    Tally tally = source.tally();
    Object[] values = new Object[source.columns().size()];
    write(
        part,
        number,
        format(),
        source.columns(),
        LongStream.range(from, to),
        index -> {
          source.make(index, row);
          source.show(row, values);
          source.count(row, tally);
          return new LogRow(values, row.kind);
        });
    all.add(tally);
  }

  private void writeLabels(int number, RowSource source, long from, long to) throws IOException {
    LogColumns columns = LogColumns.ofLabels(spec);
    Row row = source.row();
    Object[] values = new Object[columns.size()];
    write(
        "labels",
        number,
        labelFormat(),
        columns,
        LongStream.range(from, to),
        index -> {
          source.make(index, row);
          if (!row.labelled) {
            return null;
          }
          source.showLabel(row, columns, values);
          return new LogRow(values, RowKind.GOOD);
        });
  }

  /** A file is made in memory and put in place whole: its size is bounded by its rows. */
  private void write(
      String part,
      int number,
      Format format,
      LogColumns columns,
      LongStream numbers,
      LongFunction<LogRow> toRow)
      throws IOException {
    Iterable<LogRow> rows =
        () -> numbers.peek(this::report).mapToObj(toRow).filter(Objects::nonNull).iterator();
    byte[] content =
        switch (format) {
          case PARQUET -> ParquetLog.bytes(columns.all(), rows);
          case AVRO -> AvroLog.bytes(columns.all(), rows);
          case JSONL -> JsonLinesLog.bytes(columns.all(), rows);
          case CSV -> CsvLog.bytes(columns.all(), rows);
        };
    String name =
        String.format(Locale.ROOT, "part-%05d.%s", number, format.name().toLowerCase(Locale.ROOT));
    OutputFiles.write(OutputFiles.path(output, part, name), content);
  }

  private void report(long row) {
    if (row % METER_STEP == 0) {
      progress.accept(METER_STEP);
    }
  }
}
