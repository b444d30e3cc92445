package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CodedRowsTest {
  @Test
  void holdsCodesOfOneAndTwoBytes() {
    int[] codes = {1, 256, 257, 1 << 16};
    CodedRows.Builder builder = CodedRows.builder(ErrorKind.LOSS, codes);
    for (int row = 0; row < 1000; row++) {
      builder.add(row / 8.0, 0, row % 256, row % 257, 65535 - row);
    }
    CodedRows rows = builder.build();
    assertThat(rows.size()).isEqualTo(1000);
    assertThat(rows.features()).isEqualTo(4);
    for (int row = 0; row < 1000; row++) {
      assertThat(rows.error(row)).isEqualTo(row / 8.0);
      assertThat(rows.code(row, 1)).isEqualTo(row % 256);
      assertThat(rows.code(row, 2)).isEqualTo(row % 257);
      assertThat(rows.code(row, 3)).isEqualTo(65535 - row);
    }
    Conjunction slice = Conjunction.of(new Predicate(2, 1), new Predicate(1, 2));
    assertThat(rows.where(slice).stream()).containsExactly(258);
  }

  @Test
  void whatIsNoRowIsRefused() {
    CodedRows.Builder mistakes = CodedRows.builder(ErrorKind.MISTAKE, 2, 3);
    assertThatThrownBy(() -> mistakes.add(0, 1)).hasMessage("1 codes for 2 features");
    assertThatThrownBy(() -> mistakes.add(0, 2, 0)).hasMessage("Code 2 of a feature with 2");
    assertThatThrownBy(() -> mistakes.add(.5, 0, 0)).hasMessage("Not a MISTAKE: 0.5");
    assertThatThrownBy(() -> mistakes.add(Double.NaN, 0, 0)).hasMessage("Not a MISTAKE: NaN");
    CodedRows.Builder losses = CodedRows.builder(ErrorKind.LOSS, 2);
    assertThatThrownBy(() -> losses.add(-1, 0)).hasMessage("Not a LOSS: -1.0");
    assertThatThrownBy(() -> losses.add(Double.POSITIVE_INFINITY, 0))
        .hasMessage("Not a LOSS: Infinity");
    assertThatThrownBy(() -> CodedRows.builder(ErrorKind.LOSS, 0))
        .hasMessage("A feature has 1 to 65536 codes, not 0");
    assertThat(mistakes.add(1, 1, 2).build().size()).isEqualTo(1);
    assertThatThrownBy(() -> mistakes.add(0, 0, 0)).hasMessage("The rows are built");
  }
}
