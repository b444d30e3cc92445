package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void aNameIsOneLine() {
    assertThat(PlainText.line("x\nError: disk\r\n\u001b[2Jy"))
        .isEqualTo("x\\nError: disk\\r\\n\\u001b[2Jy");
    assertThat(PlainText.line("kafka://user:secret@h:1/t?password=secret"))
        .isEqualTo("kafka://...@h:1/t?password=...");
    assertThat(PlainText.of("two\nlines")).isEqualTo("two\nlines");
    assertThat(PlainText.line(null)).isEqualTo("null");
  }
}
