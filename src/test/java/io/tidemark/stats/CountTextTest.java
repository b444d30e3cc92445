package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountTextTest {
  @Test
  void oneIsSingular() {
    assertThat(CountText.of(0, "window")).isEqualTo("0 windows");
    assertThat(CountText.of(1, "window")).isEqualTo("1 window");
    assertThat(CountText.of(2, "window")).isEqualTo("2 windows");
    assertThat(CountText.of(1_234_567, "row")).isEqualTo("1,234,567 rows");
    assertThat(CountText.of(1, "is", "are")).isEqualTo("1 is");
  }
}
