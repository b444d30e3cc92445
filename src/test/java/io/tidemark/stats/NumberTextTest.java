package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @ParameterizedTest
  @CsvSource({
    "0.50, 0.5",
    "0.5, 0.5",
    ".5, 0.5",
    "-.50, -0.5",
    "+.5, 0.5",
    "1.0, 1",
    "-3.00, -3",
    "100, 100",
    "+5, 5",
    "0, 0",
    "-0, 0",
    "+0, 0",
    "-0.00, 0",
    ".0, 0",
    "-0.5, -0.5",
    "1e3, 1000",
    "1E+3, 1000",
    "1.0E-4, 0.0001",
    "0.0001, 0.0001",
    "1e-05, 0.00001",
    "1.0E20, 100000000000000000000",
    "100000000000000000000.0, 100000000000000000000",
    "1.152921504606847e+18, 1152921504606846976",
    "1152921504606846976.0, 1152921504606846976",
    "9007199254740993, 9007199254740993",
    "9007199254740993.0, 9007199254740993",
    "0.12345678901234567890, 0.1234567890123456789",
    "12345678901234.567, 12345678901234.567",
    "0e5, 0",
    "1e300, 1E300",
    "1.50e-300, 1.5E-300",
    "1e999, 1E999"
  })
  void writesANumberInOneWay(String spelled, String text) {
    assertThat(NumberText.of(spelled)).isEqualTo(text);
    assertThat(NumberText.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "007",
        "00",
        "-007",
        "007.0",
        "1.",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "1.e5",
        "1.0.0",
        "v1.0",
        "0x1F",
        "1_000",
        "1,5",
        " 1",
        "1 ",
        "",
        "NaN",
        "12e4f5",
        "1e99999999999",
        "１２",
        "--1",
        "+-1",
        "1e5.0",
        "1-2",
        "2024-01-01"
      })
  void leavesATextThatIsNone(String text) {
    assertThat(NumberText.of(text)).isSameAs(text);
  }

  @Test
  void givesOneTextToEqualNumbersOfAnyType() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      int scale = random.nextInt(-8, 12);
      BigDecimal decimal = BigDecimal.valueOf(random.nextLong(-999_999_999, 999_999_999), scale);
      double value = decimal.doubleValue();
      String text = NumberText.of(decimal);
      assertThat(NumberText.of(value)).isEqualTo(text);
      assertThat(NumberText.of(decimal.toString())).isEqualTo(text);
      assertThat(NumberText.of(decimal.toPlainString())).isEqualTo(text);
      assertThat(NumberText.of(Double.toString(value))).isEqualTo(text);
      assertThat(NumberText.of(decimal.setScale(scale + 30).toPlainString())).isEqualTo(text);
    }
    for (float value : new float[] {.1f, 1e-4f, 1e20f, 3f, -2.5f, 16777216f}) {
      assertThat(NumberText.of(value)).isEqualTo(NumberText.of(Float.toString(value)));
    }
  }

  @Test
  void agreesWithWhatADoubleIsPrintedAs() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 100_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(NumberText.of(Double.toString(value))).isEqualTo(NumberText.of(value));
      }
    }
    assertThat(NumberText.of(Double.NaN)).isNull();
    assertThat(NumberText.of(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat(NumberText.of(-0.0)).isEqualTo("0");
    assertThat(NumberText.of(0x1p62)).isEqualTo("4611686018427387904");
    assertThat(NumberText.of(1e23)).isEqualTo("100000000000000000000000");
  }

  @Test
  void keepsDecimalsApartThatDoublesAreNotFineEnoughFor() {
    assertThat(NumberText.of(new BigDecimal("0.12345678901234567890")))
        .isEqualTo("0.1234567890123456789");
    assertThat(NumberText.of(new BigDecimal("12345678901234567890.10")))
        .isEqualTo("12345678901234567890.1");
    assertThat(NumberText.of(new BigDecimal("-1.5e-100"))).isEqualTo("-1.5E-100");
    assertThat(NumberText.of(new BigDecimal("0.000"))).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "1000.0, 1000",
    "1000.00, 1000",
    "-5.0, -5",
    "-0.0, 0",
    "1.0E7, 10000000",
    "1e+16, 10000000000000000",
    "1.2345678901234568e+17, 123456789012345680"
  })
  void writesANameThatIsAWholeNumberWithoutAPoint(String name, String text) {
    assertThat(NumberText.ofName(name)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1000",
        "007.0",
        "1.10",
        "1.5",
        "12e4",
        "1e16",
        "123e4567",
        "+5",
        "+5.0",
        ".0",
        "-0",
        "1.5e-7",
        "12.5E3",
        "a.0",
        "1.0.0",
        "",
        "5f3e+1x"
      })
  void leavesAnyOtherName(String name) {
    assertThat(NumberText.ofName(name)).isSameAs(name);
  }
}
