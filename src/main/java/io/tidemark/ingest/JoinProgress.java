package io.tidemark.ingest;

import io.tidemark.event.LongsCoder;

/**
 * How far a stretch of predictions that wait for labels has come. Microseconds since the epoch; 0
 * as a flag: no.
 *
 * @param next when its timer in event time is due
 * @param ended the watermark has passed this time: windows up to it are out, but for what has
 *     changed since
 * @param due the same, once the timer that is set for it has fired
 * @param shown outcomes before it are out
 * @param dueSet whether a timer is set for what {@code due} adds
 * @param updateSet whether a timer is set for what has changed
 */
record JoinProgress(
    long next, long ended, long due, long shown, boolean dueSet, boolean updateSet) {

  static JoinProgress begin(long stretchStart, long firstEnd) {
    return new JoinProgress(firstEnd, stretchStart, stretchStart, Long.MIN_VALUE, false, false);
  }

  JoinProgress passed(long time, long following) {
    return new JoinProgress(following, ended, time, shown, true, updateSet);
  }

  JoinProgress dueDone(long settled) {
    return new JoinProgress(next, due, due, Math.max(shown, settled), false, updateSet);
  }

  JoinProgress updating(boolean set) {
    return new JoinProgress(next, ended, due, shown, dueSet, set);
  }

  static final class ProgressCoder extends LongsCoder<JoinProgress> {
    private static final long serialVersionUID = 1;

    ProgressCoder() {
      super(6);
    }

    @Override
    protected long[] longs(JoinProgress p) {
      return new long[] {p.next, p.ended, p.due, p.shown, p.dueSet ? 1 : 0, p.updateSet ? 1 : 0};
    }

    @Override
    protected JoinProgress of(long[] n) {
      return new JoinProgress(n[0], n[1], n[2], n[3], n[4] != 0, n[5] != 0);
    }
  }
}
