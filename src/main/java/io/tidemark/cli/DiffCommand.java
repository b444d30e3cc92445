package io.tidemark.cli;

import io.tidemark.pipeline.UsageException;
import io.tidemark.snapshot.SnapshotDiff;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description = "Holds two snapshots against each other: rows, labels, reasons, mix.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Spec CommandSpec command;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "Folder of a snapshot, or of a model for its latest one.")
  String one;

  @Parameters(index = "1", paramLabel = "B", description = "The same of the other.")
  String other;

  @Override
  public Integer call() throws Exception {
    SpecFiles.checkPlace("A", one);
    SpecFiles.checkPlace("B", other);
    try {
      SnapshotDiff.of(one, other).forEach(command.commandLine().getOut()::println);
    } catch (IOException e) {
      throw new UsageException(e.getMessage());
    }
    return Main.DONE;
  }
}
