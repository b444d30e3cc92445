package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DeadLetter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterBudgetTest {
  private static DeadLetter letter(int position, String text, String base64) {
    DeadLetter letter = new DeadLetter();
    letter.setReason("time_missing");
    letter.setDetail("no value in the time column");
    letter.setSource("/in/a.jsonl");
    letter.setPosition(position);
    letter.setText(text);
    letter.setBase64(base64);
    return letter;
  }

  private static List<DeadLetter> taken(int pieces, int count, String row) {
    LetterBudget budget = LetterBudget.ofOneOf(pieces);
    return IntStream.range(0, count)
        .mapToObj(i -> budget.take(i % 2 == 0 ? letter(i, row, null) : letter(i, null, row)))
        .toList();
  }

  private static long held(List<DeadLetter> letters) {
    return letters.stream().mapToLong(LetterLength::ofRow).sum();
  }

  @Test
  void fewLettersStayAsTheyAre() {
    String row = "x".repeat(4000);
    List<DeadLetter> letters = taken(1, 1000, row);
    for (int i = 0; i < letters.size(); i++) {
      assertThat(letters.get(i))
          .isEqualTo(i % 2 == 0 ? letter(i, row, null) : letter(i, null, row));
    }
  }

  /** A direct runner of 512 MB holds what all pieces hand over. */
  @ParameterizedTest
  @CsvSource({"1, 100000, 4000", "1, 400, 1000000", "1, 400, 100000", "7, 15000, 4000"})
  void rowsAreRepeatedAsLongAsThereIsRoom(int pieces, int count, int length) {
    List<DeadLetter> letters = taken(pieces, count, "x".repeat(length));
    assertThat(letters).hasSize(count);
    assertThat(held(letters) * pieces).isLessThanOrEqualTo(64 << 20);
    assertThat(letters).allMatch(each -> LetterLength.ofRow(each) > 0 || isSaid(each));
  }

  private static boolean isSaid(DeadLetter letter) {
    return letter.getDetail().startsWith("no value in the time column; the row is left out, ");
  }

  @Test
  void whatFitsIsKeptBehindWhatDoesNot() {
    LetterBudget budget = LetterBudget.ofOneOf(1 << 20);
    assertThat(budget.take(letter(0, "x".repeat(1 << 17), null)).getDetail())
        .isEqualTo("no value in the time column; the row is left out, there are too many");
    assertThat(budget.take(letter(1, "{}", null))).isEqualTo(letter(1, "{}", null));
    assertThat(budget.take(letter(2, null, null))).isEqualTo(letter(2, null, null));
  }

  @Test
  void eachOfVeryManyPiecesShowsSome() {
    assertThat(held(taken(1 << 20, 1000, "x".repeat(1000)))).isEqualTo(65_000);
  }
}
