package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DeadLetter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LetterLengthTest {
  private static DeadLetter letter(String detail, String text, String base64) {
    return new DeadLetter("malformed", detail, "logs/a.jsonl", 12L, text, base64);
  }

  private static int bytes(DeadLetter letter) {
    return JsonLines.line(letter).getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void letsALetterBeThatABrokerTakes() {
    DeadLetter letter = letter("broken", "x".repeat(899_000), null);
    assertThat(LetterLength.bounded(letter)).isSameAs(letter);
  }

  @Test
  void leavesOutALongRow() {
    // by bytes, not by characters; and escapes are long
    for (String text : new String[] {"é".repeat(450_000), "\u0001".repeat(150_000)}) {
      DeadLetter bounded = LetterLength.bounded(letter("broken", text, null));
      assertThat(bounded.getText()).isNull();
      assertThat(bounded.getDetail()).isEqualTo("broken; the row is left out, it is too long");
      assertThat(bounded.getPosition()).isEqualTo(12);
    }
    DeadLetter bounded = LetterLength.bounded(letter("broken", null, "A".repeat(900_000)));
    assertThat(bounded.getBase64()).isNull();
  }

  @Test
  void shortensALongReason() {
    DeadLetter bounded = LetterLength.bounded(letter("d".repeat(1_000_000), "x", null));
    assertThat(bytes(bounded)).isBetween(10_000, 11_000);
  }
}
