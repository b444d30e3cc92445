package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.WallClock;
import io.tidemark.store.DamagedFileException;
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
import java.util.TreeMap;

/**
 * Puts a period's snapshot in place so that a reader sees all of it or none, in two phases.
 * Preparing writes the parts, under names that say their content, and the manifest under its hash;
 * nobody follows either. Publishing writes {@code manifest.json}, which makes the snapshot visible,
 * what tools and people read of it, and {@code LATEST} last. Every step writes what is already
 * there or nothing, so a run that died anywhere is completed by doing it again.
 */
final class CommitSnapshot {
  /** What people read; follows from the manifest. */
  private static final String CARD = "card.md";

  /** What tools for training sets read; follows from the manifest, too. */
  private static final String CROISSANT = "croissant.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A reader may be at what was superseded meanwhile. */
  private static final Duration KEPT = Duration.ofDays(7);

  private final String folder;
  private final String modelFolder;
  private final String period;
  private final WallClock clock;

  CommitSnapshot(String output, String model, long periodStart) {
    this(output, model, periodStart, WallClock.SYSTEM);
  }

  CommitSnapshot(String output, String model, long periodStart, WallClock clock) {
    this.clock = clock;
    this.modelFolder = OutputFiles.path(output, "snapshots", OutputFiles.segment(model));
    this.period = WindowFolders.name(periodStart);
    this.folder = OutputFiles.path(modelFolder, period);
  }

  /** A part and its bytes. */
  record Part(String name, byte[] content) {}

  /** The manifest that readers follow; empty: nothing is published yet. */
  Optional<byte[]> published() throws IOException {
    Optional<byte[]> manifest = OutputFiles.read(OutputFiles.path(folder, "manifest.json"));
    if (manifest.isPresent() && !isWhole(folder, manifest.get())) {
      throw new DamagedFileException(
          OutputFiles.path(folder, "manifest.json"),
          "copy over it the manifest-*.json beside it that it was, or delete the period's folder"
              + " and run the monitor over the whole period");
    }
    return manifest;
  }

  /** A manifest that is published was prepared under its hash, and stays there while it is seen. */
  private static boolean isWhole(String folder, byte[] manifest) throws IOException {
    String own = OutputFiles.path(folder, "manifest-" + Manifest.hash(manifest) + ".json");
    List<String> prepared = OutputFiles.list(OutputFiles.path(folder, "manifest-*.json"));
    return prepared.isEmpty() || prepared.stream().anyMatch(path -> name(path).equals(name(own)));
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
    byte[] content =
        OutputFiles.read(OutputFiles.path(folder, name))
            .orElseThrow(() -> new IOException(folder + "/" + name + " was prepared and is gone"));
    OutputFiles.write(current, content);
    OutputFiles.write(OutputFiles.path(folder, CROISSANT), Croissant.of(content));
    OutputFiles.write(OutputFiles.path(folder, CARD), SnapshotCard.of(content));
    moveLatest();
    sweep();
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

  /**
   * Removes what nobody has named for long: parts and manifests that were superseded, or that a run
   * that died has left. The visible manifest is as old as the last change, so readers that follow
   * an earlier one have that time to finish. Past periods are looked at with the one that is
   * published now.
   */
  private void sweep() throws IOException {
    long before = clock.micros() / 1000 - KEPT.toMillis();
    TreeMap<String, List<String>> byFolder = new TreeMap<>();
    for (String path : OutputFiles.listOlder(OutputFiles.path(modelFolder, "*", "*"), before)) {
      byFolder.computeIfAbsent(parent(path), any -> new ArrayList<>()).add(path);
    }
    List<String> unused = new ArrayList<>();
    // Nobody else writes this period: what is half written here was left by a run that died.
    for (String path : OutputFiles.list(OutputFiles.path(folder, "*"))) {
      if (OutputFiles.isTemporary(path)) {
        unused.add(path);
      }
    }
    for (var old : byFolder.entrySet()) {
      long manifests = old.getValue().stream().filter(CommitSnapshot::isOfContent).count();
      boolean settled = old.getValue().contains(OutputFiles.path(old.getKey(), "manifest.json"));
      if (!settled) {
        continue;
      }
      if (manifests > 1 || old.getKey().equals(parent(OutputFiles.path(folder, "any")))) {
        Optional<Set<String>> named = named(old.getKey());
        if (named.isEmpty()) {
          continue; // it does not say what its files are
        }
        Set<String> kept = named.get();
        old.getValue().stream().filter(path -> !kept.contains(name(path))).forEach(unused::add);
      }
    }
    if (!unused.isEmpty()) {
      OutputFiles.delete(unused);
    }
  }

  private static boolean isOfContent(String path) {
    return name(path).startsWith("manifest-");
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** The files of the snapshot that is visible in a folder; empty: its manifest is damaged. */
  private static Optional<Set<String>> named(String folder) throws IOException {
    Set<String> kept = new HashSet<>(Set.of("manifest.json", CARD, CROISSANT));
    Optional<byte[]> manifest = OutputFiles.read(OutputFiles.path(folder, "manifest.json"));
    if (manifest.isPresent() && !isWhole(folder, manifest.get())) {
      return Optional.empty();
    }
    if (manifest.isPresent()) {
      kept.add("manifest-" + Manifest.hash(manifest.get()) + ".json");
      addFiles(manifest.get(), kept);
    }
    // A run that died between the two has left this one as it was: what it names stays.
    Optional<byte[]> croissant = OutputFiles.read(OutputFiles.path(folder, CROISSANT));
    if (croissant.isPresent()) {
      addParts(croissant.get(), kept);
    }
    return Optional.of(kept);
  }

  private static void addParts(byte[] croissant, Set<String> names) {
    try {
      for (JsonNode each : JSON.readTree(croissant).path("distribution")) {
        names.add(each.path("contentUrl").asText());
      }
    } catch (IOException e) {
      return; // damaged: it names nothing, and the next publication writes it anew
    }
  }

  private static void addFiles(byte[] manifest, Set<String> names) throws IOException {
    for (JsonNode file : JSON.readTree(manifest).path("files")) {
      names.add(file.get("name").asText());
    }
  }
}
