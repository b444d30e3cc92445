package io.tidemark.simulate;

import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * Writes {@code reference/}, {@code events/}, {@code reference-labels/} and {@code labels/} where
 * the spec has a label source, and last {@code truth.json}. The reference is clean; the events hold
 * what {@link Planted} and {@link RowKind} say.
 */
public final class Simulator {
  /** A file is made in memory: wide logs have fewer rows a file, and text takes more room. */
  private static final long MOST_ROWS = 1_000_000;

  private static final long MOST_VALUES = 25_000_000;
  private static final long MOST_TEXT_VALUES = 2_500_000;
  private static final int METER_STEP = 10_000;

  private final MonitoringSpec spec;
  private final SimulationOptions options;
  private final String output;
  private final LongConsumer progress;
  private final Format format;

  private Simulator(
      MonitoringSpec spec, SimulationOptions options, String output, LongConsumer progress) {
    this.spec = spec;
    this.options = options;
    this.output = output;
    this.progress = progress;
    this.format = SimulationPlan.format(spec);
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
    SimulationPlan plan = SimulationPlan.of(spec, options);
    clear(output);
    return simulator.run(plan, threads);
  }

  /**
   * Takes an earlier simulation out of a folder.
   *
   * @throws SimulationException if the folder holds other files
   */
  static void clear(String output) throws IOException {
    boolean ours = !OutputFiles.list(OutputFiles.path(output, "truth.json")).isEmpty();
    boolean used = !OutputFiles.list(OutputFiles.path(output, "*")).isEmpty();
    java.io.File folder = new java.io.File(output);
    String[] entries = output.contains("://") ? null : folder.list();
    if (!ours && (used || (entries != null && entries.length > 0))) {
      throw new SimulationException(
          "--output=" + output + ": holds other files; choose an empty folder");
    }
    for (String part : List.of("reference", "events", "reference-labels", "labels")) {
      OutputFiles.delete(OutputFiles.list(OutputFiles.path(output, part, "*")));
    }
    OutputFiles.delete(OutputFiles.list(OutputFiles.path(output, "truth.json")));
  }

  private Format labelFormat() {
    return spec.labels().format() == null ? format : spec.labels().format();
  }

  private String run(SimulationPlan plan, int threads) throws IOException {
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
        jobs.add(() -> writeLabels("reference-labels", number, plan.reference(), from, to));
        jobs.add(() -> writeLabels("labels", number, plan.events(), from, to));
      }
    }
    run(jobs, threads);
    String truth = Truth.of(spec, options, plan, reference, events);
    OutputFiles.write(
        OutputFiles.path(output, "truth.json"), truth.getBytes(StandardCharsets.UTF_8));
    return truth;
  }

  private long rowsAFile(int columns) {
    long rows = (LogFormat.of(format).typed() ? MOST_VALUES : MOST_TEXT_VALUES) / columns;
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
        format,
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

  private void writeLabels(String part, int number, RowSource source, long from, long to)
      throws IOException {
    LogColumns columns = LogColumns.ofLabels(spec);
    Row row = source.row();
    Object[] values = new Object[columns.size()];
    write(
        part,
        number,
        labelFormat(),
        columns,
        LongStream.range(2 * from, 2 * to), // each row's label, and what is planted beside it
        index -> {
          source.make(index / 2, row);
          boolean beside = index % 2 == 1;
          if (!row.labelled || (beside && !row.fault.isRow())) {
            return null;
          }
          if (beside) {
            source.showFault(row, columns, values);
          } else {
            source.showLabel(row, columns, values);
          }
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
    byte[] content = LogFormat.of(format).writer().bytes(columns.all(), rows);
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
