package io.tidemark.ingest.row;

import io.tidemark.stats.PlainText;

/** Input that cannot be used at all. The message tells the user what to do; there is no trace. */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InputException(String message) {
    this(PlainText.line(message), true);
  }

  private InputException(String shown, boolean plain) {
    super(shown);
  }

  /** One whose message has several lines; names in it are plain already. */
  public static InputException ofLines(String lines) {
    return new InputException(PlainText.of(lines), true);
  }
}
