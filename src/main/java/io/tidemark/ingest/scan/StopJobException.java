package io.tidemark.ingest.scan;

import io.tidemark.ingest.row.InputException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Why a job must not go on: what it would write were wrong, however often it is started again. So
 * Flink does not start it again.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class StopJobException extends InputException {
  private static final long serialVersionUID = 1;

  public StopJobException(String message) {
    super(message);
  }
}
