package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.scan.StopJobException;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.junit.jupiter.api.Test;

class StateShapeTest {
  private static final StateShape HOURLY =
      new StateShape(new TreeMap<>(Map.of("window.size", "PT1H", "id", "x")));
  private static final StateShape DAILY =
      new StateShape(new TreeMap<>(Map.of("window.size", "P1D", "id", "x")));

  private static PipelineOptions job(StateShape shape) {
    PipelineOptions options = PipelineOptionsFactory.create();
    StateShape.put(options, new TreeMap<>(Map.of("m", shape)));
    return options;
  }

  @Test
  void stopsAJobForGoodThatBringsAnother() {
    assertThatCode(() -> HOURLY.check("m", job(HOURLY))).doesNotThrowAnyException();
    assertThatCode(() -> HOURLY.check("another", job(DAILY))).doesNotThrowAnyException();
    assertThatThrownBy(() -> HOURLY.check("m", job(DAILY)))
        .isInstanceOf(StopJobException.class)
        .hasMessageContaining("of m was made with other settings: window.size was PT1H, is P1D.")
        .satisfies(
            e ->
                assertThat(ThrowableClassifier.getThrowableType(e))
                    .isEqualTo(ThrowableType.NonRecoverableError));
  }

  @Test
  void comesBackFromAFile() {
    assertThat(StateShape.ofJson(HOURLY.json())).isEqualTo(HOURLY);
    assertThat(StateShape.ofJson("{")).isNull();
  }

  @Test
  void aFileThatWasChangedIsNotTakenForWhatWasWritten() {
    byte[] whole = HOURLY.json().getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      StateShape read = StateShape.ofJson(new String(changed, StandardCharsets.UTF_8));
      // a blank may be another one
      assertThat(read == null || read.equals(HOURLY)).as("byte " + at).isTrue();
    }
    String unchecked = HOURLY.json().replaceFirst("\"check\" : \"[0-9a-f]+\",?\\s*", "");
    assertThat(StateShape.ofJson(unchecked)).as("a file without a check").isNull();
    String other = HOURLY.json().replace("PT1H", "PT2H");
    assertThat(StateShape.ofJson(other)).isNull();
  }

  /** It is in savepoints. */
  @Test
  void itsFormInStateStays() throws Exception {
    byte[] old =
        HexFormat.of()
            .parseHex(
                "aced000573720023696f2e746964656d61726b2e696e676573742e746f7069632e5374617465536861706500000000000000010200014c000570617274737400134c6a6176612f7574696c2f547265654d61703b7870737200116a6176612e7574696c2e547265654d61700cc1f63e2d256ae60300014c000a636f6d70617261746f727400164c6a6176612f7574696c2f436f6d70617261746f723b787070770400000001740001617400016278");
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(old))) {
      assertThat(in.readObject()).isEqualTo(new StateShape(new TreeMap<>(Map.of("a", "b"))));
    }
  }
}
