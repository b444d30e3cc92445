package io.tidemark.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;

/**
 * How many checkpoints in a row may fail before the job is restarted. Beam has no option for it,
 * and Flink's default is none; what Beam does take is a folder with Flink's configuration.
 */
public final class CheckpointTolerance {
  private static final String KEY = ExecutionCheckpointingOptions.TOLERABLE_FAILURE_NUMBER.key();

  private CheckpointTolerance() {}

  /**
   * @param failures null: what the user's configuration of Flink says, else 3
   */
  public static void set(FlinkPipelineOptions options, Integer failures) {
    if (failures != null && failures < 0) {
      throw new UsageException(
          "--tolerableCheckpointFailures=" + failures + ": must be at least 0");
    }
    String given = options.getFlinkConfDir();
    boolean own = given != null && !given.isEmpty();
    Configuration configuration =
        own
            ? GlobalConfiguration.loadConfiguration(given)
            : GlobalConfiguration.loadConfiguration();
    TreeMap<String, String> settings = new TreeMap<>(configuration.toMap());
    if (failures == null && settings.containsKey(KEY)) {
      return;
    }
    settings.put(KEY, Integer.toString(failures == null ? 3 : failures));
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    try {
      Path folder = Files.createTempDirectory("tidemark-flink-conf");
      Path file = folder.resolve(GlobalConfiguration.LEGACY_FLINK_CONF_FILENAME);
      Files.writeString(file, text);
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit(); // before its folder
      options.setFlinkConfDir(folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary file can be written", e);
    }
  }
}
