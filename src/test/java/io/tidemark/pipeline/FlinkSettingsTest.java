package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.runners.flink.FlinkExecutionEnvironments;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.flink.configuration.AlgorithmOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkSettingsTest {
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
        options, List.of(), options.getFlinkConfDir());
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
      FlinkSettings.tolerateCheckpointFailures(options, null);
      assertThat(tolerated(options)).isEqualTo(3);
      FlinkSettings.tolerateCheckpointFailures(options, 7);
      assertThat(tolerated(options)).isEqualTo(7);
    }
  }

  @Test
  void keepsWhatTheUserHasConfigured() throws Exception {
    Path file = folder.resolve("flink-conf.yaml");
    Files.writeString(file, "execution.checkpointing.timeout: 5 min\n");
    FlinkPipelineOptions options = options("[local]");
    options.setFlinkConfDir(folder.toString());
    FlinkSettings.tolerateCheckpointFailures(options, null);
    assertThat(tolerated(options)).isEqualTo(3);
    assertThat(flink(options).getCheckpointConfig().getCheckpointTimeout()).isEqualTo(300_000);

    Files.writeString(file, "execution.checkpointing.tolerable-failed-checkpoints: 5\n");
    options.setFlinkConfDir(folder.toString());
    FlinkSettings.tolerateCheckpointFailures(options, null);
    assertThat(tolerated(options)).isEqualTo(5);
    FlinkSettings.tolerateCheckpointFailures(options, 1);
    assertThat(tolerated(options)).isEqualTo(1);
  }

  @Test
  void refusesANumberBelowNone() {
    assertThatThrownBy(() -> FlinkSettings.tolerateCheckpointFailures(options("[local]"), -1))
        .isInstanceOf(UsageException.class)
        .hasMessage("--tolerableCheckpointFailures=-1: must be at least 0");
  }

  /** Three records of 8 MB, sorted in 8 MB. */
  private static void groupLargeRecords(FlinkPipelineOptions options) {
    options.setRunner(FlinkRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    PAssert.that(
            pipeline
                .apply(Create.of(1, 2, 3))
                .apply(
                    MapElements.into(new TypeDescriptor<KV<Integer, byte[]>>() {})
                        .via(each -> KV.of(each % 2, new byte[8 << 20])))
                .apply(GroupByKey.create())
                .apply(
                    MapElements.into(TypeDescriptors.integers())
                        .via(
                            each ->
                                (int)
                                    StreamSupport.stream(each.getValue().spliterator(), false)
                                        .count())))
        .containsInAnyOrder(1, 2);
    pipeline.run().waitUntilFinish();
  }

  private FlinkPipelineOptions batch(String more) throws Exception {
    Path folder = Files.createDirectory(this.folder.resolve("conf" + more.length()));
    Files.writeString(
        folder.resolve("flink-conf.yaml"), "taskmanager.memory.managed.size: 8m\n" + more);
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(1);
    options.setFlinkConfDir(folder.toString());
    return options;
  }

  @Test
  void sortsWhatIsLargerThanTheSortersMemory() throws Exception {
    FlinkPipelineOptions options = batch("");
    FlinkSettings.takeLargeRecords(options);
    groupLargeRecords(options);
  }

  @Test
  void leavesLargeRecordsToTheUser() throws Exception {
    FlinkPipelineOptions options =
        batch(AlgorithmOptions.USE_LARGE_RECORDS_HANDLER.key() + ": false\n");
    FlinkSettings.takeLargeRecords(options);
    assertThatThrownBy(() -> groupLargeRecords(options))
        .hasStackTraceContaining("exceeds the maximum size of a sort buffer");
  }
}
