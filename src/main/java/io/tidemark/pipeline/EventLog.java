package io.tidemark.pipeline;

import io.tidemark.event.WindowTiming;
import io.tidemark.profile.Reach;
import org.apache.beam.sdk.values.PBegin;

/** A model's inference log and labels: files, or topics that are followed without end. */
interface EventLog {

  /** What a run reads of it, and what it reports on. */
  RunRange range();

  /** Which windows the run can speak for. */
  Reach reach();

  /** Whether anything says what the truth was: labels that are joined, or a column of the log. */
  boolean labelled();

  /** When nothing more can change a window of a log without end. */
  WindowTiming times();

  /** Reads the log once, and gathers what is wanted of its rows. */
  AggregatedWindows aggregate(PBegin begin, Aggregates wanted);
}
