package io.tidemark.profile;

import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * Which windows a run can speak for. Those that it was asked for are what it reads; of those that
 * it only looks back at it may have been given a part, such as the late rows in a day's file; and
 * one that its bounds cut it has not seen whole. Times are microseconds since the epoch.
 *
 * @param from what it was asked for, inclusive; {@link Long#MIN_VALUE}: no bound
 * @param to exclusive; {@link Long#MAX_VALUE}: no bound
 * @param readFrom the first time that it reads, with what it looks back at
 * @param joins whether it has the labels that the spec says there are
 * @param settled whether a window between its bounds is all there; not so while a topic is followed
 */
public record Reach(long from, long to, long readFrom, boolean joins, boolean settled)
    implements Serializable {

  /** Of a followed topic from its start on. */
  public static final Reach STREAM = ofStream(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Of a followed topic: no window is known to be all there. */
  public static Reach ofStream(long from, long to) {
    return new Reach(from, to, from, true, false);
  }

  /**
   * The same of a run that has read rows in these windows. Where it has no bound, the log may have
   * been cut anywhere in the window at its edge.
   */
  public Reach over(WindowSpec window, long firstStart, long lastStart) {
    return new Reach(
        from == Long.MIN_VALUE ? window.endOf(firstStart) : from,
        to == Long.MAX_VALUE ? lastStart : to,
        readFrom,
        joins,
        settled);
  }

  /** Whether all that the log has of a window was read because it was asked for. */
  public boolean covers(long start, long end) {
    return settled && start >= from && end <= to;
  }

  /** Whether a window reaches beyond what is read. */
  public boolean cuts(long start, long end) {
    return start < readFrom || end > to;
  }

  /** Whether the run says what rang in a window. */
  public boolean reports(long start) {
    return start >= from;
  }

  /**
   * Whether what was read of a window takes the place of what is there: of a window that it was
   * asked for and has read whole it does; of another where it has no fewer rows and labels; and of
   * one that its bounds cut, never that of a whole one.
   *
   * @param covered whether it was asked for the window and has read it whole
   * @param whole whether what is there is of a whole window
   */
  public boolean replaces(
      long start, long end, boolean covered, Held mine, Held before, boolean whole) {
    return !(whole && cuts(start, end)) && !less(covered, mine, before);
  }

  /**
   * Whether a run has less of a window than there is. Without rows in it, only bounds on both sides
   * say that it had none.
   */
  public boolean less(boolean covered, Held mine, Held before) {
    boolean fewerLabels = mine.labelled() < before.labelled();
    if (!covered) {
      return mine.rows() < before.rows() || fewerLabels;
    }
    boolean bounded = from != Long.MIN_VALUE && to != Long.MAX_VALUE;
    boolean unsaid = mine.rows() == 0 && before.rows() > 0 && !bounded;
    return unsaid || (fewerLabels && !joins);
  }
}
