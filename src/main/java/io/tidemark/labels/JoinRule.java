package io.tidemark.labels;

import io.tidemark.event.LabelWait;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * What decides which label counts for which prediction.
 *
 * @param from first event time of predictions that the run looks at, inclusive
 * @param to exclusive
 * @param waits how long after its event a label counts, and whose override others
 * @param asOf labels given after this are left out; {@link Long#MAX_VALUE}: none are
 * @param deduplicate of predictions with one id, window and version the earliest stays
 * @param numeric whether labels are numbers
 */
public record JoinRule(
    WindowSpec window,
    long from,
    long to,
    LabelWait waits,
    long asOf,
    boolean deduplicate,
    boolean numeric)
    implements Serializable {

  /** Of a run that ends. */
  public static JoinRule of(MonitoringSpec spec, long from, long to, long asOf) {
    return of(spec, LabelWait.ofRun(spec.labels()), from, to, asOf);
  }

  /** Of a stream: all times, and all labels that come. */
  public static JoinRule ofStream(MonitoringSpec spec) {
    LabelWait waits = LabelWait.ofStream(spec.labels());
    return of(spec, waits, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private static JoinRule of(MonitoringSpec spec, LabelWait waits, long from, long to, long asOf) {
    return new JoinRule(
        spec.window(),
        from,
        to,
        waits,
        asOf,
        spec.events().deduplicate(),
        spec.task() == Task.REGRESSION);
  }

  boolean inRange(long time) {
    return time >= from && time < to;
  }
}
