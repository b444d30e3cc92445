package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static List<String> read(String text, int maxLine) throws IOException {
    List<String> lines = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes), 0, maxLine)) {
      while (reader.next()) {
        String line =
            new String(reader.buffer(), reader.start(), reader.length(), StandardCharsets.UTF_8);
        lines.add(
            reader.offset() + ":" + line + (reader.tooLong() ? "!" + reader.fullLength() : ""));
      }
    }
    return lines;
  }

  @Test
  void namesLinesByTheirOffset() throws IOException {
    assertThat(read("ab\n\ncd\r\nlast", 100)).containsExactly("0:ab", "3:", "4:cd", "8:last");
  }

  @Test
  void anEmptyFileHasNoLine() throws IOException {
    assertThat(read("", 100)).isEmpty();
  }

  @Test
  void cutsLinesThatAreTooLongAndGoesOnBehindThem() throws IOException {
    String text = "a\n" + "x".repeat(500_000) + "\nb\n";
    assertThat(read(text, 10))
        .containsExactly("0:a", "2:" + "x".repeat(10) + "!500000", "500003:b");
  }

  @Property(tries = 100)
  void findsWhatWasWritten(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 40_000) Integer> lengths)
      throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int length : lengths) {
      expected.add(text.length() + ":" + "y".repeat(length));
      text.append("y".repeat(length)).append('\n');
    }
    assertThat(read(text.toString(), 100_000)).isEqualTo(expected);
  }
}
