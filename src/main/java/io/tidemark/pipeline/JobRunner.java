package io.tidemark.pipeline;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanProgress;
import io.tidemark.spec.MonitoringSpec;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a command's jobs one after the other on the runner of its options, with a progress line. */
public final class JobRunner {
  /** Pieces of work a core: enough to even out, few enough that states stay few. */
  private static final int TASKS_A_CORE = 3;

  private static final long LIVE_MILLIS = 500;
  private static final long LOG_MILLIS = 10_000;
  private static final int LONGEST_NAME = 100;

  /** A cluster's clock may be behind this one. */
  private static final long CLOCKS_APART_MILLIS = 10_000;

  private final PipelineOptions options;
  private final String meter;
  private final PrintStream terminal;
  private final boolean live;
  private final LongSupplier nanoClock;

  /** Whether the user has given the job a name. */
  private final boolean named;

  /**
   * @param meter names the progress meter
   * @param progress where the progress goes; null: nowhere
   * @param live a person watches: one line that changes, else a line now and then
   */
  JobRunner(
      PipelineOptions options,
      String meter,
      PrintStream progress,
      boolean live,
      LongSupplier nanoClock) {
    this.options = options;
    this.meter = meter;
    this.terminal = progress;
    this.live = live;
    this.nanoClock = nanoClock;
    this.named = !options.getJobName().equals(RunnerOptions.UNNAMED);
  }

  /** Progress on standard error. */
  public static JobRunner of(PipelineOptions options, String meter) {
    return new JobRunner(options, meter, System.err, Terminal.isLive(), System::nanoTime);
  }

  String meter() {
    return meter;
  }

  int tasks() {
    int cores = Runtime.getRuntime().availableProcessors();
    if (onFlink()) {
      int parallelism = options.as(FlinkPipelineOptions.class).getParallelism();
      cores = parallelism > 0 ? parallelism : cores;
    }
    return cores * TASKS_A_CORE;
  }

  private boolean onFlink() {
    return options.getRunner().getSimpleName().equals("FlinkRunner");
  }

  /** A job of models: named by them, because one Prometheus sees the jobs of many clusters. */
  public Pipeline pipeline(String job, Collection<MonitoringSpec> specs) {
    return pipeline(
        job + "-" + String.join("-", specs.stream().map(MonitoringSpec::model).toList()));
  }

  /**
   * @param job its name, where {@code --jobName} does not give one
   */
  public Pipeline pipeline(String job) {
    if (!named) {
      String name = job.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
      options.setJobName("tidemark-" + name.substring(0, Math.min(LONGEST_NAME, name.length())));
    }
    if (onFlink()) {
      FlinkSettings.takeLargeRecords(options.as(FlinkPipelineOptions.class));
    } else {
      // The checks clone and encode every element: right in tests, four times the cost here.
      DirectOptions direct = options.as(DirectOptions.class);
      direct.setEnforceImmutability(false);
      direct.setEnforceEncodability(false);
    }
    return Pipeline.create(options);
  }

  /** A job that somebody has ended. */
  static final class CancelledException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    CancelledException(String message) {
      super(message);
    }
  }

  /**
   * @throws IllegalStateException if the job has not done what it should
   */
  static void checkEnd(PipelineResult.State state) {
    String message = "the job ended as " + state;
    if (state == PipelineResult.State.CANCELLED) {
      throw new CancelledException(message);
    }
    if (state == PipelineResult.State.FAILED) {
      throw new IllegalStateException(message);
    }
  }

  /**
   * How many rows the scans of a job pass, or -1: rows are read twice where ids are looked at
   * before.
   *
   * @param labels null: none are joined
   */
  public static long rows(MonitoringSpec spec, EventFiles events, LabelSource labels) {
    long others = labels == null ? 0 : labels.files().rows();
    long ids =
        labels != null ? events.rows() : spec.events().deduplicate() ? events.rowsWanted() : 0;
    return events.rows() < 0 || others < 0 ? -1 : events.rowsWanted() + ids + others;
  }

  /** The same of several models, whose shared logs are read once. */
  public static long rows(Fleet<ModelRun> models) {
    Map<String, Long> byInput = new HashMap<>();
    for (ModelRun each : models.all()) {
      String labels = each.labels() == null ? "" : each.labels().files().hash();
      byInput.put(each.files().hash() + labels, rows(each.spec(), each.files(), each.labels()));
    }
    boolean known = byInput.values().stream().allMatch(each -> each >= 0);
    return known ? byInput.values().stream().mapToLong(each -> each).sum() : -1;
  }

  /**
   * @param rows that the scans will pass, for the progress line; -1: not known
   */
  public void run(Pipeline pipeline, String activity, long rows) {
    ScheduledExecutorService progress =
        Executors.newSingleThreadScheduledExecutor(JobRunner::daemon);
    long start = nanoClock.getAsLong();
    if (terminal != null) {
      long every = live ? LIVE_MILLIS : LOG_MILLIS;
      progress.scheduleAtFixedRate(
          () -> show(activity, rows, start), every, every, TimeUnit.MILLISECONDS);
    }
    try {
      checkEnd(pipeline.run().waitUntilFinish());
    } finally {
      progress.shutdownNow();
      ScanProgress.end(meter);
      if (terminal != null && live) {
        terminal.print("\r" + " ".repeat(78) + "\r");
        terminal.flush();
      }
    }
  }

  /**
   * Runs a job without end, and tells of what befalls it where it is on a cluster.
   *
   * @param told takes a line a minute at most
   * @return whether it is known to have ended
   */
  public boolean follow(Pipeline pipeline, PrintWriter told) {
    String master = options.as(FlinkPipelineOptions.class).getFlinkMaster();
    if (master.startsWith("[")) { // within this process, or this process within a cluster
      return ended(pipeline);
    }
    long since = System.currentTimeMillis() - CLOCKS_APART_MILLIS;
    FlinkRest cluster = new FlinkRest(master);
    try (JobWatch watch = JobWatch.of(cluster, options.getJobName(), since, told, JobWatch.EVERY)) {
      return ended(pipeline);
    }
  }

  private static boolean ended(Pipeline pipeline) {
    PipelineResult.State state = pipeline.run().waitUntilFinish();
    checkEnd(state);
    return state == PipelineResult.State.DONE;
  }

  private void show(String activity, long rows, long start) {
    long done = ScanProgress.rows(meter);
    double seconds = (nanoClock.getAsLong() - start) / 1e9;
    String share =
        rows > 0 && done <= rows ? String.format(Locale.ROOT, " (%d %%)", done * 100 / rows) : "";
    String line =
        String.format(
            Locale.ROOT,
            "%s: %,d rows read%s, %,.0f rows/s",
            activity,
            done,
            share,
            done / seconds);
    if (live) {
      terminal.print("\r" + (line + " ".repeat(78)).substring(0, 78));
    } else {
      terminal.println(line);
    }
    terminal.flush();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "progress");
    thread.setDaemon(true);
    return thread;
  }
}
