package io.tidemark.pipeline;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.labelissues.FindLabelIssues;
import io.tidemark.slices.FindWeakSlices;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.PlainText;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Files of earlier runs that a run had to pass over, because they are damaged: what it did not
 * write anew of the windows that it builds longer ones from.
 */
public final class DamagedStores {
  private DamagedStores() {}

  /** A line a file, sorted. */
  public static List<String> lines(
      MonitoringSpec spec, RowCounts counts, RunRange run, String output) throws IOException {
    TimeRange seen = run.seen(counts);
    if (seen == null) {
      return List.of();
    }
    TreeSet<String> profiles = new TreeSet<>();
    for (WindowSpec horizon : spec.horizons()) {
      profiles.addAll(damaged(Table.PROFILES.folder(), spec, horizon, seen, output));
    }
    List<String> lines = new ArrayList<>();
    for (String path : profiles) {
      lines.add(line(path, "the longer windows that it belongs to lack its rows"));
    }
    if (spec.snapshot() != null) {
      WindowSpec period = spec.snapshot().period();
      for (String path : damaged(CurateSnapshot.CANDIDATES, spec, period, seen, output)) {
        lines.add(line(path, "the snapshot of its period cannot be completed from it"));
      }
    }
    if (SlicesBranch.applies(spec)) {
      WindowSpec period = spec.period();
      for (String path : damaged(FindWeakSlices.CODED_ROWS, spec, period, seen, output)) {
        lines.add(line(path, "the slices of its period lack its rows"));
      }
    }
    if (LabelIssuesBranch.applies(spec)) {
      WindowSpec period = spec.period();
      for (String path : damaged(FindLabelIssues.EVIDENCE, spec, period, seen, output)) {
        lines.add(line(path, "the label issues of its period lack its rows"));
      }
    }
    return lines;
  }

  private static List<String> damaged(
      String table, MonitoringSpec spec, WindowSpec over, TimeRange seen, String output)
      throws IOException {
    long from = over.startOf(seen.from());
    long to = over.endOf(over.startOf(seen.to() - 1));
    return WindowFolders.damaged(output, table, spec.model(), "avro", from, to);
  }

  private static String line(String path, String follows) {
    return "warning: "
        + PlainText.line(path)
        + " is damaged and was passed over: "
        + follows
        + "; run the monitor over that window again";
  }
}
