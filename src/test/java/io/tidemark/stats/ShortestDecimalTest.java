package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.schubfach.FloatToDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShortestDecimalTest {
  @Test
  void widensFloatsToTheDecimalTheyAreWrittenAs() {
    for (double value : new double[] {0, .1, -.3, 1e-4, 1e-38, 123.456, 16777215, 1e11, 1e30}) {
      assertThat(ShortestDecimal.of((float) value)).isEqualTo(value);
    }
    assertThat(1 / ShortestDecimal.of(-0f)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ShortestDecimal.of(Float.NaN)).isNaN();
    assertThat(ShortestDecimal.of(Float.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ShortestDecimal.of(Float.MAX_VALUE)).isEqualTo(3.4028235e38);
  }

  @Test
  void agreesWithASlowAlgorithm() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500_000; i++) {
      float value =
          i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextDouble(1000);
      if (Float.isFinite(value)) {
        assertThat(ShortestDecimal.of(value))
            .isEqualTo(Double.parseDouble(FloatToDecimal.toString(value)));
      }
    }
    for (int exponent = 1; exponent < 255; exponent++) { // floats lie closer below these
      float value = Float.intBitsToFloat(exponent << 23);
      assertThat(ShortestDecimal.of(value))
          .isEqualTo(Double.parseDouble(FloatToDecimal.toString(value)));
    }
  }

  @Test
  void widensHalvesTheSameWay() {
    assertThat(ShortestDecimal.ofHalf((short) 0x2E66)).isEqualTo(.1);
    assertThat(ShortestDecimal.ofHalf((short) 0xAE66)).isEqualTo(-.1);
    assertThat(ShortestDecimal.ofHalf((short) 0x3C00)).isEqualTo(1);
    assertThat(ShortestDecimal.ofHalf((short) 0x7BFF)).isEqualTo(65500); // 65504, the largest
    assertThat(ShortestDecimal.ofHalf((short) 0x0001)).isEqualTo(6e-8); // 2^-24, the least
    assertThat(ShortestDecimal.ofHalf((short) 0x7C00)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(ShortestDecimal.ofHalf((short) 0x7E00)).isNaN();
    assertThat(1 / ShortestDecimal.ofHalf((short) 0x8000)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void takesNoTwoHalvesForOne() {
    double before = -1;
    for (int bits = 0; bits < 0x7C00; bits++) {
      double value = ShortestDecimal.ofHalf((short) bits);
      assertThat(value).isGreaterThan(before);
      before = value;
    }
  }
}
