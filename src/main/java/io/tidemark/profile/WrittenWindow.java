package io.tidemark.profile;

import io.tidemark.schema.Finding;
import io.tidemark.schema.LabelCoverage;
import io.tidemark.schema.Performance;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * How much of a window the tables below an output were made of, by the fullest of them.
 *
 * @param whole whether they say that it is complete
 */
record WrittenWindow(Held held, boolean whole) {
  private static final WrittenWindow NONE = new WrittenWindow(Held.NONE, false);

  /** What a record says of its window. */
  private record Said(String segment, String version, Held held, boolean complete) {}

  private interface Saying<T> {
    Said of(T record);
  }

  /**
   * @param start microseconds since the epoch
   * @return no rows where nothing was written
   */
  static WrittenWindow read(String output, String model, long start) throws IOException {
    WrittenWindow drift =
        of(
            ReadTable.of(Table.FINDINGS, Finding.class, output, model).inFiles("part"),
            start,
            each ->
                new Said(
                    each.getSegment(),
                    each.getModelVersion(),
                    new Held(each.getRevision(), 0),
                    each.getComplete()));
    WrittenWindow measured =
        of(
            ReadTable.of(Table.PERFORMANCE, Performance.class, output, model),
            start,
            each ->
                new Said(
                    each.getSegment(),
                    each.getModelVersion(),
                    new Held(each.getRows(), each.getLabelledRows()),
                    each.getComplete()));
    WrittenWindow covered =
        of(
            ReadTable.of(Table.LABEL_COVERAGE, LabelCoverage.class, output, model),
            start,
            each ->
                new Said(
                    "",
                    each.getModelVersion(),
                    new Held(each.getPredictions(), each.getLabelled()),
                    true));
    boolean whole = drift == NONE ? measured.whole : drift.whole;
    long rows = Math.max(drift.held.rows(), Math.max(measured.held.rows(), covered.held.rows()));
    return new WrittenWindow(
        new Held(rows, Math.max(measured.held.labelled(), covered.held.labelled())), whole);
  }

  private static <T extends SpecificRecord> WrittenWindow of(
      ReadTable<T> table, long start, Saying<T> saying) throws IOException {
    Map<String, Held> versions = new TreeMap<>();
    boolean whole = true;
    for (T each : table.window(start)) {
      Said said = saying.of(each);
      if (said.segment().isEmpty()) {
        versions.merge(said.version(), said.held(), WrittenWindow::fuller);
        whole &= said.complete();
      }
    }
    return versions.isEmpty()
        ? NONE
        : new WrittenWindow(versions.values().stream().reduce(Held.NONE, Held::plus), whole);
  }

  private static Held fuller(Held one, Held other) {
    return new Held(Math.max(one.rows(), other.rows()), Math.max(one.labelled(), other.labelled()));
  }
}
