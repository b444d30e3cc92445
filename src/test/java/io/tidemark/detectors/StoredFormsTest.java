package io.tidemark.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.OneDetector;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checkpoints and {@code detectors/} hold; of each detector's state, see DetectorTest. */
class StoredFormsTest {
  @TempDir Path output;

  @Test
  void outcomesThatWait() throws IOException {
    OutcomeLog log = new OutcomeLog();
    log.add(1, 2, "é", true);
    log.add(-3, 4, "b", false);
    OutcomeLog read =
        Golden.holds(
            new OutcomeLogCoder(),
            log,
            """
            3100000002000000000000000100000000000000020000000201fffffffffffffffd000000000000
            00040000000300c3a962\
            """);
    assertThat(read.size()).isEqualTo(2);
    assertThat(read.name(0)).isEqualTo("é");
    assertThat(read.labelTime(1)).isEqualTo(-3);
    assertThat(read.error(0)).isTrue();
  }

  @Test
  void statesOfDetectors() throws IOException {
    DetectorState state =
        new DetectorState(
            DetectorStates.FORMAT,
            "m",
            "v1",
            Instant.parse("2024-01-01T00:00:00Z"),
            300L,
            List.of(new OneDetector("ddm", 1L, 2L, ByteBuffer.wrap(new byte[] {3, 4}))));
    DetectorState read =
        Golden.holds(
            RecordCoder.of(DetectorState.class),
            state,
            """
            1b02026d04763180808982e2f58606d804020664646d020404030400\
            """);
    assertThat(read).isEqualTo(state);
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    DetectorStates states = new DetectorStates(output.toString(), "m");
    states.write(read);
    assertThat(states.latest("v1", Long.MAX_VALUE)).hasValue(state);
  }
}
