package io.tidemark.event;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * When what a stream keeps of a window is passed on and goes. All times are microseconds since the
 * epoch but those of timers, which are milliseconds, rounded up: no row before a time is still to
 * come once the watermark has passed it.
 *
 * <p>Rows that wait for labels are kept by stretches of windows, about half a horizon long: a label
 * does not say when its prediction was, so it goes to each stretch that may hold it, and these must
 * be few; and a stretch is kept until its last prediction has waited long enough, so it must not be
 * long.
 *
 * @param window of the spec
 * @param stretch a whole multiple of it
 * @param horizon how long a prediction waits for its labels; 0 where none are joined
 */
public record WindowTiming(WindowSpec window, WindowSpec stretch, long horizon)
    implements Serializable {
  private static final long DAY = 86_400_000_000L;
  private static final long MONTH = 31 * DAY;

  /** Nothing waits for labels. */
  public static WindowTiming withoutLabels(WindowSpec window) {
    return new WindowTiming(window, window, 0);
  }

  /**
   * @param spec with a label source
   */
  public static WindowTiming withLabels(MonitoringSpec spec) {
    WindowSpec window = spec.window();
    long horizon = LabelWait.kept(spec.labels());
    return new WindowTiming(window, stretch(window, horizon), horizon);
  }

  private static WindowSpec stretch(WindowSpec window, long horizon) {
    long length = window.micros() + window.days() * DAY + window.months() * MONTH;
    int windows = Math.toIntExact(Math.max(1, horizon / 2 / length));
    return new WindowSpec(
        windows * window.months(),
        windows * window.days(),
        windows * window.micros(),
        window.origin(),
        window.zone(),
        window.allowedLateness());
  }

  private long lateness() {
    return window.allowedLateness().toNanos() / 1000;
  }

  /**
   * How long what changes a window that has ended is put together before it is passed on. Labels
   * come hours late and to many shards of a window, which have something to say one after another.
   */
  public Duration moment() {
    return horizon == 0 ? Duration.millis(500) : Duration.standardSeconds(5);
  }

  /** When a window ends, as a timer. */
  public Instant end(long windowStart) {
    return timer(window.endOf(windowStart));
  }

  /** When nothing more can change a window, as a timer. */
  public Instant closes(long windowStart) {
    return timer(closed(windowStart));
  }

  /** When nothing more can change a window. */
  public long closed(long windowStart) {
    return stretch.endOf(stretch.startOf(windowStart)) + horizon + lateness();
  }

  /** A time as a timer. */
  public static Instant timer(long micros) {
    return new Instant(Math.floorDiv(micros + 999, 1000));
  }

  /** From when on outcomes may still change while the watermark is at a time. */
  public long settled(long watermark) {
    return watermark - lateness();
  }

  /**
   * When every outcome of a window is known, by when its label came: at the first end of a window
   * that lies the allowed lateness behind its own.
   */
  public long settles(long windowStart) {
    long settled = window.endOf(windowStart) + lateness();
    long start = window.startOf(settled);
    return start == settled ? settled : window.endOf(start);
  }

  /** The first stretch whose predictions a label may be for. */
  public long firstStretch(long labelTime) {
    return stretch.startOf(labelTime - horizon);
  }

  /**
   * The last one. Batch runs know the whole log; a stream waits half a horizon for the prediction
   * of a label that came before it.
   */
  public long lastStretch(long labelTime) {
    return stretch.startOf(labelTime + Math.max(lateness(), horizon / 2));
  }
}
