package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {
  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "größer",
        "日本",
        "😀",
        "two\nlines\tof\r\ntext",
        "",
        "hex:0g",
        "hex:0",
        "hex:FF",
        "0x00ff",
        "\uFFFD"
      })
  void readableTextStaysWhateverTheTypeSays(String text) {
    byte[] bytes = utf8("<" + text + ">");
    assertThat(ByteText.ofText(bytes, 1, bytes.length - 2)).isEqualTo(text);
    assertThat(ByteText.ofBytes(bytes, 1, bytes.length - 2)).isEqualTo(text);
    assertThat(ByteText.ofText(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000001f4, hex:00000000000001f4",
    "ff, hex:ff",
    "61ff, hex:61ff",
    "eda080, hex:eda080",
    "c080, hex:c080",
    "6100, hex:6100",
    "7f, hex:7f",
    "c285, hex:c285"
  })
  void otherBytesAreTheirDigits(String hex, String text) {
    byte[] bytes = bytes(hex);
    assertThat(ByteText.ofBytes(bytes, 0, bytes.length)).isEqualTo(text);
  }

  @Test
  void textThatIsCalledSoKeepsItsControlCharacters() {
    byte[] bytes = utf8("a\u0001b");
    assertThat(ByteText.ofText(bytes, 0, bytes.length)).isEqualTo("a\u0001b");
    assertThat(ByteText.ofText(bytes("61ff"), 0, 2)).isEqualTo("hex:61ff");
    assertThat(ByteText.ofText("a\u0001b")).isEqualTo("a\u0001b");
  }

  @Test
  void textThatLooksLikeDigitsOfBytesIsShownAsItsOwn() {
    String digits = "hex:6865783a6666";
    byte[] bytes = utf8("hex:ff");
    assertThat(ByteText.ofBytes(bytes, 0, bytes.length)).isEqualTo(digits);
    assertThat(ByteText.ofText(bytes, 0, bytes.length)).isEqualTo(digits);
    assertThat(ByteText.ofText("hex:ff")).isEqualTo(digits);
  }

  @Test
  void halvesOfSurrogatePairsStayApart() {
    assertThat(ByteText.ofText("a\uD800")).isEqualTo("hex:61eda080");
    assertThat(ByteText.ofText("a\uDFFF")).isEqualTo("hex:61edbfbf");
    assertThat(ByteText.ofText("\uDE00\uD83D")).isEqualTo("hex:edb880eda0bd");
    assertThat(ByteText.ofText("\uD83D\uDE00")).isEqualTo("😀");
  }

  @Test
  void differentBytesAreNeverOneText() {
    Map<String, String> seen = new HashMap<>();
    byte[] two = new byte[2];
    for (int i = 0; i < 1 << 16; i++) {
      two[0] = (byte) (i >> 8);
      two[1] = (byte) i;
      String hex = HexFormat.of().formatHex(two);
      assertThat(seen.put(ByteText.ofBytes(two, 0, 2), hex)).isNull();
      byte[] spelled = utf8("hex:" + hex);
      String text = ByteText.ofBytes(spelled, 0, spelled.length);
      assertThat(seen.put(text, "spelled " + hex)).isNull();
    }
  }
}
