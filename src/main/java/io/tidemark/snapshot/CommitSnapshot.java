package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a period's snapshot in place so that a reader sees all of it or none, in two phases.
 * Preparing writes the parts, under names that say their content, and the manifest under its hash;
 * nobody follows either. Publishing writes {@code manifest.json}, which makes the snapshot visible,
 * and {@code LATEST} last. Every step writes what is already there or nothing, so a run that died
 * anywhere is completed by doing it again.
 */
final class CommitSnapshot {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A reader may be at what was superseded meanwhile. */
  private static final Duration KEPT = Duration.ofDays(7);

  private final String folder;
  private final String modelFolder;
  private final String period;

  CommitSnapshot(String output, String model, long periodStart) {
    this.modelFolder = OutputFiles.path(output, "snapshots", OutputFiles.segment(model));
    this.period = WindowFolders.name(periodStart);
    this.folder = OutputFiles.path(modelFolder, period);
  }

  /** A part and its bytes. */
  record Part(String name, byte[] content) {}

  /** The manifest that readers follow; empty: nothing is published yet. */
  Optional<byte[]> published() throws IOException {
    return OutputFiles.read(OutputFiles.path(folder, "manifest.json"));
  }

  /** The first phase. Returns the name of the manifest that {@link #publish} is to show. */
  String prepare(List<Part> parts, Manifest manifest) throws IOException {
    Optional<byte[]> present = published();
    for (Part part : parts) {
      OutputFiles.write(OutputFiles.path(folder, part.name()), part.content());
    }
    byte[] content = manifest.content(supersedes(present, manifest));
    String name = "manifest-" + Manifest.hash(content) + ".json";
    OutputFiles.write(OutputFiles.path(folder, name), content);
    return name;
  }

  /** The second phase. Returns the manifest's path. */
  String publish(String name) throws IOException {
    String current = OutputFiles.path(folder, "manifest.json");
    Optional<byte[]> before = OutputFiles.read(current);
    byte[] content =
        OutputFiles.read(OutputFiles.path(folder, name))
            .orElseThrow(() -> new IOException(folder + "/" + name + " was prepared and is gone"));
    OutputFiles.write(current, content);
    moveLatest();
    sweep(content, name, before);
    return current;
  }

  /**
   * The manifest that this one replaces. A manifest of the same content replaces nothing: it keeps
   * what it said, or a rerun would change it.
   */
  private static String supersedes(Optional<byte[]> present, Manifest manifest) throws IOException {
    if (present.isEmpty()) {
      return null;
    }
    JsonNode before = JSON.readTree(present.get());
    String said = before.path("supersedes").isTextual() ? before.get("supersedes").asText() : null;
    boolean same = java.util.Arrays.equals(present.get(), manifest.content(said));
    return same ? said : Manifest.hash(present.get());
  }

  /**
   * Names the newest period that is published. Periods of a stream may be published at the same
   * time by several workers: each looks again after it has written, so that the last one to look
   * has seen all.
   */
  private void moveLatest() throws IOException {
    String path = OutputFiles.path(modelFolder, "LATEST");
    while (true) {
      String newest = newest();
      Optional<byte[]> present = OutputFiles.read(path);
      boolean newer =
          present.isEmpty()
              || new String(present.get(), StandardCharsets.UTF_8).strip().compareTo(newest) < 0;
      if (!newer) {
        return;
      }
      OutputFiles.write(path, (newest + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private String newest() throws IOException {
    String newest = period;
    for (String path : OutputFiles.list(OutputFiles.path(modelFolder, "*", "manifest.json"))) {
      String[] parts = path.split("/");
      String other = parts[parts.length - 2];
      newest = other.compareTo(newest) > 0 ? other : newest;
    }
    return newest;
  }

  /** Removes what neither this manifest nor the one before it names, once it is old enough. */
  private void sweep(byte[] content, String name, Optional<byte[]> before) throws IOException {
    Set<String> kept = new HashSet<>(Set.of("manifest.json", name));
    addFiles(content, kept);
    if (before.isPresent()) {
      kept.add("manifest-" + Manifest.hash(before.get()) + ".json");
      addFiles(before.get(), kept);
    }
    JsonNode supersedes = JSON.readTree(content).path("supersedes");
    if (supersedes.isTextual()) {
      String older = "manifest-" + supersedes.asText() + ".json";
      kept.add(older);
      Optional<byte[]> manifest = OutputFiles.read(OutputFiles.path(folder, older));
      if (manifest.isPresent()) {
        addFiles(manifest.get(), kept);
      }
    }
    List<String> unused = new ArrayList<>();
    for (String path : OutputFiles.olderThan(KEPT, OutputFiles.path(folder, "*"))) {
      if (!kept.contains(path.substring(path.lastIndexOf('/') + 1))) {
        unused.add(path);
      }
    }
    if (!unused.isEmpty()) {
      OutputFiles.delete(unused);
    }
  }

  private static void addFiles(byte[] manifest, Set<String> names) throws IOException {
    for (JsonNode file : JSON.readTree(manifest).path("files")) {
      names.add(file.get("name").asText());
    }
  }
}
