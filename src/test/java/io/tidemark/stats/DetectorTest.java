package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.bytes;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.indices;
import static io.tidemark.stats.DetectorRuns.resumed;
import static io.tidemark.stats.DetectorRuns.verdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.stats.Detector.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every detector promises. */
class DetectorTest {
  /** Quick to alarm, so that a short stream has alarms and warnings of every kind. */
  private static final List<Detector.Parameters> EAGER =
      List.of(
          new Adwin.Parameters(.3, 8, 2, 3, 5),
          new Ddm.Parameters(5, 1, 1.5),
          new Eddm.Parameters(5, .9, .8, 1),
          new Eddm.Parameters(5, .9, .8, 0),
          new HddmA.Parameters(.2, .4, false),
          new HddmA.Parameters(.2, .4, true),
          new HddmW.Parameters(.2, .4, .2, false),
          new HddmW.Parameters(.2, .4, .2, true),
          new PageHinkley.Parameters(5, .01, 5, .99));

  static Stream<Detector.Parameters> all() {
    return Stream.concat(
        EAGER.stream(), Arrays.stream(DetectorMethod.values()).map(DetectorMethod::defaults));
  }

  private static double[] stream(long seed) {
    return Arrays.copyOfRange(errors(seed, .2, .8, .1), 700, 2300);
  }

  /** Stored and resumed at random places and at, before and after each alarm. */
  @Property(tries = 20)
  void goesOnAsIfItHadNeverStopped(@ForAll long seed) throws IOException {
    double[] outcomes = stream(seed & Integer.MAX_VALUE);
    for (Detector.Parameters parameters : all().toList()) {
      Detector whole = parameters.start();
      List<Verdict> expected = verdicts(whole, outcomes);
      List<Integer> cuts = new ArrayList<>(List.of(-1, outcomes.length - 1));
      indices(expected, Verdict.DRIFT).forEach(i -> cuts.addAll(List.of(i - 1, i, i + 1)));
      new Random(seed).ints(20, 0, outcomes.length).forEach(cuts::add);

      Detector parts = parameters.start();
      List<Verdict> verdicts = new ArrayList<>();
      for (int i = -1; i < outcomes.length; i++) {
        if (i >= 0) {
          verdicts.add(parts.update(outcomes[i]));
        }
        if (cuts.contains(i)) {
          byte[] stored = bytes(parts);
          parts = resumed(stored);
          assertThat(bytes(parts)).isEqualTo(stored);
          assertThat(parts.parameters()).isEqualTo(parameters);
        }
      }
      assertThat(verdicts).as("%s", parameters).isEqualTo(expected);
      assertThat(bytes(parts)).as("%s", parameters).isEqualTo(bytes(whole));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anAlarmLeavesNothingBehind(Detector.Parameters parameters) {
    byte[] fresh = bytes(parameters.start());
    Detector detector = parameters.start();
    int alarms = 0;
    for (double outcome : errors(11, .1, .9, .1, .9)) {
      if (detector.update(outcome) == Verdict.DRIFT) {
        assertThat(bytes(detector)).isEqualTo(fresh);
        alarms++;
      } else {
        assertThat(bytes(detector)).isNotEqualTo(fresh);
      }
    }
    assertThat(alarms).isPositive();
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesWhatIsNoOutcomeAndStaysAsItWas(Detector.Parameters parameters) {
    boolean binary = !List.of("adwin", "page_hinkley").contains(parameters.method().id());
    Detector detector = parameters.start();
    verdicts(detector, new double[] {1, 0, 0, 1, -0.0});
    byte[] before = bytes(detector);
    List<Double> wrong =
        new ArrayList<>(
            List.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.MAX_VALUE,
                -1.1e100));
    if (binary) {
      wrong.addAll(List.of(.5, -1.0, 2.0, Double.MIN_VALUE));
    }
    for (double x : wrong) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> detector.update(x))
          .withMessage(
              binary
                  ? "An outcome is 1 for an error and 0 for none, not " + x
                  : "Expected a number of at most 1e100 but found " + x);
      assertThat(bytes(detector)).isEqualTo(before);
    }
  }

  @Test
  void staysFiniteWithTheLargestValues() throws IOException {
    for (Detector.Parameters parameters :
        List.of(Adwin.Parameters.DEFAULT, PageHinkley.Parameters.DEFAULT)) {
      Detector detector = parameters.start();
      int alarms = 0;
      for (int i = 0; i < 10_000; i++) {
        alarms += detector.update(i / 1000 % 2 == 0 ? 1e100 : -1e100) == Verdict.DRIFT ? 1 : 0;
        resumed(bytes(detector)); // which refuses NaN
      }
      assertThat(alarms).isGreaterThanOrEqualTo(9);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void isBounded(Detector.Parameters parameters) {
    Detector detector = parameters.start();
    for (double outcome : errors(1, .2, .2, .2, .2, .2, .2, .2, .2, .2, .2)) {
      detector.update(outcome);
      assertThat(bytes(detector).length).isLessThan(700);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMethodHasItsNameAndDefaults(DetectorMethod method) throws IOException {
    assertThat(DetectorMethod.of(method.id())).contains(method);
    assertThat(method.defaults().method()).isEqualTo(method);
    assertThat(method.defaults().start().parameters()).isSameAs(method.defaults());
    assertThat(resumed(bytes(method.defaults().start())).parameters()).isEqualTo(method.defaults());
  }

  @Test
  void namesAreThoseOfSpecs() {
    assertThat(Arrays.stream(DetectorMethod.values()).map(DetectorMethod::id))
        .containsExactly("adwin", "ddm", "eddm", "hddm_a", "hddm_w", "page_hinkley");
    assertThat(DetectorMethod.of("ADWIN")).isEmpty();
    assertThat(DetectorMethod.of("kswin")).isEmpty();
  }

  /** States that were stored once stay readable: a change of these bytes is a new version. */
  @ParameterizedTest
  @CsvSource({
    "ADWIN, "
        + "010005616477696e3f60624dd2f1a9fc2005050a02040000000000000000000000000000"
        + "000000000000000000003ff0000000000000023ff00000000000003ff000000000000040"
        + "080000000000003ffdffffffffffff",
    "DDM, "
        + "01000364646d1e4000000000000000400800000000000008037ff00000000000007ff000"
        + "0000000000",
    "EDDM, "
        + "0100046564646d1e3fee6666666666663feccccccccccccd010808034005555555555555"
        + "4002aaaaaaaaaaab000000000000000000",
    "HDDM_A, " + "0100066864646d5f613f50624dd2f1a9fc3f747ae147ae147b00080307020000",
    "HDDM_W, "
        + "0100066864646d5f773f50624dd2f1a9fc3f747ae147ae147b3fa999999999999a00013f"
        + "e940003a4d02e73fdd163d53e30c17400055e9d52da904013fe940003a4d02e73fdd163d"
        + "53e30c170000000000000000003ff00000000000007ff000000000000000000000000000"
        + "00003ff00000000000000000000000000000003ff0000000000000",
    "PAGE_HINKLEY, "
        + "01000c706167655f68696e6b6c65791e3f747ae147ae147b40490000000000003fefff2e"
        + "48e8a71e083fd8000000000000bfe88a52b6b2b435bff6313feab4f784bfe5fb31431e14"
        + "473f747ae147ae147b",
  })
  void theFormatIsWhatItWas(DetectorMethod method, String golden) {
    Detector detector = method.defaults().start();
    verdicts(detector, new double[] {1, 0, 0, 1, 0, 0, 0, 1});
    assertThat(HexFormat.of().formatHex(bytes(detector))).isEqualTo(golden);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesDamagedBytes(Detector.Parameters parameters) {
    Detector detector = parameters.start();
    verdicts(detector, errors(2, .3));
    byte[] whole = bytes(detector);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> resumed(part)).isInstanceOf(EOFException.class);
    }
    Random random = new Random(4);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        verdicts(resumed(damaged), new double[] {0, 1, 1, 0});
      } catch (IOException expected) {
        assertThat(expected)
            .isInstanceOfAny(
                StreamCorruptedException.class, EOFException.class, UTFDataFormatException.class);
      }
    }
  }

  @Test
  void saysWhatIsWrongWithTheBytes() {
    byte[] bytes = bytes(DetectorMethod.DDM.defaults().start());
    byte[] later = bytes.clone();
    later[0] = 2;
    assertThatThrownBy(() -> resumed(later))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessage("No detector of format 1 but 2");
    byte[] other = bytes.clone();
    other[3] = 'b';
    assertThatThrownBy(() -> resumed(other))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessage("No detector is called bdm");
    byte[] parameter = bytes.clone();
    parameter[7] = (byte) 0xC0; // the sign of warn
    assertThatThrownBy(() -> resumed(parameter))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessage("warn must be above 0 and finite, not -2.0");
  }
}
