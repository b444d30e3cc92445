package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.profile.Held;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownFile;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.store.ContentHash;
import io.tidemark.store.DamagedFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitSnapshotTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
          features: {x: numeric}
          window: {size: P1D}
          """);

  @TempDir Path output;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static List<SnapshotRow> rows(int count) {
    List<SnapshotRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InferenceEvent event =
          new InferenceEvent(
              "id-" + i, i, "", new double[] {i, .5}, new String[] {"1"}, null, new String[0]);
      rows.add(new SnapshotRow("id-" + i, event, List.of("base"), 1, "train", null));
    }
    return rows;
  }

  private String commit(List<SnapshotRow> rows, long period) throws IOException {
    return commit(rows, period, WallClock.SYSTEM);
  }

  private String commit(List<SnapshotRow> rows, long period, WallClock clock) throws IOException {
    ShownColumns<SnapshotRow> columns = SnapshotColumns.of(SPEC, Redaction.of(SPEC, null), false);
    byte[] content = ShownFile.parquet("snapshot", columns, rows);
    String name = "part-00000-" + ContentHash.of(content) + ".parquet";
    Manifest manifest =
        new Manifest(
            SPEC,
            Set.of("b"),
            period,
            new TreeMap<>(Map.of(period, new Held(rows.size(), rows.size()))),
            columns,
            EventLabels.of(SPEC),
            List.of(Manifest.FileEntry.of(name, rows.size(), content)),
            new SelectRows.Selection(
                rows, new TreeSet<>(), 0, 0, 0, List.of(), TakeAugmented.Taken.NONE));
    CommitSnapshot commit = new CommitSnapshot(output.toString(), "m", period, clock);
    return commit.publish(
        commit.prepare(List.of(new CommitSnapshot.Part(name, content)), manifest));
  }

  private TreeMap<String, String> files() throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(output)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(output.relativize(path).toString(), ContentHash.of(Files.readAllBytes(path)));
      }
    }
    return files;
  }

  private Path folder() {
    return output.resolve("snapshots/m/19700101T000000Z");
  }

  @Test
  void committingTheSameAgainChangesNothing() throws IOException {
    commit(rows(5), 0);
    TreeMap<String, String> before = files();
    commit(rows(5), 0);
    assertThat(files()).isEqualTo(before);
    assertThat(before.keySet()).noneMatch(name -> name.contains(".tmp"));
  }

  @Test
  void anotherContentSupersedesAndARerunOfItChangesNothing() throws IOException {
    commit(rows(5), 0);
    String first = ContentHash.of(Files.readAllBytes(folder().resolve("manifest.json")));
    commit(rows(6), 0);
    TreeMap<String, String> before = files();
    assertThat(Files.readString(folder().resolve("manifest.json")))
        .contains("\"supersedes\" : \"" + first + "\"");
    commit(rows(6), 0);
    assertThat(files()).isEqualTo(before);
  }

  private static WallClock inDays(int days) {
    return () -> WallClock.SYSTEM.micros() + Duration.ofDays(days).toMillis() * 1000;
  }

  @Test
  void sweepsWhatNobodyHasNamedForAWeek() throws IOException {
    commit(rows(5), 0);
    TreeMap<String, String> whole = files();
    commit(rows(6), 0);
    commit(rows(7), 0);
    Files.writeString(folder().resolve("part-00000-0123456789abcdef.parquet"), "half a file");
    commit(rows(7), 0, inDays(6));
    assertThat(files().keySet()).containsAll(whole.keySet()).hasSize(11);
    commit(rows(7), 0, inDays(8));
    assertThat(files().keySet()).hasSize(6); // part, manifest twice, croissant, card, LATEST
  }

  @Test
  void whatIsSupersededNowStaysHoweverOldItIs() throws IOException {
    commit(rows(5), 0);
    TreeMap<String, String> old = files();
    for (String file : old.keySet()) {
      Files.setLastModifiedTime(output.resolve(file), FileTime.fromMillis(1_000_000));
    }
    commit(rows(6), 0);
    commit(rows(7), 0);
    assertThat(files().keySet()).containsAll(old.keySet());
  }

  @Test
  void aPastPeriodIsSweptWithTheOneThatIsPublished() throws IOException {
    long day = 86_400_000_000L;
    commit(rows(5), 0);
    commit(rows(6), 0);
    commit(rows(3), day, inDays(8));
    try (Stream<Path> left = Files.list(folder())) {
      assertThat(left).hasSize(5);
    }
  }

  @Test
  void aCommitThatDiesBeforeTheManifestIsInvisibleAndTheNextCompletesIt() throws IOException {
    commit(rows(5), 0);
    TreeMap<String, String> whole = files();
    for (String died : List.of("manifest.json", "manifest-", "croissant.json", "LATEST")) {
      // As a run that died leaves it: what comes after a step is missing.
      try (Stream<Path> paths = Files.walk(output)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          String name = path.getFileName().toString();
          if (name.equals("LATEST")
              || (!died.equals("LATEST") && name.equals("croissant.json"))
              || (died.startsWith("manifest") && name.equals("manifest.json"))
              || (died.equals("manifest-") && name.startsWith("manifest-"))) {
            Files.delete(path);
          }
        }
      }
      if (died.startsWith("manifest")) {
        assertThat(folder().resolve("manifest.json")).doesNotExist();
      }
      commit(rows(5), 0);
      assertThat(files()).as(died).isEqualTo(whole);
    }
  }

  private static List<JsonNode> parts(JsonNode croissant) {
    List<JsonNode> parts = new ArrayList<>();
    for (JsonNode each : croissant.path("distribution")) {
      if (each.path("@type").asText().equals("cr:FileObject")) {
        parts.add(each);
      }
    }
    return parts;
  }

  /**
   * Who follows LATEST has a whole snapshot of its croissant.json, whatever is written meanwhile.
   */
  @Test
  void aReaderOfCroissantNeverSeesHalfASnapshot() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger seen = new AtomicInteger();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                try {
                  seen.addAndGet(readWhole());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    for (int i = 0; i < 60; i++) {
      commit(rows(1 + i % 5), 86_400_000_000L * (i / 20));
    }
    done.set(true);
    reader.join();
    assertThat(seen.get() + readWhole()).isPositive();
  }

  /** How many parts were read, each of which is what it is said to be. */
  private int readWhole() throws IOException {
    Path model = output.resolve("snapshots/m");
    if (!Files.exists(model.resolve("LATEST"))) {
      return 0;
    }
    Path period = model.resolve(Files.readString(model.resolve("LATEST")).strip());
    List<JsonNode> parts =
        parts(new ObjectMapper().readTree(period.resolve("croissant.json").toFile()));
    assertThat(parts).isNotEmpty();
    for (JsonNode part : parts) {
      byte[] content = Files.readAllBytes(period.resolve(part.path("contentUrl").asText()));
      assertThat(part.path("sha256").asText()).isEqualTo(ContentHash.sha256(content));
      assertThat(part.path("contentSize").asText()).isEqualTo(content.length + " B");
    }
    return parts.size();
  }

  /** A run that died behind the manifest left croissant.json as it was: its part is not swept. */
  @Test
  void whatAnOldCroissantNamesStays() throws IOException {
    commit(rows(5), 0);
    byte[] old = Files.readAllBytes(folder().resolve("croissant.json"));
    commit(rows(6), 0);
    Files.write(folder().resolve("croissant.json"), old);
    commit(rows(3), 86_400_000_000L, inDays(8)); // sweeps past periods, too
    for (JsonNode part : parts(new ObjectMapper().readTree(old))) {
      assertThat(folder().resolve(part.path("contentUrl").asText())).exists();
    }
  }

  @Test
  void aFailingStepShowsNothing() throws IOException {
    // The manifest's place is taken by a folder: renaming onto it fails after the parts are there.
    Files.createDirectories(folder().resolve("manifest.json/x"));
    assertThatThrownBy(() -> commit(rows(5), 0)).isInstanceOf(IOException.class);
    assertThat(output.resolve("snapshots/m/LATEST")).doesNotExist();
  }

  @Test
  void latestNeverGoesBack() throws IOException {
    long day = 86_400_000_000L;
    commit(rows(3), day);
    commit(rows(3), 0);
    assertThat(Files.readString(output.resolve("snapshots/m/LATEST")))
        .isEqualTo("19700102T000000Z\n");
  }

  @Test
  void aManifestThatWasChangedIsNotBelieved() throws IOException {
    commit(rows(5), 0);
    Path manifest = folder().resolve("manifest.json");
    byte[] whole = Files.readAllBytes(manifest);
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(manifest, changed);
      assertThatThrownBy(() -> commit(rows(5), 0))
          .as("byte " + at)
          .isInstanceOf(DamagedFileException.class)
          .hasMessageStartingWith(manifest + ": is damaged")
          .hasMessageContaining("copy over it the manifest-*.json");
    }
    // Its parts are not swept for what it seems to say.
    TreeMap<String, String> before = files();
    long later = WallClock.SYSTEM.micros() + Duration.ofDays(400).toMillis() * 1000;
    commit(rows(3), 86_400_000_000L, () -> later);
    before.keySet().removeIf(name -> name.endsWith("LATEST"));
    assertThat(files()).containsAllEntriesOf(before);
  }
}
