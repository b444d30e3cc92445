package io.tidemark.pipeline;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CountText;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found.
 *
 * @param base over the windows themselves
 * @param horizons over longer ones, by their size
 * @param slices where the model struggles
 */
public record RunSummary(
    FindingSummary base, Map<String, FindingSummary> horizons, SliceSummary slices) {

  public static RunSummary read(MonitoringSpec spec, RowCounts counts, RunRange run, String output)
      throws IOException {
    TimeRange range = run.statistics();
    TimeRange seen = run.seen(counts);
    boolean none = seen == null;
    long first = none ? 0 : seen.from();
    long last = none ? 0 : seen.to() - 1;
    Map<String, FindingSummary> horizons = new LinkedHashMap<>();
    for (WindowSpec horizon : spec.horizons()) {
      String folder =
          WindowFolders.folder(output, Table.FINDINGS.folder(), spec.model(), horizon.size());
      horizons.put(
          horizon.size(),
          none
              ? FindingSummary.NONE
              : FindingSummary.read(folder, horizon, horizon, first, last, range));
    }
    String folder = WindowFolders.folder(output, Table.FINDINGS.folder(), spec.model(), "");
    return new RunSummary(
        none
            ? FindingSummary.NONE
            : FindingSummary.read(folder, spec.window(), spec.period(), first, last, run.read()),
        horizons,
        none ? new SliceSummary(List.of()) : SliceSummary.read(spec, output, first, last));
  }

  /** Alarms of all windows, horizons' included. */
  public int alarms() {
    return base.alarms() + horizons.values().stream().mapToInt(FindingSummary::alarms).sum();
  }

  public void print(
      PrintWriter out,
      ModelRun model,
      RowCounts counts,
      LabelSummary labelled,
      String output,
      String letters,
      double seconds,
      List<String> snapshots) {
    out.printf(
        Locale.ROOT,
        "%s: read %s from %s in %.1f s (%,.0f rows/s).%n",
        model.spec().model(),
        CountText.of(counts.read(), "row"),
        model.files().places(),
        seconds,
        counts.read() / seconds);
    out.printf(
        Locale.ROOT,
        "  %,d profiled, %s (%,d conflicting), %,d out of range, %,d late, %s.%n",
        counts.profiled(),
        CountText.of(counts.duplicate(), "duplicate"),
        counts.conflicting(),
        counts.outOfRange(),
        counts.late(),
        CountText.of(counts.deadLettered(), "dead letter"));
    if (model.files().passedOver().groups() > 0) {
      out.println("  " + model.files().passedOver().text());
    }
    if (counts.lookedBack() > 0) {
      out.printf(
          Locale.ROOT,
          "  Of the profiled rows %s from before --from: their labels may have come since.%n",
          CountText.of(counts.lookedBack(), "is", "are"));
    }
    labelled.print(out);
    if (base.windows() == 0) {
      out.println("  No window had rows: nothing to compare.");
      return;
    }
    base.print(out, "");
    horizons.forEach((size, summary) -> summary.print(out, "over " + size + " "));
    out.println("Statistics: " + OutputFiles.path(output, "statistics"));
    out.println("Findings:   " + OutputFiles.path(output, "findings"));
    if (PerformanceBranch.applies(model.spec())) {
      out.println("Performance: " + OutputFiles.path(output, Table.PERFORMANCE.folder()));
    }
    if (!slices.text().isEmpty()) {
      out.println(slices.text());
    }
    if (counts.deadLettered() + labelled.labels().deadLettered() > 0) {
      out.println("Dead letters: " + letters);
    }
    for (String snapshot : snapshots.subList(Math.max(0, snapshots.size() - 1), snapshots.size())) {
      out.println("Snapshots:  " + snapshots.size() + ", the latest " + snapshot);
    }
  }
}
