package io.tidemark.ingest.topic;

/**
 * Event time in one partition of a stream: up to where its rows have come. Rows dated far ahead of
 * when they were sent do not move it. A partition that has been read to its end and has brought
 * nothing that moves it for a while is idle: it holds nobody up, and goes on from where the others
 * have come to. Not thread-safe.
 *
 * <p>What a row says is the same in every replay; what the wall clock says is not. So that is
 * decided when a checkpoint is taken, is part of it, and counts from when the checkpoint is
 * complete; in between no row of the partition is read. A replay begins at a complete checkpoint,
 * and nothing that came of a decision was seen before there was one that holds it.
 *
 * <p>Labels may come in the order of their predictions instead of their own, days out of order: a
 * clock of labels learns from the first ones how far, and stays twice as far behind.
 */
final class PartitionWatermark {
  /** Clocks of machines differ; a row dated later than this from when it was sent is a mistake. */
  static final long SKEW_MICROS = 3_600_000_000L;

  /** 2000-01-01: no record was sent before; one that says so counts seconds, or nothing. */
  static final long FIRST_SENT_MICROS = 946_684_800_000_000L;

  static final long NOTHING_YET = Long.MIN_VALUE;

  /** Rows to learn from. */
  static final int LEARN = 200;

  /**
   * What a checkpoint holds of a clock.
   *
   * @param watermark no row is expected before it, or {@link #NOTHING_YET}
   * @param latest row that moved it, or {@link #NOTHING_YET}
   * @param disorder of labels, as far as it is learnt
   * @param learnt labels that it was learnt from
   * @param seen a time that the wall clock had passed by then
   */
  record State(long watermark, long latest, long disorder, int learnt, long seen) {}

  private final ClockPace pace;
  private long watermark;
  private long latest;
  private long disorder;
  private int learnt;
  private long seen;

  private long quietSince = Long.MAX_VALUE;
  private boolean idle;

  /** Whether there was a row of any time. */
  private boolean met;

  /** Whether a row was taken for one of the future because {@link #seen} is old. */
  private boolean doubted;

  /** Decided, but not in a complete checkpoint yet. */
  private boolean waiting;

  private long nextWatermark = NOTHING_YET;
  private long nextSeen = NOTHING_YET;

  private PartitionWatermark(ClockPace pace, State state) {
    this.pace = pace;
    this.watermark = state.watermark();
    this.latest = state.latest();
    this.disorder = state.disorder();
    this.learnt = state.learnt();
    this.seen = state.seen();
  }

  /**
   * @param seen a time that the wall clock has passed, the same in every replay
   */
  static PartitionWatermark of(ClockPace pace, long seen) {
    return new PartitionWatermark(pace, new State(NOTHING_YET, NOTHING_YET, 0, 0, seen));
  }

  /**
   * The clock that a checkpoint holds.
   *
   * @param seen a time that the wall clock has passed, the same in every replay
   */
  static PartitionWatermark of(ClockPace pace, State state, long seen) {
    PartitionWatermark clock = new PartitionWatermark(pace, state);
    clock.seen = Math.max(state.seen(), seen);
    return clock;
  }

  /** The clock of a partition that is new while the others have come to a time. */
  static PartitionWatermark joining(ClockPace pace, long reached, long seen) {
    PartitionWatermark clock =
        new PartitionWatermark(pace, new State(reached, NOTHING_YET, 0, 0, seen));
    clock.waiting = true;
    return clock;
  }

  /** With what is decided. */
  State state() {
    return new State(
        Math.max(watermark, nextWatermark), latest, disorder, learnt, Math.max(seen, nextSeen));
  }

  /** No row is expected before it, microseconds since the epoch. */
  long watermark() {
    return watermark;
  }

  /**
   * Takes notice of a row.
   *
   * @param stampMillis when it was sent, as its record says
   * @return whether it is dated ahead of that, and so moves nothing
   */
  boolean row(long time, long stampMillis) {
    met = true;
    boolean believed = isBelieved(stampMillis);
    long sent = believed ? stampMillis * 1000 : seen;
    if (believed) {
      seen = Math.max(seen, sent);
    }
    if (time > sent + SKEW_MICROS) {
      doubted |= !believed;
      return true;
    }
    quietSince = Long.MAX_VALUE;
    idle = false;
    latest = Math.max(latest, time);
    long delay = pace.delayMicros();
    if (pace.mostMicros() > 0) {
      if (latest - time <= pace.mostMicros()) { // else it is nobody's label, or a mistake
        disorder = Math.max(disorder, latest - time);
      }
      delay = Math.max(delay, Math.min(2 * disorder, pace.mostMicros()));
      if (learnt < LEARN) {
        learnt++;
        return false;
      }
    }
    watermark = Math.max(watermark, latest - delay);
    return false;
  }

  /** What sends may count seconds in place of milliseconds, or micros, or be of another zone. */
  boolean isBelieved(long stampMillis) {
    return stampMillis >= FIRST_SENT_MICROS / 1000 && stampMillis <= (seen + SKEW_MICROS) / 1000;
  }

  /**
   * Takes notice of what there is to read.
   *
   * @param caughtUp whether all has been read, or all but what was sent a moment ago
   */
  void quiet(boolean caughtUp, long now) {
    if (!caughtUp) {
      quietSince = Long.MAX_VALUE;
      idle = false;
      return;
    }
    quietSince = Math.min(quietSince, now);
    // Of rows of its own: one that never had any may stand where the others are.
    boolean history = hadRows() && watermark < now - SKEW_MICROS;
    idle |= now - quietSince >= (history ? pace.historyIdleMicros() : pace.idleMicros());
  }

  /**
   * Takes notice that nobody looked for some time, because the machine or a step behind held the
   * reader up: a quiet that it was in is as much shorter.
   */
  void missed(long micros) {
    if (quietSince != Long.MAX_VALUE) {
      quietSince += micros;
    }
  }

  /** Whether there ever was a row that moves it. */
  boolean hadRows() {
    return latest != NOTHING_YET;
  }

  /** Whether there was a row, of whatever time, since reading began. */
  boolean met() {
    return met || hadRows();
  }

  /** Whether it has been quiet for so long that it holds nobody up. */
  boolean idle() {
    return idle;
  }

  /** What the clock of an idle partition goes on to where no other says more. */
  long idleWatermark(long now) {
    return Math.max(watermark, now - ClockPace.IDLE_MICROS - pace.delayMicros());
  }

  /**
   * Decides what the wall clock says, as a checkpoint is taken.
   *
   * @param others where an idle partition goes on from, or {@link #NOTHING_YET}
   */
  void decide(long others, long now) {
    if (waiting) {
      return;
    }
    boolean moves = idle && others > watermark;
    if (moves) {
      nextWatermark = others;
    }
    if (moves || (doubted && now > seen)) {
      nextSeen = now;
      waiting = true;
    }
  }

  /** Whether no row may be read before a checkpoint with what was decided is complete. */
  boolean waiting() {
    return waiting;
  }

  /** A checkpoint with what was decided is complete: it counts from now on. */
  void settle() {
    State decided = state();
    watermark = decided.watermark();
    seen = decided.seen();
    doubted &= !waiting;
    waiting = false;
    nextWatermark = NOTHING_YET;
    nextSeen = NOTHING_YET;
  }
}
