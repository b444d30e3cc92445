package io.tidemark.pipeline;

import io.tidemark.local.LocalRunner;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** From the command line's other arguments to the runner's options. */
public final class RunnerOptions {
  /** The job's name where the user has not given one. */
  static final String UNNAMED = "tidemark";

  private static final long BUNDLE = 50_000;

  /** A window's finding passes through several steps, and may wait for a bundle in each. */
  private static final long BUNDLE_MILLIS = 250;

  private RunnerOptions() {}

  public static PipelineOptions of(List<String> arguments) {
    PipelineOptions options;
    try {
      options =
          PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
              .withValidation()
              .create();
    } catch (IllegalArgumentException e) {
      throw new UsageException(what(arguments, e) + "\nTry 'tidemark COMMAND --help'.");
    }
    if (!asked(arguments, "--jobName")) {
      options.setJobName(UNNAMED);
    }
    if (!asked(arguments, "--runner")) {
      options.setRunner(LocalRunner.class);
    }
    checkParallelism(options);
    FileSystems.setDefaultPipelineOptions(options);
    if (options.getRunner().getSimpleName().equals("FlinkRunner")) {
      FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
      // Elements are never changed after they are emitted, so they need not be copied.
      flink.setFasterCopy(true);
      flink.setObjectReuse(true);
      // Else what a bundle sends while a checkpoint is taken is kept in it, and comes again in a
      // job that may not have its model any more.
      flink.setFinishBundleBeforeCheckpointing(true);
      // Not so many rows as elements: a bundle gathers before it sends.
      if (!asked(arguments, "--maxBundleSize")) {
        flink.setMaxBundleSize(BUNDLE);
      }
      if (!asked(arguments, "--maxBundleTimeMills")) {
        flink.setMaxBundleTimeMills(BUNDLE_MILLIS);
      }
    }
    return options;
  }

  private static boolean asked(List<String> arguments, String option) {
    return arguments.stream().anyMatch(each -> each.startsWith(option + "="));
  }

  /** Beam's parser does not say which of the options it stumbled over: each is tried alone. */
  private static String what(List<String> arguments, IllegalArgumentException all) {
    for (String argument : arguments) {
      try {
        PipelineOptionsFactory.fromArgs(argument).create();
      } catch (IllegalArgumentException e) {
        String reason = firstLine(e);
        if (!argument.startsWith("--")) {
          return argument + ": is no option; options are written --name=value";
        }
        boolean unknown = reason.contains("missing a property named");
        return argument
            + ": "
            + (unknown ? "is an option of neither Tidemark nor the runner" : reason);
      }
    }
    return firstLine(all);
  }

  private static void checkParallelism(PipelineOptions options) {
    int flink = options.as(FlinkPipelineOptions.class).getParallelism();
    if (flink == 0 || flink < -1) {
      throw new UsageException("--parallelism=" + flink + ": must be at least 1");
    }
    int direct = options.as(DirectOptions.class).getTargetParallelism();
    if (direct < 1) {
      throw new UsageException("--targetParallelism=" + direct + ": must be at least 1");
    }
  }

  private static String firstLine(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse("");
  }

  /** Whether all that writes for the run ends with this process. */
  public static boolean local(PipelineOptions options) {
    return !options.getRunner().getSimpleName().equals("FlinkRunner")
        || options.as(FlinkPipelineOptions.class).getFlinkMaster().startsWith("[");
  }
}
