package io.tidemark.simulate;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Sends a log's events when their time comes, and their labels when theirs does. The events are
 * those of {@link Simulator} with the same options, but begin in the window that holds the present:
 * what of it is past is sent at once.
 */
public final class LiveSimulation {
  private final MonitoringSpec spec;
  private final SimulationOptions options;
  private final SimulationPlan plan;
  private final Lines events;
  private final Lines labels;
  private final Clock clock;

  /** Where lines go. */
  public interface Lines {
    /**
     * @param line a JSON object, or what is planted instead of one
     */
    void send(byte[] line) throws IOException;

    /** Returns when all that was sent has arrived. */
    void flush() throws IOException;
  }

  /** The present. */
  public interface Clock {
    Clock WALL =
        new Clock() {
          @Override
          public long now() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
          }

          @Override
          public void sleepUntil(long micros) throws InterruptedException {
            Thread.sleep(Math.max(0, (micros - now() + 999) / 1000));
          }
        };

    /** Microseconds since the epoch. */
    long now();

    void sleepUntil(long micros) throws InterruptedException;
  }

  private record Due(long at, long number, byte[] line) {}

  private LiveSimulation(
      MonitoringSpec spec, SimulationOptions options, Lines events, Lines labels, Clock clock) {
    this.spec = spec;
    this.options = options;
    this.plan = SimulationPlan.at(clock.now(), spec, options);
    this.events = events;
    this.labels = labels;
    this.clock = clock;
  }

  /**
   * @param labels null: no labels are sent
   * @throws SimulationException if the spec cannot have what the options ask for
   */
  public static LiveSimulation of(
      MonitoringSpec spec, SimulationOptions options, Lines events, Lines labels, Clock clock) {
    if (labels != null && spec.labels() == null) {
      throw new SimulationException("--live-labels: the spec has no labels; declare them");
    }
    return new LiveSimulation(spec, options, events, labels, clock);
  }

  /** When the last event will have been sent. */
  public Instant end() {
    return WindowSpec.instant(plan.after().start(options.windows()));
  }

  /**
   * Writes {@code truth.json}: what will have been sent when all is.
   *
   * @throws SimulationException if the output holds other files
   */
  public void writeTruth(String output) throws IOException {
    Simulator.clear(output);
    String truth = Truth.of(spec, options, plan, tally(plan.reference()), tally(plan.events()));
    OutputFiles.write(
        OutputFiles.path(output, "truth.json"), truth.getBytes(StandardCharsets.UTF_8));
  }

  private Tally tally(RowSource source) {
    Tally tally = source.tally();
    Row row = source.row();
    for (long number = 0; number < options.rows(); number++) {
      source.make(number, row);
      source.count(row, tally);
    }
    return tally;
  }

  /** Returns when the last event and label have been sent. */
  public void run() throws IOException, InterruptedException {
    RowSource source = plan.events();
    Row row = source.row();
    ColumnTree columns = ColumnTree.of(source.columns().all());
    Object[] values = new Object[source.columns().size()];
    PriorityQueue<Due> waiting =
        new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    for (long number = 0; number < options.rows(); number++) {
      source.make(number, row);
      sendLabels(waiting, row.time);
      awaitTime(row.time);
      source.show(row, values);
      events.send(JsonLinesLog.line(columns, new LogRow(values, row.kind)));
      if (labels != null && row.labelled) {
        addLabels(source, row, number, waiting);
      }
    }
    events.flush();
    sendLabels(waiting, Long.MAX_VALUE);
    if (labels != null) {
      labels.flush();
    }
  }

  /** Rows follow one another in order of time, so none is held up by waiting for one. */
  private void awaitTime(long time) throws InterruptedException {
    if (time > clock.now()) {
      clock.sleepUntil(time);
    }
  }

  private void sendLabels(PriorityQueue<Due> waiting, long before)
      throws IOException, InterruptedException {
    while (!waiting.isEmpty() && waiting.peek().at() < before) {
      Due next = waiting.remove();
      awaitTime(next.at());
      labels.send(next.line());
    }
  }

  /** The row's label, and what is planted beside it. */
  private void addLabels(RowSource source, Row row, long number, PriorityQueue<Due> waiting)
      throws IOException {
    LogColumns columns = LogColumns.ofLabels(spec);
    ColumnTree tree = ColumnTree.of(columns.all());
    Object[] values = new Object[columns.size()];
    source.showLabel(row, columns, values);
    waiting.add(due(columns, tree, values, 2 * number));
    if (row.fault.isRow()) {
      source.showFault(row, columns, values);
      waiting.add(due(columns, tree, values, 2 * number + 1));
    }
  }

  private Due due(LogColumns columns, ColumnTree tree, Object[] values, long number)
      throws IOException {
    long at = (Long) values[columns.place(spec.labels().time())];
    return new Due(at, number, JsonLinesLog.line(tree, new LogRow(values, RowKind.GOOD)));
  }
}
