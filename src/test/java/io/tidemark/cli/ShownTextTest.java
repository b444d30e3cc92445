package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--events=kafka://user:secret@host:9/t: give | --events=kafka://...@host:9/t: give",
        "kafka://us/er:secret@host:9/t | kafka://...@host:9/t",
        "kafka://h:9/t?password=secret&until=latest | kafka://h:9/t?password=...&until=latest",
        "kafka://h:9/t?until=latest&x=secret: no | kafka://h:9/t?until=latest&x=...",
        "https://a:b@h/p?token=secret and s3://key:secret@b/x"
            + " | https://...@h/p?token=... and s3://...@b/x",
        "KAFKA://A:B@h:9/t | KAFKA://...@h:9/t",
        "a@b and ?x=y are none | a@b and ?x=y are none"
      })
  void leavesOutOfAddressesWhatOpensDoors(String text, String shown) {
    assertThat(ShownText.of(text)).startsWith(shown);
    assertThat(ShownText.of(text)).doesNotContain("secret");
  }

  @Test
  void writesWhatSteersATerminalAsEscapes() {
    assertThat(ShownText.of("a\u001b[31mb\0c\u0085d\u202ee\u2066f"))
        .isEqualTo("a\\u001b[31mb\\u0000c\\u0085d\\u202ee\\u2066f");
    assertThat(ShownText.of("grün 模型 😀\tx\ny")).isEqualTo("grün 模型 😀\tx\ny");
  }

  @Test
  void holdsForAllThatIsPrinted() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintWriter out = ShownText.writer(bytes);
    out.println("x\u0007");
    out.printf("%s and %d%n", "y\u0007", 1);
    out.print('\u0007');
    out.print(new char[] {'z', '\u0007'});
    out.flush();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("x\\u0007\ny\\u0007 and 1\n\\u0007z\\u0007");
  }
}
