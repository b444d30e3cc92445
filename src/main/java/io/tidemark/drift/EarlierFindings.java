package io.tidemark.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.store.ContentHash;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What earlier runs under the same output have found. A window's file is read once, however many
 * series ask. Not thread-safe.
 */
final class EarlierFindings implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String output;
  private final String model;

  private transient Map<Long, Set<String>> exceeded;

  EarlierFindings(String output, String model) {
    this.output = output;
    this.model = model;
  }

  /** Whether a series exceeded its threshold in a window; false where nothing is stored. */
  boolean exceeded(long windowStart, String series) throws IOException {
    if (exceeded == null) {
      exceeded = new HashMap<>();
    }
    Set<String> window = exceeded.get(windowStart);
    if (window == null) {
      window = read(WindowFolders.folder(output, "findings", model, windowStart));
      exceeded.put(windowStart, window);
    }
    return window.contains(series);
  }

  private static Set<String> read(String folder) throws IOException {
    Set<String> series = new HashSet<>();
    for (String path : OutputFiles.list(OutputFiles.path(folder, "*.jsonl"))) {
      Optional<byte[]> file = OutputFiles.read(path);
      if (file.isEmpty()) {
        continue; // replaced meanwhile
      }
      if (!ContentHash.holds(path, file.get())) {
        throw damaged(path);
      }
      for (String line : new String(file.get(), StandardCharsets.UTF_8).split("\n")) {
        JsonNode finding = parse(path, line);
        if (finding.path("exceeded").asBoolean()) {
          series.add(ComparisonKey.of(finding));
        }
      }
    }
    return series;
  }

  private static JsonNode parse(String path, String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw damaged(path);
    }
  }

  private static DamagedFileException damaged(String path) {
    return new DamagedFileException(
        path,
        "run the monitor over that window again, or delete the file: it counts as quiet then");
  }
}
