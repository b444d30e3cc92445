package io.tidemark.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.flink.configuration.AlgorithmOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;

/**
 * What jobs want of Flink that Beam has no option for. What Beam does take is a folder with Flink's
 * configuration; the user's stays in force, but for what is asked for on the command line.
 */
public final class FlinkSettings {
  private FlinkSettings() {}

  /**
   * How many checkpoints in a row may fail before the job is restarted. Flink's default is none.
   *
   * @param failures null: what the user's configuration of Flink says, else 3
   */
  public static void tolerateCheckpointFailures(FlinkPipelineOptions options, Integer failures) {
    if (failures != null && failures < 0) {
      throw new UsageException(
          "--tolerableCheckpointFailures=" + failures + ": must be at least 0");
    }
    String number = Integer.toString(failures == null ? 3 : failures);
    String key = ExecutionCheckpointingOptions.TOLERABLE_FAILURE_NUMBER.key();
    set(options, key, number, failures != null);
  }

  /**
   * Lets batch jobs sort records of any size. A window's state is one record, of megabytes where
   * the window has millions of rows, and Flink's sorter refuses by default what does not fit into
   * its share of the managed memory.
   */
  static void takeLargeRecords(FlinkPipelineOptions options) {
    set(options, AlgorithmOptions.USE_LARGE_RECORDS_HANDLER.key(), "true", false);
  }

  private static void set(
      FlinkPipelineOptions options, String key, String value, boolean overriding) {
    String given = options.getFlinkConfDir();
    Configuration configuration =
        given == null || given.isEmpty()
            ? GlobalConfiguration.loadConfiguration()
            : GlobalConfiguration.loadConfiguration(given);
    TreeMap<String, String> settings = new TreeMap<>(configuration.toMap());
    if (!overriding && settings.containsKey(key)) {
      return;
    }
    settings.put(key, value);
    StringBuilder text = new StringBuilder();
    settings.forEach((name, it) -> text.append(name).append(": ").append(it).append('\n'));
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
