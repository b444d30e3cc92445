package io.tidemark.event;

import io.tidemark.spec.LabelsSpec;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * How long after its event a label counts, and whose labels override others.
 *
 * @param horizon microseconds that a prediction waits for its label, inclusive
 * @param trustedHorizon microseconds after which not even a trusted label counts
 * @param trusted sources whose labels stand whatever others say
 */
public record LabelWait(long horizon, long trustedHorizon, Set<String> trusted)
    implements Serializable {

  /** Longer than all usable times, and short enough to be added to one: 12,000 years. */
  private static final long FOREVER_SECONDS = 400_000_000_000L;

  public LabelWait {
    trusted = new TreeSet<>(trusted);
  }

  /**
   * Of a run that ends: all labels are there, so those of trusted sources count whenever they came,
   * unless the spec says until when.
   */
  public static LabelWait ofRun(LabelsSpec labels) {
    Duration last = labels.trustedHorizon();
    return of(labels, last == null ? FOREVER_SECONDS * 1_000_000 : micros(last));
  }

  /** Of a stream, which keeps no row for ever: without a word of the spec all wait as long. */
  public static LabelWait ofStream(LabelsSpec labels) {
    return of(labels, kept(labels));
  }

  private static LabelWait of(LabelsSpec labels, long trustedHorizon) {
    return new LabelWait(micros(labels.horizon()), trustedHorizon, Set.copyOf(labels.trusted()));
  }

  /** How long rows are kept, or read back to, for labels that are still to come; microseconds. */
  public static long kept(LabelsSpec labels) {
    Duration last = labels.trustedHorizon();
    return Math.max(micros(labels.horizon()), last == null ? 0 : micros(last));
  }

  private static long micros(Duration duration) {
    long seconds = Math.min(FOREVER_SECONDS, duration.getSeconds());
    return seconds * 1_000_000 + duration.getNano() / 1000;
  }

  /** How long after its event a label of a source counts, microseconds. */
  long horizon(String source) {
    return trusted.contains(source) ? trustedHorizon : horizon;
  }

  public boolean trusts(LabelRows.Row label) {
    return !trusted.isEmpty() && trusted.contains(label.source());
  }
}
