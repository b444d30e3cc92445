package io.tidemark.pipeline;

import io.tidemark.stats.CountText;
import java.util.ArrayList;
import java.util.List;

/**
 * How a job that follows a topic does.
 *
 * @param restarts since it began; {@link #UNKNOWN}: a cluster says so some seconds after it is
 *     asked for the first time
 * @param failure that led to the last of them, as a stack trace; "": none
 * @param failedCheckpoints since it began
 * @param checkpointFailure of the last of them; "": none
 * @param lagSeconds how far event time is behind the wall clock
 * @param ahead rows that were dated ahead since the job's last start, as are the next two
 * @param lost offsets whose records were gone
 * @param refused snapshots that stay as they are
 */
record JobHealth(
    long restarts,
    String failure,
    long failedCheckpoints,
    String checkpointFailure,
    long lagSeconds,
    long ahead,
    long lost,
    long refused) {
  static final long UNKNOWN = -1;

  /** A job that has just begun. */
  static final JobHealth NEW = new JobHealth(0, "", 0, "", 0, 0, 0, 0);

  /** Lags below this are none that somebody is to be told of. */
  private static final long LAG = 600;

  private static final int LONGEST = 300;

  /**
   * What is to be told of a job, in one line; null: nothing.
   *
   * @param told how it did when something was told last
   */
  String since(JobHealth told) {
    List<String> news = new ArrayList<>();
    if (restarts > told.restarts) {
      news.add("restarted " + times(restarts - told.restarts) + because(failure));
    }
    if (failedCheckpoints > told.failedCheckpoints) {
      long failed = failedCheckpoints - told.failedCheckpoints;
      String what = failed == 1 ? "a checkpoint failed" : failed + " checkpoints failed";
      news.add(what + because(checkpointFailure));
    }
    if (lagSeconds >= LAG && lagSeconds >= 2 * told.lagSeconds) {
      news.add("event time is " + lagSeconds / 60 + " minutes behind the clock");
    } else if (lagSeconds < LAG && told.lagSeconds >= LAG) {
      news.add("event time has caught up");
    }
    long moreAhead = more(ahead, told.ahead);
    if (moreAhead > 0) {
      news.add(
          CountText.of(moreAhead, "row is", "rows are")
              + " dated more than an hour ahead (the TaskManager's log says where)");
    }
    long moreLost = more(lost, told.lost);
    if (moreLost > 0) {
      news.add(
          CountText.of(moreLost, "offset was", "offsets were")
              + " gone before they were read (dead-letters/ says which)");
    }
    long moreRefused = more(refused, told.refused);
    if (moreRefused > 0) {
      news.add(
          CountText.of(moreRefused, "snapshot stays as it is", "snapshots stay as they are")
              + ", because the job has seen less (the TaskManager's log says why)");
    }
    return news.isEmpty() ? null : "the job: " + String.join("; ", news);
  }

  /** What is to be remembered as told, if this was: a lag is told of again when it has doubled. */
  JobHealth remembered(JobHealth told) {
    boolean lagTold = lagSeconds < LAG || lagSeconds >= 2 * told.lagSeconds;
    long lag = lagTold ? lagSeconds : told.lagSeconds;
    return new JobHealth(
        restarts == UNKNOWN ? told.restarts : restarts,
        failure,
        failedCheckpoints,
        checkpointFailure,
        lag < LAG ? 0 : lag,
        ahead,
        lost,
        refused);
  }

  /** A counter begins anew with each start of the job. */
  private static long more(long now, long told) {
    return now >= told ? now - told : now;
  }

  private static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }

  private static String because(String failure) {
    String reason = Failure.withoutStack(failure).replaceAll("\\p{Cntrl}+", " ").strip();
    if (reason.isEmpty()) {
      return "";
    }
    return ": " + (reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "...");
  }
}
