package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.row.InputException;
import io.tidemark.schema.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendDeadLettersTest {
  private static DeadLetter letter(String text) {
    DeadLetter letter = new DeadLetter();
    letter.setReason("malformed");
    letter.setDetail("broken");
    letter.setSource("logs/a.jsonl");
    letter.setPosition(12);
    letter.setText(text);
    return letter;
  }

  private static String value(DeadLetter letter) {
    return new String(SendDeadLetters.value(letter), StandardCharsets.UTF_8);
  }

  @Test
  void isTheLineThatAFileHas() {
    assertThat(SendDeadLetters.key(letter("x"))).isEqualTo("logs/a.jsonl@12");
    assertThat(value(letter("{é")))
        .isEqualTo(
            "{\"reason\":\"malformed\",\"detail\":\"broken\",\"source\":\"logs/a.jsonl\","
                + "\"position\":12,\"text\":\"{é\",\"base64\":null}");
  }

  @Test
  void leavesOutARowThatNoBrokerTakes() {
    DeadLetter letter = letter("é".repeat(500_000));
    assertThat(value(letter))
        .contains("\"detail\":\"broken; the row is left out, it is too long\"")
        .contains("\"text\":null")
        .hasSizeLessThan(300);
    assertThat(letter.getDetail()).isEqualTo("broken");
  }

  @Test
  void refusesWhatIsNoTopicToWriteTo() {
    assertThatThrownBy(() -> SendDeadLetters.to("--dead-letters", "out/letters"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--dead-letters=out/letters: is no topic; give kafka://");
    for (String parameter : List.of("until=latest", "schema=s.avsc", "delay=PT1S", "idle=PT1S")) {
      assertThatThrownBy(() -> SendDeadLetters.to("--dead-letters", "kafka://h:1/t?" + parameter))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(
              "'"
                  + parameter.replaceFirst("=.*", "")
                  + "' is none of properties=FILE, which is what goes");
    }
  }
}
