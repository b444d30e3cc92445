package io.tidemark.ingest.row;

import io.tidemark.event.Redaction;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Where;
import java.io.Serializable;

/**
 * Which of a log's rows are a model's, and what is read of them.
 *
 * @param columns that are read
 * @param redaction what may be shown of them
 * @param where which rows
 */
public record ModelRows(EventColumns columns, Redaction redaction, Where where)
    implements Serializable {

  /** Rows of the log of events, of which so much is read. */
  public static ModelRows of(MonitoringSpec spec, EventColumns columns, Redaction redaction) {
    return new ModelRows(columns, redaction, spec.events().ownRows().orElse(Audience.ALL_ROWS));
  }

  /** Rows of a label source: each is everybody's. */
  public static ModelRows ofLabels(MonitoringSpec spec, Redaction redaction) {
    return new ModelRows(EventColumns.labels(spec), redaction, Audience.ALL_ROWS);
  }

  /** The same of which something else may be shown. */
  public ModelRows with(Redaction other) {
    return new ModelRows(columns, other, where);
  }

  /** Whether every row is the model's. */
  public boolean takesAll() {
    return where.columns().isEmpty();
  }

  public Audience.Taker into(EventSink sink) {
    return new Audience.Taker(columns, redaction, where, sink);
  }
}
