package io.tidemark.ingest.scan;

import io.tidemark.event.EventLabels;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * What a scan does with a model's rows, whatever it gathers.
 *
 * @param rows which are the model's, and what is read of them
 * @param range of the rows that are gathered
 * @param reported of these, the rows that the run reports on; the others are looked back at
 * @param likely rows with other times are counted, see {@link UnlikelyTime}
 * @param deduplicate whether copies of a row are removed
 * @param labels the log's own
 * @param pieces that are read of the log
 */
record ScanSettings(
    ModelRows rows,
    WindowSpec window,
    TimeRange range,
    TimeRange reported,
    TimeRange likely,
    boolean deduplicate,
    EventLabels labels,
    int pieces)
    implements Serializable {

  static ScanSettings of(MonitoringSpec spec, ScanFiles.Input input) {
    return new ScanSettings(
        ModelRows.of(spec, input.columns(), input.redaction()),
        spec.window(),
        input.range(),
        input.reported(),
        input.likely(),
        spec.events().deduplicate(),
        EventLabels.of(spec),
        input.files().wanted().size());
  }

  /** The same of other columns. */
  ScanSettings reading(ModelRows other) {
    return new ScanSettings(other, window, range, reported, likely, deduplicate, labels, pieces);
  }
}
