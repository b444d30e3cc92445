package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.GoldenParquet;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a model's newest snapshot as a user does, by {@code LATEST} and the manifest, and says what
 * of it is not whole.
 *
 * @param model the model's folder below {@code snapshots/}
 */
record LatestReader(Path model) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A look at the snapshot.
   *
   * @param period that LATEST names; null: there is no LATEST
   * @param manifest hash of the manifest that was read; null: there is none, or it is no JSON
   * @param wrong what is not whole
   */
  record Look(String period, String manifest, List<String> wrong) {}

  Look look() throws IOException {
    byte[] latest = read(model.resolve("LATEST"));
    if (latest == null) {
      return new Look(null, null, List.of());
    }
    List<String> wrong = new ArrayList<>();
    String text = new String(latest, StandardCharsets.UTF_8);
    String period = text.strip();
    if (!text.endsWith("\n") || !Files.isDirectory(model.resolve(period))) {
      return new Look(period, null, List.of("LATEST is \"" + text + "\""));
    }
    Path folder = model.resolve(period);
    byte[] content = read(folder.resolve("manifest.json"));
    JsonNode manifest = json(content);
    if (manifest == null) {
      return new Look(period, null, List.of(folder + ": no manifest, or none that is JSON"));
    }
    long rows = 0;
    for (JsonNode file : manifest.path("files")) {
      rows += file.path("rows").asLong();
      part(folder.resolve(file.path("name").asText()), file, wrong);
    }
    if (manifest.path("files").isEmpty() || rows != manifest.path("rows").asLong(-1)) {
      wrong.add(folder + ": parts of " + rows + " rows, " + manifest.path("rows") + " are said");
    }
    croissant(folder, wrong);
    return new Look(period, ContentHash.of(content), wrong);
  }

  private static void part(Path part, JsonNode said, List<String> wrong) throws IOException {
    byte[] content = read(part);
    if (content == null) {
      wrong.add(part + " is not there");
      return;
    }
    if (content.length != said.path("bytes").asLong(-1)) {
      wrong.add(part + " has " + content.length + " bytes, " + said.path("bytes") + " are said");
    }
    if (!ContentHash.sha256(content).equals(said.path("sha256").asText())) {
      wrong.add(part + " is of another SHA-256");
    }
    try {
      long rows = GoldenParquet.rows(content);
      if (rows != said.path("rows").asLong(-1)) {
        wrong.add(part + " has " + rows + " rows, " + said.path("rows") + " are said");
      }
    } catch (IOException | RuntimeException e) { // as the library says it of what is no Parquet
      wrong.add(part + " is no Parquet: " + e.getMessage());
    }
  }

  /** What tools read may be of the manifest before, whose parts are still there. */
  private static void croissant(Path folder, List<String> wrong) throws IOException {
    JsonNode croissant = json(read(folder.resolve("croissant.json")));
    if (croissant == null) {
      wrong.add(folder + ": no croissant.json, or none that is JSON");
      return;
    }
    for (JsonNode object : croissant.path("distribution")) {
      if (object.has("sha256")) {
        byte[] content = read(folder.resolve(object.path("contentUrl").asText()));
        String said = object.path("sha256").asText();
        if (content == null || !ContentHash.sha256(content).equals(said)) {
          wrong.add(folder + ": croissant.json names a part that is not there: " + object);
        }
      }
    }
  }

  /** Null where there is no such file. */
  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static JsonNode json(byte[] content) {
    try {
      return content == null || content.length == 0 ? null : JSON.readTree(content);
    } catch (IOException e) {
      return null;
    }
  }
}
