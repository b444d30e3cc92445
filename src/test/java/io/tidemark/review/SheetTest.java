package io.tidemark.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sheets that people open, fill in and give back. */
class SheetTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode row(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void comesBackAsItWas(Sheet sheet) {
    List<ObjectNode> rows =
        List.of(
            row("{'a': 'x, y', 'n': -1.5, 'e': null, 'f': '=1+1'}"),
            row("{'a': 'two\\nlines and \\\"quotes\\\"', 'n': 7, 'f': 'é'}"));
    List<Sheet.Filled> read = sheet.read("s", sheet.write(rows));
    assertThat(read)
        .extracting(Sheet.Filled::cells)
        .containsExactly(
            Map.of("a", "x, y", "n", "-1.5", "f", "=1+1"),
            Map.of("a", "two\nlines and \"quotes\"", "n", "7", "f", "é"));
  }

  @Test
  void noCellIsAFormula() {
    byte[] written =
        Sheet.CSV.write(
            List.of(row("{'a': '=cmd()', 'b': '+1', 'c': '@x', 'd': ['-l', 'm'], 'n': -2}")));
    assertThat(new String(written, StandardCharsets.UTF_8))
        .isEqualTo("a,b,c,d,n\r\n\"'=cmd()\",\"'+1\",\"'@x\",\"'-l; m\",-2\r\n");
  }

  /** With a mark of UTF-8, semicolons and lines without what lies behind the last filled cell. */
  @Test
  void asSpreadsheetsSaveIt() {
    List<Sheet.Filled> read =
        Sheet.CSV.read("s", bytes("\uFEFFrow_id;new_label;note\r\n1;\"yes\";\r\n\r\n2;no\r\n"));
    assertThat(read)
        .containsExactly(
            new Sheet.Filled(2, Map.of("row_id", "1", "new_label", "yes")),
            new Sheet.Filled(4, Map.of("row_id", "2", "new_label", "no")));
  }

  @Test
  void saysWhereItIsNoSheet() {
    assertThatThrownBy(() -> Sheet.CSV.read("s.csv", bytes("a,b\n1,2\n1,2,3\n")))
        .isInstanceOf(ReviewException.class)
        .hasMessage("s.csv:3: has 3 cells, the header 2");
    assertThatThrownBy(() -> Sheet.CSV.read("s.csv", bytes("a,b\n\"1,2\n")))
        .isInstanceOf(ReviewException.class)
        .hasMessageStartingWith("s.csv: is no CSV sheet");
    assertThatThrownBy(() -> Sheet.JSONL.read("s.jsonl", bytes("{\"a\": 1}\n[]\n")))
        .hasMessage("s.jsonl:2: is not a JSON object");
    assertThatThrownBy(() -> Sheet.of("--export", "s.xlsx"))
        .hasMessage("--export=s.xlsx: name it .csv or .jsonl");
  }
}
