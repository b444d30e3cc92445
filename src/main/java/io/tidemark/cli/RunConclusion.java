package io.tidemark.cli;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.pipeline.AlertSummary;
import io.tidemark.pipeline.Augmented;
import io.tidemark.pipeline.DamagedStores;
import io.tidemark.pipeline.FieldTable;
import io.tidemark.pipeline.JobResults;
import io.tidemark.pipeline.JobRunner;
import io.tidemark.pipeline.LabelIssueSummary;
import io.tidemark.pipeline.LabelSummary;
import io.tidemark.pipeline.ModelRun;
import io.tidemark.pipeline.RunRecord;
import io.tidemark.pipeline.RunSummary;
import io.tidemark.pipeline.Standing;
import io.tidemark.profile.EmptyFields;
import io.tidemark.snapshot.PersonalColumns;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine;

/**
 * What is told of a bounded run of a model when its job has ended, and how the run ended.
 *
 * @param letters where its dead letters are
 * @param ofNobody rows that are no model's
 * @param alone whether it is the only model: the log is looked through once more for examples
 */
record RunConclusion(
    ModelRun model,
    JobResults.Of results,
    String output,
    String letters,
    boolean failOnAlarm,
    RowCounts ofNobody,
    boolean alone) {

  /**
   * Writes the run's record and prints its summary.
   *
   * @return the exit code
   */
  int tell(double seconds, PipelineOptions options, JobRunner runs, CommandLine terminal)
      throws IOException {
    PrintWriter out = terminal.getOut();
    PrintWriter err = terminal.getErr();
    RowCounts counts = results.rows();
    RunSummary summary = RunSummary.read(model.spec(), counts, model.range(), output);
    LabelSummary labelled = LabelSummary.take(model, results, output);
    List<String> snapshots = results.snapshots();
    Augmented augmented = Augmented.take(results, snapshots);
    AlertSummary alerted = AlertSummary.take(model, results);
    List<String> standing = results.standing();
    RunRecord.write(
        model,
        counts,
        ofNobody,
        labelled,
        output,
        seconds,
        options,
        summary,
        standing.size(),
        alerted,
        augmented,
        snapshots);
    summary.print(out, model, counts, labelled, output, letters, seconds, snapshots);
    if (model.augmented() != null) {
      augmented.print(out);
    }
    for (String note : notes(counts, standing, runs)) {
      if (!note.isEmpty()) {
        out.println(note);
      }
    }
    alerted.print(out);
    if (!alerted.delivered()) {
      err.println(alerted.failure(model.spec().model())); // whatever else there is to say
    }
    DamagedStores.lines(model.spec(), counts, model.range(), output).forEach(err::println);
    for (String manifest : snapshots) {
      PersonalColumns.warnings(manifest).forEach(err::println);
    }
    LabelIssueSummary.blocked(results.labelIssues()).forEach(err::println);
    List<String> refused = results.refused();
    refused.forEach(err::println);
    String bad = results.badRows().text(model.spec(), model.files());
    String badLabels =
        model.labels() == null
            ? ""
            : results.badLabels().text(model.spec(), model.labels().files());
    String badAugmented =
        model.augmented() == null
            ? ""
            : results.badAugmented().text(model.spec().ofAugmented(), model.augmented());
    String failure = failure(counts, labelled, augmented, bad, badLabels, badAugmented);
    if (!failure.isEmpty()) {
      err.println(failure);
      return Main.FAILED;
    }
    if (!bad.isEmpty() || !badLabels.isEmpty() || !badAugmented.isEmpty()) {
      out.println("Unusable:" + bad + badLabels + badAugmented);
    }
    if (!alerted.delivered()) {
      return Main.FAILED;
    }
    if (!refused.isEmpty()) {
      return Main.WRONG_USE; // all else is written
    }
    return failOnAlarm && summary.alarms() > 0 ? Main.ALARMS : Main.DONE;
  }

  /** What a user should know besides; "" where there is nothing. */
  private List<String> notes(RowCounts counts, List<String> standing, JobRunner runs)
      throws IOException {
    MonitoringSpec spec = model.spec();
    long first = model.range().statistics().from();
    String place = OutputFiles.path(output, spec.model());
    List<EmptyFields.Unusable> unusable = EmptyFields.of(spec, results.unusable());
    return List.of(
        String.join("\n", results.slicesStay().stream().map(line -> "  " + line).toList()),
        LabelIssueSummary.text(results.labelIssues(), output),
        String.join("\n", results.labelIssuesStay().stream().map(line -> "  " + line).toList()),
        GapBefore.text(output, spec.model(), spec.window(), first),
        Standing.text(standing),
        model.times().message(spec, model.files(), counts),
        alone
            ? FieldTable.of(spec, model.files(), model.range().read(), runs, place).text(unusable)
            : FieldTable.withoutExamples(unusable));
  }

  /** What fails a run whose job went well; "" where nothing does. */
  private String failure(
      RowCounts counts,
      LabelSummary labelled,
      Augmented augmented,
      String bad,
      String badLabels,
      String badAugmented) {
    MonitoringSpec spec = model.spec();
    if (!counts.balanced()) {
      return "tidemark failed: rows of " + spec.model() + " are not accounted for: " + counts;
    }
    if (counts.deadLettered() > spec.events().maxBad() * counts.read()) {
      return DeadLetterShare.message(spec, counts, "the outputs are kept", bad);
    }
    if (!labelled.balanced(counts)) {
      return "tidemark failed: labels of "
          + spec.model()
          + " are not accounted for: "
          + labelled
          + ", "
          + counts;
    }
    if (augmented.rows().deadLettered() > spec.events().maxBad() * augmented.rows().read()) {
      return DeadLetterShare.ofAugmented(
          spec, augmented.rows(), "the outputs are kept", badAugmented);
    }
    return labelled.tooManyBad(spec)
        ? DeadLetterShare.message(spec, labelled.labels(), "the outputs are kept", badLabels)
        : "";
  }
}
