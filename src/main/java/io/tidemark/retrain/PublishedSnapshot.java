package io.tidemark.retrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.ContentHash;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A snapshot that readers see, as its manifest tells it.
 *
 * @param start of its period, microseconds since the epoch; end likewise
 * @param path of the manifest below the output
 * @param hash of its rows: of the parts' SHA-256 in their order, whatever it superseded
 */
record PublishedSnapshot(long start, long end, String path, String hash, JsonNode manifest) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "manifest.json";

  /** Starts of a model's periods that have one. */
  static TreeSet<Long> starts(String output, String model) throws IOException {
    TreeSet<Long> starts = new TreeSet<>();
    String all = OutputFiles.path(output, "snapshots", OutputFiles.segment(model), "*", FILE);
    for (String path : OutputFiles.list(all)) {
      starts.add(startOf(path));
    }
    return starts;
  }

  /** The period of a manifest's path. */
  static long startOf(String path) {
    String[] parts = path.split("/");
    return WindowFolders.time(parts[parts.length - 2]);
  }

  /** Empty where there is none. */
  static Optional<PublishedSnapshot> read(String output, String model, long start)
      throws IOException {
    String path =
        OutputFiles.path("snapshots", OutputFiles.segment(model), WindowFolders.name(start), FILE);
    Optional<byte[]> content = OutputFiles.read(OutputFiles.path(output, path));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode manifest = JSON.readTree(content.get());
      long end = WindowSpec.micros(Instant.parse(manifest.path("period_end").asText()));
      return Optional.of(new PublishedSnapshot(start, end, path, hash(manifest), manifest));
    } catch (JsonProcessingException | java.time.format.DateTimeParseException e) {
      throw new DamagedFileException(
          OutputFiles.path(output, path), "run the monitor over the whole period again");
    }
  }

  private static String hash(JsonNode manifest) {
    StringBuilder parts = new StringBuilder();
    for (JsonNode file : manifest.path("files")) {
      parts.append(file.path("sha256").asText()).append('\n');
    }
    return ContentHash.of(parts.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Labelled rows of the period. */
  long labelled() {
    long labelled = 0;
    for (JsonNode window : manifest.path("windows_held")) {
      labelled += window.path("labelled").asLong();
    }
    return labelled;
  }
}
