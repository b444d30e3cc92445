package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.Main;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run a day under snapshots a week: what days leave is what one run over all of them leaves. */
class ScheduledRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAYS = 15;
  private static final int ROWS = 60;
  private static final LocalDate FIRST = LocalDate.parse("2025-03-06"); // begins a week of epochs
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: id, time: t, prediction: {score: s, label: p, positive: "1"}}
      features: {x: numeric, c: categorical}
      labels: {id: id, value: y, time: known, source: by, horizon: P2D, trusted: [review],
               trusted_horizon: P4D}
      window: {size: P1D}
      drift: {min_rows: 30}
      performance: {detectors: []}
      snapshot: {period: P7D, rows: 200, columns: [note]}
      """;

  private static final String LABELS = "(?s)labels: .*?\\}\n";

  @TempDir static Path folder;
  private static Path events;
  private static Path labels;
  private static Path baseline;

  @BeforeAll
  static void log() throws IOException {
    events = Files.createDirectories(folder.resolve("events"));
    labels = Files.createDirectories(folder.resolve("labels"));
    Random random = new Random(4);
    List<String> reference = new ArrayList<>(List.of("id,t,x,c,s,p,note"));
    List<String> truths = new ArrayList<>(List.of("id,y,known,by"));
    for (int day = -21; day < DAYS; day++) {
      List<String> rows = new ArrayList<>(List.of("id,t,x,c,s,p,note"));
      for (int i = 0; i < ROWS; i++) {
        String id = day + "-" + i;
        double score = random.nextDouble();
        String category = day == 3 || day == 9 ? "d" : "abc".charAt(random.nextInt(3)) + "";
        rows.add(
            String.format(
                Locale.ROOT,
                "%s,%sT%02d:%02d:00Z,%.3f,%s,%.3f,%d,n%d",
                id,
                FIRST.plusDays(day),
                i % 24,
                i,
                random.nextGaussian(),
                category,
                score,
                score > .5 ? 1 : 0,
                i));
        String known = FIRST.plusDays(day + random.nextInt(2)) + "T23:59:30Z";
        if (random.nextInt(10) > 0) {
          int truth = random.nextDouble() < score ? 1 : 0;
          truths.add(id + "," + truth + "," + known + ",clerk");
          if (random.nextInt(6) == 0) { // past the horizon of other labels
            known = FIRST.plusDays(day + 3) + "T12:00:00Z";
            truths.add(id + "," + (1 - truth) + "," + known + ",review");
          }
        }
      }
      if (day < 0) {
        reference.addAll(rows.subList(1, rows.size()));
      } else {
        Files.write(events.resolve(String.format(Locale.ROOT, "%02d.csv", day)), rows);
      }
    }
    Files.write(labels.resolve("labels.csv"), truths);
    Files.write(folder.resolve("reference.csv"), reference);
    baseline = baseline("baseline.avro", spec("spec", SPEC));
  }

  private static Path spec(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".yaml"), text);
  }

  private static Path baseline(String name, Path spec) {
    Path path = folder.resolve(name);
    Cli.Result built =
        Cli.run(
            "baseline",
            "--spec=" + spec,
            "--events=" + folder.resolve("reference.csv"),
            "--labels=" + labels,
            "--output=" + path);
    assertThat(built.code()).as(built.err()).isZero();
    return path;
  }

  /** Days from one to before another, with the labels that are known at the end of a day. */
  private static Cli.Result run(
      Path spec, Path log, Path output, int from, int to, int known, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + log,
                "--baseline=" + baseline,
                "--output=" + output,
                "--from=" + FIRST.plusDays(from),
                "--to=" + FIRST.plusDays(to)));
    if (known >= 0) {
      args.add("--labels=" + labels);
      args.add("--as-of=" + FIRST.plusDays(known));
    }
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  private static void done(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static Path file(int day) {
    return events.resolve(String.format(Locale.ROOT, "%02d.csv", day));
  }

  /** Contents by path. */
  private static TreeMap<String, String> tree(Path output, String table) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    for (Path file : Cli.files(output.resolve(table))) {
      String path = output.relativize(file).toString();
      if (path.startsWith("runs") || path.startsWith("lineage")) {
        continue;
      }
      files.put(path, ContentHash.of(Files.readAllBytes(file)));
    }
    return files;
  }

  /** The same of all tables but the one that has a folder of each run. */
  private static TreeMap<String, String> tables(Path output) throws IOException {
    TreeMap<String, String> files = tree(output, "");
    files.keySet().removeIf(path -> path.startsWith("unjoined-labels"));
    return files;
  }

  /** Manifests by their period, without what they replaced. */
  private static TreeMap<String, JsonNode> manifests(Path output) throws IOException {
    TreeMap<String, JsonNode> manifests = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("snapshots"))) {
      if (file.endsWith("manifest.json")) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(Files.readString(file));
        for (JsonNode part : manifest.get("files")) {
          byte[] bytes = Files.readAllBytes(file.resolveSibling(part.get("name").asText()));
          assertThat(ContentHash.of(bytes)).isEqualTo(part.get("hash").asText());
        }
        manifest.remove("supersedes");
        manifests.put(file.getParent().getFileName().toString(), manifest);
      }
    }
    return manifests;
  }

  private static TreeMap<String, Long> held(JsonNode manifest) {
    TreeMap<String, Long> held = new TreeMap<>();
    for (JsonNode window : manifest.get("windows_held")) {
      held.put(window.get("window").asText(), window.get("rows").asLong());
    }
    return held;
  }

  private static void neverLess(TreeMap<String, JsonNode> before, TreeMap<String, JsonNode> after) {
    before.forEach(
        (period, manifest) -> {
          TreeMap<String, Long> now = held(after.get(period));
          held(manifest).forEach((window, rows) -> assertThat(now.get(window)).isEqualTo(rows));
        });
  }

  @Test
  void daysAreOneRunOverAllOfThem() throws Exception {
    Path spec = folder.resolve("spec.yaml");
    Path whole = folder.resolve("whole");
    done(run(spec, events, whole, 0, DAYS, DAYS));
    Path days = folder.resolve("days");
    int missed = 4;
    int backfilled = 9;
    int repeated = 8;
    TreeMap<String, JsonNode> before = new TreeMap<>();
    for (int day = 0; day < DAYS; day++) {
      if (day == missed || day == backfilled) {
        continue;
      }
      done(run(spec, events, days, day, day + 1, day + 1));
      neverLess(before, manifests(days));
      before = manifests(days);
      if (day == repeated) {
        TreeMap<String, String> once = tree(days, "");
        done(run(spec, events, days, day, day + 1, day + 1));
        assertThat(tree(days, "")).isEqualTo(once);
      }
    }
    done(run(spec, events, days, backfilled, backfilled + 1, DAYS));
    neverLess(before, manifests(days));
    assertThat(manifests(days)).isEqualTo(manifests(whole)).hasSize(3);
    assertThat(manifests(days).get("20250313T000000Z").get("reasons").get("drifted").asInt())
        .isPositive();
    assertThat(days.resolve("snapshots/m/LATEST")).hasContent("20250320T000000Z\n");
    assertThat(tree(days, "performance")).isEqualTo(tree(whole, "performance"));
    assertThat(tree(days, "label-coverage")).isEqualTo(tree(whole, "label-coverage"));
    assertThat(tree(days, "slices")).isEqualTo(tree(whole, "slices")).hasSize(3);
    for (String table : List.of("label-issues", "label-quality", "review", "acquisition")) {
      assertThat(tree(days, table)).as(table).isEqualTo(tree(whole, table)).isNotEmpty();
    }
    // A day that was never run has no statistics and no findings of its own.
    String gap = "/window=" + FIRST.plusDays(missed).toString().replace("-", "") + "T000000Z/";
    for (String table : List.of("statistics", "findings")) {
      TreeMap<String, String> expected = tree(whole, table);
      expected.keySet().removeIf(path -> path.contains(gap + "part-"));
      assertThat(tree(days, table)).isEqualTo(expected);
    }
  }

  /** It is as if nobody had ever said anything else. */
  @Test
  void correctionsOverrideWhatOthersSaid() throws Exception {
    Path spec = folder.resolve("spec.yaml");
    Path given = folder.resolve("overridden");
    Cli.Result overriding = run(spec, events, given, 0, DAYS, DAYS);
    done(overriding);
    assertThat(overriding.out()).containsPattern(" 0 conflicting, [1-9]\\d* overridden, ");
    TreeMap<String, String> ofId = new TreeMap<>();
    for (String line : Files.readAllLines(labels.resolve("labels.csv"))) {
      String[] cells = line.split(",");
      if (!cells[3].equals("review") || cells[2].compareTo(FIRST.plusDays(DAYS) + "T") < 0) {
        ofId.put(cells[0], line); // a correction stands after its label
      }
    }
    String header = ofId.remove("id");
    List<String> alone = new ArrayList<>(List.of(header));
    alone.addAll(ofId.values());
    Path corrected = Files.createDirectories(folder.resolve("corrected"));
    Files.write(corrected.resolve("labels.csv"), alone);
    Path expected = folder.resolve("corrected-from-the-start");
    done(
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + events,
            "--baseline=" + baseline,
            "--output=" + expected,
            "--from=" + FIRST,
            "--to=" + FIRST.plusDays(DAYS),
            "--labels=" + corrected,
            "--as-of=" + FIRST.plusDays(DAYS)));
    for (String table : List.of("statistics", "findings", "performance", "label-coverage")) {
      assertThat(tree(given, table)).as(table).isEqualTo(tree(expected, table)).isNotEmpty();
    }
    // A manifest alone tells how far those who were overridden had agreed.
    TreeMap<String, JsonNode> overridden = manifests(given);
    assertThat(overridden.values()).anyMatch(each -> each.has("agreement"));
    overridden.values().forEach(each -> ((ObjectNode) each).remove("agreement"));
    assertThat(overridden).isEqualTo(manifests(expected));
  }

  @Test
  void daysOfTheirOwnFilesCompleteTheWeek() throws Exception {
    Path spec = spec("in-files", SPEC.replaceFirst(LABELS, ""));
    Path whole = folder.resolve("files-whole");
    done(run(spec, events, whole, 0, 3, -1));
    Path days = folder.resolve("files-days");
    done(run(spec, file(0), days, 0, 1, -1));
    done(run(spec, file(2), days, 2, 3, -1));
    JsonNode manifest = manifests(days).get("20250306T000000Z");
    assertThat(held(manifest).keySet())
        .containsExactly("2025-03-06T00:00:00Z", "2025-03-08T00:00:00Z");
    assertThat(manifest.get("windows_missing").toString())
        .isEqualTo(
            "[{\"from\":\"2025-03-07T00:00:00Z\",\"to\":\"2025-03-08T00:00:00Z\"},"
                + "{\"from\":\"2025-03-09T00:00:00Z\",\"to\":\"2025-03-13T00:00:00Z\"}]");
    done(run(spec, file(1), days, 1, 2, -1));
    assertThat(manifests(days)).isEqualTo(manifests(whole));
    TreeMap<String, String> before = tree(days, "snapshots");
    // Less of a day than was there, at the edges of a log without bounds.
    Path half = folder.resolve("half.csv");
    Files.write(half, Files.readAllLines(file(1)).subList(0, ROWS / 2));
    done(
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + half,
            "--baseline=" + baseline,
            "--output=" + days));
    assertThat(tree(days, "snapshots")).isEqualTo(before);
    // What the day itself has now is the truth, though it is less.
    done(run(spec, half, days, 1, 2, -1));
    assertThat(held(manifests(days).get("20250306T000000Z")).values())
        .containsExactly((long) ROWS, ROWS / 2 - 1L, (long) ROWS);
  }

  @Test
  void aPartOfAWindowReplacesNoneOfItsTables() throws Exception {
    Path spec = folder.resolve("spec.yaml");
    Path output = folder.resolve("parts");
    done(run(spec, events, output, 0, 4, DAYS));
    TreeMap<String, String> before = tables(output);
    // A day's file with three rows of the day before, which the run looks back at.
    List<String> late = new ArrayList<>(Files.readAllLines(file(3)));
    late.addAll(Files.readAllLines(file(2)).subList(1, 4));
    Path mixed = Files.write(folder.resolve("mixed.csv"), late);
    Cli.Result looked = run(spec, mixed, output, 3, 4, DAYS);
    done(looked);
    assertThat(tables(output)).isEqualTo(before);
    assertThat(looked.out())
        .contains(
            "1 window stays as it is, because this run has less of it: 2025-03-08T00:00:00Z"
                + " (3 rows, 60 are there)");
    // The same without bounds, from a part of each: windows at the edges, and nothing between.
    List<String> few = new ArrayList<>(Files.readAllLines(file(0)).subList(0, 9));
    few.addAll(Files.readAllLines(file(3)).subList(1, 7));
    Path gap = Files.write(folder.resolve("gap.csv"), few);
    Cli.Result unbounded =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + gap,
            "--baseline=" + baseline,
            "--labels=" + labels,
            "--as-of=" + FIRST.plusDays(DAYS),
            "--output=" + output);
    done(unbounded);
    assertThat(tables(output)).isEqualTo(before);
    assertThat(unbounded.out())
        .contains("4 windows stay as they are")
        .contains("2025-03-06T00:00:00Z (8 rows, 60 are there)")
        .contains("2025-03-07T00:00:00Z (0 rows, 60 are there)");
  }

  @Test
  void removedFeaturesAndMissedDaysAreSaid() throws Exception {
    Path spec = spec("fewer", SPEC.replaceAll(LABELS + "|, c: categorical", ""));
    Path output = folder.resolve("fewer-days");
    Cli.Result first = run(spec, events, output, 1, 2, -1);
    done(first);
    assertThat(first.out()).doesNotContain("ever written");
    Cli.Result next = run(spec, events, output, 2, 3, -1);
    assertThat(next.out()).doesNotContain("ever written");
    Cli.Result late = run(spec, events, output, 5, 6, -1);
    assertThat(late.out())
        .contains(
            "No window between 2025-03-09T00:00:00Z and 2025-03-11T00:00:00Z was ever written");
    List<JsonNode> schema = new ArrayList<>();
    for (Path file : Cli.files(output.resolve("findings/model=m/window=20250307T000000Z"))) {
      for (String line : Files.readAllLines(file)) {
        JsonNode finding = JSON.readTree(line);
        if (finding.get("kind").asText().equals("schema")) {
          schema.add(finding);
        }
      }
    }
    assertThat(schema).hasSize(1);
    assertThat(schema.get(0).get("subject").asText()).isEqualTo("c");
    assertThat(schema.get(0).get("alarm").asBoolean()).isTrue();
    assertThat(schema.get(0).get("reason").asText()).contains("the spec does not");
  }

  @Test
  void whatCannotBeCompletedStaysAndIsSaid() throws Exception {
    Path spec = spec("kept", SPEC.replaceFirst(LABELS, ""));
    Path output = folder.resolve("kept");
    done(run(spec, file(0), output, 0, 1, -1));
    done(run(spec, file(1), output, 1, 2, -1));
    TreeMap<String, String> before = tree(output, "snapshots");
    Path changed = spec("changed", Files.readString(spec).replace("columns: [note]", "seed: 7"));
    Cli.Result refused = run(changed, file(1), output, 1, 2, -1);
    assertThat(refused.code()).isEqualTo(Main.WRONG_USE);
    assertThat(refused.err())
        .contains("the snapshot of m from 2025-03-06T00:00:00Z to 2025-03-13T00:00:00Z stays")
        .contains("the window 2025-03-06T00:00:00Z")
        .contains("--from=2025-03-06T00:00:00Z --to=2025-03-08T00:00:00Z");
    assertThat(tree(output, "snapshots")).isEqualTo(before);
    // Nothing of the days is kept: the same, and another threshold alone does no harm.
    for (Path file : Cli.files(output.resolve("candidates"))) {
      if (file.toString().contains("20250306")) {
        Files.delete(file);
      }
    }
    assertThat(run(spec, file(1), output, 1, 2, -1).code()).isEqualTo(Main.WRONG_USE);
    assertThat(tree(output, "snapshots")).isEqualTo(before);
    // The days that it asks for mend it, under the new spec.
    done(run(changed, events, output, 0, 2, -1));
    Path stricter = spec("stricter", Files.readString(changed).replace("30", "31"));
    done(run(stricter, file(2), output, 2, 3, -1));
    assertThat(held(manifests(output).get("20250306T000000Z"))).hasSize(3);
  }

  @Test
  void hiddenColumnsAreKeptSealedOrNotAtAll() throws Exception {
    Path spec =
        spec("hidden", SPEC.replaceFirst(LABELS, "").replace("[note]", "[note], mask: [note, x]"));
    Path key = Files.writeString(folder.resolve("key"), "a key of the test");
    Path sealed = folder.resolve("sealed");
    done(run(spec, file(0), sealed, 0, 1, -1, "--mask-key=" + key));
    done(run(spec, file(1), sealed, 1, 2, -1, "--mask-key=" + key));
    assertThat(held(manifests(sealed).get("20250306T000000Z"))).hasSize(2);
    for (Path file : Cli.files(sealed.resolve("candidates"))) {
      assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("n17");
    }
    Path other = Files.writeString(folder.resolve("other-key"), "another key");
    assertThat(run(spec, file(1), sealed, 1, 2, -1, "--mask-key=" + other).code())
        .isEqualTo(Main.WRONG_USE);
    Path open = folder.resolve("open");
    Cli.Result first = run(spec, file(0), open, 0, 1, -1);
    done(first);
    assertThat(first.err()).contains("without --mask-key").contains("candidates");
    assertThat(open.resolve("candidates")).doesNotExist();
    assertThat(run(spec, file(1), open, 1, 2, -1).code()).isEqualTo(Main.WRONG_USE);
  }

  /** Without a key nobody is ever shown a carried column that is masked: the rest is kept. */
  @Test
  void columnsThatNobodyIsShownAreBlankInWhatIsKept() throws Exception {
    Path spec =
        spec("blank", SPEC.replaceFirst(LABELS, "").replace("[note]", "[note], mask: [note]"));
    Path days = folder.resolve("blank-days");
    Cli.Result first = run(spec, file(0), days, 0, 1, -1);
    done(first);
    assertThat(first.err()).doesNotContain("--mask-key");
    done(run(spec, file(1), days, 1, 2, -1));
    for (Path file : Cli.files(days)) {
      assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("n17");
    }
    Path whole = folder.resolve("blank-whole");
    done(run(spec, events, whole, 0, 2, -1));
    assertThat(held(manifests(days).get("20250306T000000Z"))).hasSize(2);
    assertThat(parts(days)).isNotEmpty().isEqualTo(parts(whole));
    // Of a column that splits go by nothing is blank.
    Path grouped =
        spec(
            "grouped", Files.readString(spec).replace("mask: [note]", "mask: [note], group: note"));
    Path none = folder.resolve("grouped");
    assertThat(run(grouped, file(0), none, 0, 1, -1).err()).contains("candidates are not kept");
    assertThat(none.resolve("candidates")).doesNotExist();
  }

  /** What the manifests of a run say of their files. */
  private static TreeMap<String, String> parts(Path output) throws Exception {
    TreeMap<String, String> parts = new TreeMap<>();
    manifests(output)
        .forEach((period, manifest) -> parts.put(period, manifest.get("files").toString()));
    return parts;
  }
}
