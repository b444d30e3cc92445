package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.RunBounds;
import io.tidemark.cli.SpecFiles;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.hold.PlayedTopic;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.ContentHash;
import io.tidemark.store.WriteDeadLetters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of three parts below one output: a scheduled run over the first, a job that follows a topic
 * through the second and is killed, a scheduled run over the third. Longer windows, alarms that
 * look back, detectors and snapshots' periods reach over both joints; in the end all is what one
 * run over the log writes.
 */
class BatchStreamBatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Windows before the joints, which lie within days, and all of them. */
  private static final int FIRST = 3;

  private static final int SECOND = 10;
  private static final int ALL = 15;

  private static final String SPEC =
      Log.SPEC
              .replace("FORMAT", "jsonl")
              .replace("{size: PT6H,", "{size: PT6H, allowed_lateness: PT3H, horizons: [P1D],")
              .replaceAll(
                  "snapshot: .*", "snapshot: {period: P1D, rows: 300, columns: [note, email]}")
          + """
          drift: {persistence: {windows: 2, of: 3}}
          performance: {detectors: [adwin]}
          """;

  /** That the second joint lies in. */
  private static final String LAST_DAY = "20240107T000000Z";

  @TempDir static Path folder;
  private static Log log;
  private static List<String> bounds;
  private static List<Path> windows;
  private static Path whole;

  @BeforeAll
  static void oneRun() throws Exception {
    log =
        Log.of(
            folder.resolve("log"),
            SPEC,
            6_000,
            "--windows=" + ALL,
            "--clean",
            "--drift=default,slice1,flips",
            "--sharpness=8");
    bounds = log.windowBounds();
    windows = log.byWindow(1);
    assertThat(windows).hasSize(ALL);
    assertThat(List.of(bounds.get(FIRST), bounds.get(SECOND)))
        .noneMatch(each -> each.endsWith("T00:00:00Z"));
    whole = folder.resolve("whole");
    batch(log.events(), whole, 0, ALL);
    assertThat(Cli.findings(whole))
        .anyMatch(each -> each.get("reason").asText().startsWith("in 2 of the last 3 windows"))
        .anyMatch(each -> each.get("reason").asText().startsWith("not persistent"));
    List<JsonNode> manifests = new ArrayList<>();
    for (Path file : Cli.files(whole.resolve("snapshots"))) {
      if (file.endsWith("manifest.json")) {
        manifests.add(JSON.readTree(Files.readString(file)));
      }
    }
    // What is found in a period decides what is learned from.
    assertThat(manifests)
        .anyMatch(each -> each.at("/reasons/weak_slice").asInt() > 0)
        .anyMatch(each -> each.get("doubted").asInt() > 0);
  }

  private static void batch(Path events, Path output, int from, int to) {
    Cli.Result done =
        log.monitor(events, output, "--from=" + bounds.get(from), "--to=" + bounds.get(to));
    assertThat(done.code()).as(done.out() + done.err()).isZero();
  }

  private static void stream(List<String> lines, Path output, TimeRange range) throws Exception {
    MonitoringSpec spec = SpecFiles.one(log.spec.toString());
    Baselines baselines = Baselines.read(log.baseline.toString(), spec.model());
    Fleet<Model> models =
        Fleet.one(spec.model(), new Model(spec, Redaction.of(spec, null), baselines));
    FollowedRecord record = new FollowedRecord(spec, List.of(), "kafka://h:1/t", null, null);
    FollowedResults results =
        new FollowedResults(
            Fleet.one(spec.model(), record),
            LogTopic.times(models.map(Model::spec), false),
            output.toString());
    LogTopic topic =
        new LogTopic(
            models,
            new PlayedTopic(spec, range, lines),
            false,
            range,
            WriteDeadLetters.to(output.toString(), WriteDeadLetters.LATE),
            results,
            output.toString());
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        "Monitor",
        new MonitorPipeline(
            models, topic, Outputs.of(output.toString(), false, null, null), results));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining(PlayedTopic.KILLED);
  }

  /** The rows of some windows. */
  private static List<String> lines(int from, int to) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Path each : windows.subList(from, to)) {
      lines.addAll(Files.readAllLines(each.resolve("events.jsonl")));
    }
    return lines;
  }

  /** Tables by window and stage, snapshots by period, and where detectors stand in the end. */
  private static Map<String, String> results(Path output) throws Exception {
    Map<String, String> results = Followed.tables(output);
    results.keySet().removeIf(each -> each.startsWith("snapshots"));
    for (Path file : Cli.files(output.resolve("snapshots"))) {
      if (file.endsWith("manifest.json")) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(Files.readString(file));
        for (JsonNode part : manifest.get("files")) {
          byte[] bytes = Files.readAllBytes(file.resolveSibling(part.get("name").asText()));
          assertThat(ContentHash.of(bytes)).isEqualTo(part.get("hash").asText());
        }
        manifest.remove("supersedes");
        results.put(output.relativize(file).toString(), manifest.toString());
      }
    }
    TreeMap<String, String> states = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("detectors"))) {
      states.put(output.relativize(file).toString(), ContentHash.of(Files.readAllBytes(file)));
    }
    results.put(states.lastKey(), states.lastEntry().getValue());
    return results;
  }

  private static Path part(int from, int to) throws Exception {
    Path part = Files.createDirectories(folder.resolve("windows-from-" + from));
    Files.write(part.resolve("events.jsonl"), lines(from, to));
    return part;
  }

  private static void same(Map<String, String> found, Map<String, String> expected) {
    TreeMap<String, String> differ = new TreeMap<>(expected);
    found.forEach(
        (name, content) -> {
          if (!differ.remove(name, content)) {
            differ.putIfAbsent(name, "is not expected");
          }
        });
    assertThat(differ).isEmpty();
  }

  @Test
  void threePartsAreOneRun() throws Exception {
    Path output = folder.resolve("parts");
    batch(part(0, FIRST), output, 0, FIRST);
    TimeRange range = RunBounds.range(bounds.get(FIRST), bounds.get(SECOND));
    // The topic goes on, but the job not until the day of its last window is over.
    stream(lines(0, SECOND + 2), output, range);
    assertThat(output.resolve("snapshots/loans/" + LAST_DAY)).doesNotExist();
    batch(part(SECOND, ALL), output, SECOND, ALL);
    same(results(output), results(whole));
    assertThat(output.resolve("late")).doesNotExist();
  }
}
