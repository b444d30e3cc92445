package io.tidemark.cli;

import io.tidemark.pipeline.UsageException;
import java.nio.file.Path;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What must hold before a topic is followed without end, and what is set for it. */
final class TopicChecks {
  private TopicChecks() {}

  /**
   * @throws UsageException where the runner would lose or repeat rows
   */
  static void check(String uri, PipelineOptions options) {
    boolean flink = options.getRunner().getSimpleName().equals("FlinkRunner");
    long interval = options.as(FlinkPipelineOptions.class).getCheckpointingInterval();
    if (!flink || interval <= 0) {
      throw new UsageException(
          "--events="
              + uri
              + ": a run that follows a topic without end needs checkpoints, or a failure would"
              + " lose what it holds. Give --runner=FlinkRunner --checkpointingInterval=10000"
              + " (every 10 s; with --flinkMaster=host:8081 on a cluster), or add ?until=latest to"
              + " read what the topic holds now");
    }
  }

  /**
   * What is written must not be read again, and rows and labels of one topic could not be told
   * apart.
   *
   * @param labels null: none
   * @param letters null: files
   * @throws UsageException if two of them are one topic
   */
  static void checkApart(String events, String labels, String letters) {
    String rows = place(events);
    if (labels != null && place(labels).equals(rows)) {
      throw new UsageException(
          "--labels: is the topic of --events; labels need one of their own, or events.label in the"
              + " spec where rows carry them");
    }
    if (letters != null
        && (place(letters).equals(rows)
            || (labels != null && place(letters).equals(place(labels))))) {
      throw new UsageException(
          "--dead-letters: is a topic that is read; what is unusable needs one of its own");
    }
  }

  private static String place(String uri) {
    return uri.replaceFirst("\\?.*", "");
  }

  /**
   * A cluster's configuration says where checkpoints are. Within this process none does, and a few
   * megabytes of state would be more than a checkpoint may hold.
   */
  static void keepCheckpoints(PipelineOptions options, String output) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    if (flink.getFlinkMaster().equals("[local]") && flink.getSavepointPath() != null) {
      throw new UsageException(
          "--savepointPath: a job within this process begins anew, at the topic's start; to go on"
              + " from a savepoint give --flinkMaster=host:8081");
    }
    if (isLocal(flink.getFlinkMaster())
        && flink.getStateBackend() == null
        && flink.getStateBackendStoragePath() == null) {
      flink.setStateBackend("filesystem");
      flink.setStateBackendStoragePath(
          Path.of(output, ".checkpoints").toAbsolutePath().toUri().toString());
    }
  }

  /** An application that a cluster runs by itself has no address of one, either. */
  private static boolean isLocal(String master) {
    return master.equals("[local]")
        || (master.equals("[auto]")
            && StreamExecutionEnvironment.getExecutionEnvironment()
                instanceof LocalStreamEnvironment);
  }
}
