package io.tidemark.ingest.hold;

import io.tidemark.flow.LongsCoder;

/**
 * How far a stretch of predictions that wait for labels has come. Microseconds since the epoch; 0
 * as a flag: no.
 *
 * @param next when its timer in event time is due
 * @param ended the watermark has passed this time: windows up to it are out, but for what has
 *     changed since
 * @param due the same, once the timer that is set for it has fired
 * @param shown outcomes before it are out
 * @param outcomes how many of these there were
 * @param dueSet whether a timer is set for what {@code due} adds
 * @param updateSet whether a timer is set for what has changed
 */
record JoinProgress(
    long next, long ended, long due, long shown, long outcomes, boolean dueSet, boolean updateSet) {

  static JoinProgress begin(long stretchStart, long firstEnd) {
    return new JoinProgress(firstEnd, stretchStart, stretchStart, Long.MIN_VALUE, 0, false, false);
  }

  JoinProgress passed(long time, long following) {
    return new JoinProgress(following, ended, time, shown, outcomes, true, updateSet);
  }

  /**
   * @param more outcomes that have come out
   */
  JoinProgress dueDone(long settled, long more) {
    return new JoinProgress(
        next, due, due, Math.max(shown, settled), outcomes + more, false, updateSet);
  }

  JoinProgress updating(boolean set) {
    return new JoinProgress(next, ended, due, shown, outcomes, dueSet, set);
  }

  static final class ProgressCoder extends LongsCoder<JoinProgress> {
    private static final long serialVersionUID = 1;

    ProgressCoder() {
      super(7);
    }

    @Override
    protected long[] longs(JoinProgress p) {
      return new long[] {
        p.next, p.ended, p.due, p.shown, p.outcomes, p.dueSet ? 1 : 0, p.updateSet ? 1 : 0
      };
    }

    @Override
    protected JoinProgress of(long[] n) {
      return new JoinProgress(n[0], n[1], n[2], n[3], n[4], n[5] != 0, n[6] != 0);
    }
  }
}
