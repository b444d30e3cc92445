package io.tidemark.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of a window the tables below an output were made of, by the fullest of them.
 *
 * @param whole whether they say that it is complete
 */
record WrittenWindow(Held held, boolean whole) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WrittenWindow NONE = new WrittenWindow(Held.NONE, false);

  /**
   * @param start microseconds since the epoch
   * @return no rows where nothing was written
   */
  static WrittenWindow read(String output, String model, long start) throws IOException {
    WrittenWindow drift = of(output, "findings", "part-*.jsonl", model, start, "revision", "");
    WrittenWindow measured =
        of(output, "performance", "*.jsonl", model, start, "rows", "labelled_rows");
    WrittenWindow covered =
        of(output, "label-coverage", "*.jsonl", model, start, "predictions", "labelled");
    boolean whole = drift == NONE ? measured.whole : drift.whole;
    long rows = Math.max(drift.held.rows(), Math.max(measured.held.rows(), covered.held.rows()));
    return new WrittenWindow(
        new Held(rows, Math.max(measured.held.labelled(), covered.held.labelled())), whole);
  }

  private static WrittenWindow of(
      String output,
      String table,
      String files,
      String model,
      long start,
      String rows,
      String labelled)
      throws IOException {
    String folder = WindowFolders.folder(output, table, model, start);
    Map<String, Held> versions = new TreeMap<>();
    boolean whole = true;
    for (String path : OutputFiles.list(OutputFiles.path(folder, files))) {
      byte[] content = OutputFiles.read(path).orElse(new byte[0]);
      for (String line : new String(content, StandardCharsets.UTF_8).split("\n")) {
        if (line.isEmpty()) {
          continue;
        }
        JsonNode row = parse(path, line);
        if (row.path("segment").asText().isEmpty()) {
          Held held = new Held(row.path(rows).asLong(), row.path(labelled).asLong());
          versions.merge(row.path("model_version").asText(), held, WrittenWindow::fuller);
          whole &= row.path("complete").asBoolean();
        }
      }
    }
    return versions.isEmpty()
        ? NONE
        : new WrittenWindow(versions.values().stream().reduce(Held.NONE, Held::plus), whole);
  }

  private static Held fuller(Held one, Held other) {
    return new Held(Math.max(one.rows(), other.rows()), Math.max(one.labelled(), other.labelled()));
  }

  private static JsonNode parse(String path, String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DamagedFileException(
          path, "delete the file and run the monitor over that window again");
    }
  }
}
