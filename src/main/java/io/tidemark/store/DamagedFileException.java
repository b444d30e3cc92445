package io.tidemark.store;

import io.tidemark.stats.PlainText;
import java.io.IOException;

/** A file below the output is not what was written. The message names it and says what to do. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param remedy what to do, as the rest of a sentence
   */
  public DamagedFileException(String path, String remedy) {
    super(PlainText.line(path + ": is damaged, its content is not what was written; " + remedy));
  }
}
