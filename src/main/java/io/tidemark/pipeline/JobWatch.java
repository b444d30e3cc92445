package io.tidemark.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the one who waits for a job on a cluster of what befalls it: restarts, failed checkpoints,
 * lag. A line at each look, and only where there is something to say.
 */
final class JobWatch implements Closeable {
  static final Duration EVERY = Duration.ofMinutes(1);

  private final FlinkRest cluster;
  private final String name;
  private final long since;
  private final PrintWriter out;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(JobWatch::daemon);
  private String job;
  private JobHealth told = JobHealth.NEW;
  private boolean silent;

  private JobWatch(FlinkRest cluster, String name, long since, PrintWriter out) {
    this.cluster = cluster;
    this.name = name;
    this.since = since;
    this.out = out;
  }

  /**
   * @param name of the job, which is about to be submitted
   * @param since milliseconds since the epoch: it begins later
   */
  static JobWatch of(FlinkRest cluster, String name, long since, PrintWriter out, Duration every) {
    JobWatch watch = new JobWatch(cluster, name, since, out);
    long millis = every.toMillis();
    watch.looks.scheduleWithFixedDelay(watch::look, millis, millis, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    try {
      if (job == null) {
        job = cluster.job(name, since);
      }
      if (job != null) {
        JobHealth now = cluster.health(job);
        say(silent ? "the cluster answers again" : null);
        silent = false;
        say(now.since(told));
        told = now.remembered(told);
      }
    } catch (IOException | RuntimeException e) {
      if (job != null && !silent) {
        silent = true;
        say("the cluster does not answer; the job may run on without it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the job has ended
    }
  }

  private void say(String line) {
    if (line != null) {
      out.println(line);
      out.flush();
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "job-watch");
    thread.setDaemon(true);
    return thread;
  }
}
