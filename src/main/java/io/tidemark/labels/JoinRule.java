package io.tidemark.labels;

import io.tidemark.event.AttachLabels;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * What decides which label counts for which prediction.
 *
 * @param from first event time of predictions that the run looks at, inclusive
 * @param to exclusive
 * @param horizon microseconds that a prediction waits for its label, inclusive
 * @param asOf labels given after this are left out; {@link Long#MAX_VALUE}: none are
 * @param deduplicate of predictions with one id, window and version the earliest stays
 * @param numeric whether labels are numbers
 */
public record JoinRule(
    WindowSpec window,
    long from,
    long to,
    long horizon,
    long asOf,
    boolean deduplicate,
    boolean numeric)
    implements Serializable {

  public static JoinRule of(MonitoringSpec spec, long from, long to, long asOf) {
    return new JoinRule(
        spec.window(),
        from,
        to,
        AttachLabels.horizon(spec.labels()),
        asOf,
        spec.events().deduplicate(),
        spec.task() == Task.REGRESSION);
  }

  boolean inRange(long time) {
    return time >= from && time < to;
  }
}
