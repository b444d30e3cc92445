package io.tidemark.pipeline;

import io.tidemark.baseline.BuildBaseline;
import io.tidemark.baseline.FieldExamples;
import io.tidemark.baseline.RowSample;
import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.profile.EmptyFields.Unusable;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;

/**
 * The fields with hardly a usable value, with examples of what stands there: those are read from
 * the log once more, because nothing of them is kept.
 *
 * @param output beside which what a job hands over is kept
 */
public record FieldTable(
    MonitoringSpec spec, EventFiles files, TimeRange range, JobRunner runs, String output) {

  public static FieldTable of(
      MonitoringSpec spec, EventFiles files, TimeRange range, JobRunner runs, String output) {
    return new FieldTable(spec, files, range, runs, output);
  }

  /** Empty where there are none. */
  public String text(List<Unusable> unusable) throws IOException {
    if (unusable.isEmpty()) {
      return "";
    }
    List<Unusable> shown = FieldExamples.shown(spec, unusable);
    return text(
        unusable, shown, shown.isEmpty() ? null : sample(FieldExamples.carrying(spec, shown)));
  }

  /** The same without a look at the log. */
  public static String withoutExamples(List<Unusable> unusable) {
    return unusable.isEmpty() ? "" : text(unusable, List.of(), null);
  }

  private static String text(List<Unusable> unusable, List<Unusable> shown, RowSample sample) {
    StringBuilder table = new StringBuilder("Fields with hardly a usable value:");
    for (Unusable each : unusable) {
      table.append(System.lineSeparator()).append(each.text());
      if (sample != null && shown.contains(each)) {
        table.append(": ").append(FieldExamples.of(sample, each.field()));
      }
    }
    return table.toString();
  }

  private RowSample sample(MonitoringSpec carrying) throws IOException {
    BuildBaseline build = BuildBaseline.of(carrying);
    KvCoder<Integer, RowSample> coder = KvCoder.of(VarIntCoder.of(), build.sampleCoder());
    try (ResultFiles handOver = ResultFiles.beside(output + ".examples")) {
      Pipeline pipeline = runs.pipeline("examples");
      AggregateOutput<Integer, RowSample> samples =
          AggregateOutput.of("Sample", build.sample(), VarIntCoder.of(), build.sampleCoder());
      Redaction redaction = Redaction.of(carrying, null);
      pipeline
          .apply(
              "Ingest",
              ScanFiles.of(
                      carrying,
                      new ScanFiles.Input(
                          files,
                          EventColumns.all(carrying),
                          redaction,
                          range,
                          range,
                          TimeRange.ALL),
                      runs.meter(),
                      runs.tasks())
                  .into(samples))
          .get(samples.tag())
          .apply("MergeSamples", samples.merged(build.mergeSamples()))
          .apply("HandOverSample", handOver.receive("examples", coder));
      runs.run(pipeline, "looking for examples", files.rowsWanted());
      List<KV<Integer, RowSample>> merged = new ArrayList<>(handOver.take("examples", coder));
      return merged.isEmpty() ? null : merged.get(0).getValue();
    }
  }
}
