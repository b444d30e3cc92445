package io.tidemark.cli;

import io.tidemark.pipeline.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "report",
    description = "Draws the report from what an output folder holds. Not available yet.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Option(names = "--output", required = true, description = "Folder of a monitor run.")
  String output;

  @Override
  public Integer call() {
    throw new UsageException(
        "report is not available yet; " + output + "/findings holds the findings as JSON lines");
  }
}
