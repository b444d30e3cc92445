package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextCacheTest {
  private final TextCache cache = new TextCache();

  private String of(String text) {
    byte[] ascii = ("<" + text + ">").getBytes(StandardCharsets.US_ASCII);
    return cache.of(ascii, 1, text.length());
  }

  @Test
  void textsAreWhatTheBytesSay() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String text = Integer.toString(random.nextInt(3000), 36);
      assertThat(of(text)).isEqualTo(text);
    }
    assertThat(of("")).isEmpty();
  }

  @Test
  void repeatedTextsAreTheSameObject() {
    assertThat(of("Aa")).isSameAs(of("Aa"));
    assertThat(of("Aa")).isEqualTo("Aa");
    assertThat(of("BB")).isEqualTo("BB"); // of the same hash code
  }

  @Test
  void longTextsAreNotKept() {
    String text = "x".repeat(100);
    assertThat(of(text)).isEqualTo(text).isNotSameAs(of(text));
  }
}
