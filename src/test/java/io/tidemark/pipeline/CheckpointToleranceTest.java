package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.runners.flink.FlinkExecutionEnvironments;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointToleranceTest {
  @TempDir Path folder;

  private static FlinkPipelineOptions options(String master) {
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setFlinkMaster(master);
    options.setStreaming(true);
    options.setCheckpointingInterval(1000L);
    return options;
  }

  private static StreamExecutionEnvironment flink(FlinkPipelineOptions options) {
    return FlinkExecutionEnvironments.createStreamExecutionEnvironment(
        options, java.util.List.of(), options.getFlinkConfDir());
  }

  private static int tolerated(FlinkPipelineOptions options) {
    return flink(options).getCheckpointConfig().getTolerableCheckpointFailureNumber();
  }

  /** What Flink makes of it, as Beam makes its environment: here and on a cluster. */
  @Test
  void reachesFlink() {
    for (String master : new String[] {"[local]", "localhost:8081"}) {
      FlinkPipelineOptions options = options(master);
      assertThat(tolerated(options)).isZero();
      CheckpointTolerance.set(options, null);
      assertThat(tolerated(options)).isEqualTo(3);
      CheckpointTolerance.set(options, 7);
      assertThat(tolerated(options)).isEqualTo(7);
    }
  }

  @Test
  void keepsWhatTheUserHasConfigured() throws Exception {
    Path file = folder.resolve("flink-conf.yaml");
    Files.writeString(file, "execution.checkpointing.timeout: 5 min\n");
    FlinkPipelineOptions options = options("[local]");
    options.setFlinkConfDir(folder.toString());
    CheckpointTolerance.set(options, null);
    assertThat(tolerated(options)).isEqualTo(3);
    assertThat(flink(options).getCheckpointConfig().getCheckpointTimeout()).isEqualTo(300_000);

    Files.writeString(file, "execution.checkpointing.tolerable-failed-checkpoints: 5\n");
    options.setFlinkConfDir(folder.toString());
    CheckpointTolerance.set(options, null);
    assertThat(tolerated(options)).isEqualTo(5);
    CheckpointTolerance.set(options, 1);
    assertThat(tolerated(options)).isEqualTo(1);
  }

  @Test
  void refusesANumberBelowNone() {
    assertThatThrownBy(() -> CheckpointTolerance.set(options("[local]"), -1))
        .isInstanceOf(UsageException.class)
        .hasMessage("--tolerableCheckpointFailures=-1: must be at least 0");
  }
}
