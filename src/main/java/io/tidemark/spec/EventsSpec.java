package io.tidemark.spec;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How an inference log is read.
 *
 * @param format null: by file extension
 * @param id the column that names a row, or null: rows are then named by a hash of their content
 * @param deduplicate remove rows whose id came before within a window; never true without an id
 * @param zone of times that carry none
 * @param modelVersion column, or null
 * @param maxBad the share of dead letters above which a bounded run fails, 0 to 1
 * @param label column of the truth where the log already carries it, or null
 * @param where which rows are the model's, or null: all
 */
public record EventsSpec(
    Format format,
    String id,
    boolean deduplicate,
    String time,
    ZoneId zone,
    String modelVersion,
    double maxBad,
    PredictionSpec prediction,
    String label,
    Where where)
    implements Serializable {

  public Optional<String> idColumn() {
    return Optional.ofNullable(id);
  }

  /** Which rows of the log are the model's; empty: all of them. */
  public Optional<Where> ownRows() {
    return Optional.ofNullable(where);
  }

  /** Whether rows say which version of the model they are of. */
  public boolean versioned() {
    return modelVersion != null;
  }

  /**
   * Whether people may have written the field's values: those of categorical features, but for what
   * names rows and model versions.
   */
  public boolean freeText(Field field) {
    return field.role() == Field.Role.FEATURE
        && !field.numeric()
        && !field.path().equals(id)
        && !field.path().equals(modelVersion);
  }
}
