package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeReader;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.WeightedShare;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of a period's error lies in its weak slices, told from a snapshot's rows by their
 * weights: a wrong class counts 1, a predicted number the size of its error. It is what a model
 * that learned these slices would have to gain.
 */
final class ErrorShare {
  private final WeightedShare share = new WeightedShare();

  private ErrorShare() {}

  /**
   * @param rows of the snapshot, in its order
   */
  static ErrorShare of(MonitoringSpec spec, PoolSettings pools, List<SnapshotRow> rows) {
    ErrorShare errors = new ErrorShare();
    if (!spec.labelled()) {
      return errors;
    }
    Map<String, OutcomeReader> readers = new TreeMap<>();
    for (SnapshotRow row : rows) {
      InferenceEvent event = row.event();
      OutcomeReader reader =
          readers.computeIfAbsent(
              event.version(),
              version ->
                  new OutcomeReader(
                      OutcomeLayout.of(spec, pools.layouts().of(spec.model(), version), null)));
      reader.read(event);
      if (reader.labelled()) {
        errors.share.add(row.weight() * reader.error(), row.slice() != null);
      }
    }
    return errors;
  }

  void writeTo(ObjectNode node) {
    node.put("rows", share.rows());
    node.put("estimated", finite(share.total()));
    node.put("share_in_slices", finite(share.share()));
    node.put("lower", share.rows() == 0 ? null : finite(share.lower()));
    node.put("upper", share.rows() == 0 ? null : finite(share.upper()));
    node.put("effective_rows", finite(share.effectiveRows()));
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
