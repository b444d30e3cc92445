package io.tidemark.cli;

import io.tidemark.pipeline.UsageException;
import io.tidemark.review.Corrections;
import io.tidemark.review.ReviewQueue;
import io.tidemark.stats.CountText;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "review",
    description = {
      "Takes the queue of doubtful labels out as a sheet, and what people filled in back as labels.",
      "Who looks at a row fills in new_label, and reviewed_at if it is to say when."
    },
    mixinStandardHelpOptions = true)
final class ReviewCommand implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(names = "--output", required = true, description = "Folder of a monitor run.")
  String output;

  @Option(names = "--export", description = "Sheet to write, .csv or .jsonl.")
  String export;

  @Option(names = "--import", description = "Sheet that was filled in.")
  String filled;

  @Option(names = "--model", description = "With --export: of these models only (all).")
  List<String> models = List.of();

  @Option(names = "--rows", description = "With --export: at most so many, the first of the queue.")
  Long rows;

  @Option(
      names = "--labels",
      description = "With --import: file to write labels to (below the output, in corrections/).")
  String labels;

  @Option(names = "--at", description = "With --import: when rows were looked at (now).")
  String at;

  @Override
  public Integer call() throws Exception {
    SpecFiles.checkPlace("--output", output);
    if ((export == null) == (filled == null)) {
      throw new UsageException("review: give one of --export=FILE and --import=FILE");
    }
    PrintWriter out = command.commandLine().getOut();
    if (export != null) {
      if (labels != null || at != null) {
        throw new UsageException("review: --labels and --at go with --import only");
      }
      if (rows != null && rows < 1) {
        throw new UsageException("--rows=" + rows + ": give at least 1");
      }
      SpecFiles.checkPlace("--export", export);
      int written =
          ReviewQueue.export(output, models, rows == null ? Long.MAX_VALUE : rows, export);
      out.println(
          "Wrote "
              + CountText.of(written, "row")
              + " to look at to "
              + export
              + ". Fill in new_label, then: tidemark review --output="
              + output
              + " --import="
              + export);
      return Main.DONE;
    }
    if (!models.isEmpty() || rows != null) {
      throw new UsageException("review: --model and --rows go with --export only");
    }
    SpecFiles.checkPlace("--import", filled);
    if (labels != null) {
      SpecFiles.checkPlace("--labels", labels);
    }
    Corrections.take(output, filled, labels, time()).forEach(out::println);
    return Main.DONE;
  }

  private Instant time() {
    if (at == null) {
      return Instant.now(); // a person acts, at a time
    }
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw new UsageException("--at=" + at + ": write a time as 2024-01-31T12:00:00Z");
    }
  }
}
