package io.tidemark.ingest;

/** Input that cannot be used at all. The message tells the user what to do; there is no trace. */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InputException(String message) {
    super(message);
  }
}
