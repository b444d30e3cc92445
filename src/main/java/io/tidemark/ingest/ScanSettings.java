package io.tidemark.ingest;

import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * What a scan does with rows, whatever it gathers.
 *
 * @param range of the rows that are gathered
 * @param reported of these, the rows that the run reports on; the others are looked back at
 * @param likely rows with other times are counted, see {@link UnlikelyTime}
 * @param run name of the run's progress meter
 */
record ScanSettings(
    WindowSpec window, TimeRange range, TimeRange reported, TimeRange likely, String run)
    implements Serializable {}
