package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of a run's rows that were made or collected on request, from {@code --augmented}.
 *
 * @param rows that were read
 * @param taken into the run's snapshots
 * @param leftOut of them
 */
public record Augmented(RowCounts rows, long taken, long leftOut) {

  /**
   * The files of each model.
   *
   * @param uri null: the option was not given
   * @throws UsageException where no snapshot would take the rows
   */
  public static Fleet<EventFiles> plan(String uri, Fleet<MonitoringSpec> specs, PrintWriter err) {
    if (uri == null) {
      return Fleet.of(Map.of());
    }
    if (KafkaTopic.isOne(uri)) {
      throw new UsageException(
          "--augmented=" + uri + ": takes files; write the rows to some first");
    }
    Fleet<MonitoringSpec> made =
        specs.mapped(
            spec -> spec.snapshot() == null ? Optional.empty() : Optional.of(spec.ofAugmented()));
    if (made.isEmpty()) {
      throw new UsageException(
          "--augmented=" + uri + ": the spec has snapshot: off, so nothing would take the rows");
    }
    Fleet<EventFiles> files = EventFiles.planAugmented(uri, made);
    Set<String> said = new LinkedHashSet<>(); // of files that models share once
    for (String model : files.models()) {
      Set<String> features = new TreeSet<>();
      for (Field field : made.of(model).features()) {
        features.add(field.path());
      }
      for (String column : files.of(model).absent()) {
        if (features.contains(column)) {
          said.add(
              "augmented: no file has a column "
                  + PlainText.line(column)
                  + ": it is missing in every row");
        }
      }
    }
    said.forEach(err::println);
    return files;
  }

  /**
   * @param manifests paths of those that the run has published
   */
  public static Augmented take(JobResults.Of results, List<String> manifests) throws IOException {
    long taken = 0;
    long found = 0;
    for (String path : manifests) {
      Optional<byte[]> manifest = OutputFiles.read(path);
      if (manifest.isPresent()) { // else it was deleted meanwhile
        JsonNode rows = RunRecord.read(manifest.get()).path("augmented");
        taken += rows.path("taken").asLong();
        found += rows.path("rows").asLong();
      }
    }
    return new Augmented(results.augmented(), taken, found - taken);
  }

  /** Rows of no period of which the run has published a snapshot. */
  private long elsewhere() {
    return rows.profiled() - taken - leftOut;
  }

  void put(ObjectNode record) {
    record
        .putObject("augmented_rows")
        .put("read", rows.read())
        .put("taken", taken)
        .put("left_out", leftOut)
        .put("of_no_snapshot", elsewhere())
        .put("dead_lettered", rows.deadLettered());
  }

  public void print(PrintWriter out) {
    out.printf(
        "  Augmented: read %s; %,d in snapshots, %,d left out (augmented in the manifests says why),"
            + " %,d of periods without a snapshot of this run, %s.%n",
        CountText.of(rows.read(), "row"),
        taken,
        leftOut,
        elsewhere(),
        CountText.of(rows.deadLettered(), "dead letter"));
  }
}
