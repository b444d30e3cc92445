package io.tidemark.cli;

import io.tidemark.stats.PlainText;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Writes to a terminal or a log what may be shown there: all that a command says goes this way. */
final class ShownText {
  private ShownText() {}

  /** Writes what is shown; a line's end is one. */
  static PrintWriter writer(OutputStream out) {
    return new PrintWriter(
        new ShownWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), true);
  }

  static String of(String text) {
    return PlainText.of(text);
  }

  private static final class ShownWriter extends FilterWriter {
    ShownWriter(Writer out) {
      super(out);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      out.write(of(text.substring(from, from + length)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      out.write(of(new String(text, from, length)));
    }

    @Override
    public void write(int c) throws IOException {
      out.write(of(String.valueOf((char) c)));
    }
  }
}
