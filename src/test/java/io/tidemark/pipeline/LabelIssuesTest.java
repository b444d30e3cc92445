package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.Oracles;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.stats.labelissues.LabelledRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which labels are doubted, through the whole program. */
class LabelIssuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, debt: numeric, region: categorical, product: categorical}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D}
      """;

  @TempDir Path folder;

  private static List<JsonNode> lines(Path table) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (Path file : Cli.files(table)) {
      if (file.toString().endsWith(".jsonl")) {
        for (String line : Files.readAllLines(file)) {
          lines.add(JSON.readTree(line));
        }
      }
    }
    return lines;
  }

  private static List<JsonNode> issues(Path output, String kind) throws IOException {
    return lines(output.resolve("label-issues")).stream()
        .filter(each -> each.get("kind").asText().equals(kind))
        .toList();
  }

  /** The row that an issue of confident learning is about. */
  private static String row(JsonNode issue) {
    return issue.at("/labels/0/row_ids/0").asText();
  }

  private static void done(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** A model for each filter looks at the same log, in one run. */
  private Path judgedByEveryFilter(String spec, Path log) throws Exception {
    Path specs = Files.createDirectories(folder.resolve("specs"));
    Path baselines = Files.createDirectories(folder.resolve("baselines"));
    List<String> rows = Files.readAllLines(log);
    Path first = Files.write(folder.resolve("first.csv"), rows.subList(0, 1000));
    for (LabelFilter filter : LabelFilter.values()) {
      String model = filter.id();
      String more = "label_issues: {filter: " + model + "}\nslices: off\n";
      Path own = specs.resolve(model + ".yaml");
      Files.writeString(own, spec.replace("MODEL", model) + more);
      Path baseline = baselines.resolve(model + ".avro");
      done(Cli.run("baseline", "--spec=" + own, "--events=" + first, "--output=" + baseline));
    }
    Path output = folder.resolve("out");
    done(
        Cli.run(
            "monitor",
            "--spec=" + specs + "/*.yaml",
            "--events=" + log,
            "--baseline=" + baselines,
            "--output=" + output));
    return output;
  }

  private static Map<String, Set<String>> flagged(Path output) throws IOException {
    Map<String, Set<String>> flagged = new TreeMap<>();
    for (JsonNode issue : issues(output, "confident_learning")) {
      flagged.computeIfAbsent(issue.get("model").asText(), any -> new TreeSet<>()).add(row(issue));
    }
    return flagged;
  }

  /**
   * Ten classes, so that the least probable labels are among the most probable ones of their row,
   * too; no two scores are equal.
   */
  @Test
  void everyFilterTakesItsRows() throws Exception {
    int classes = 10;
    Random random = new Random(5);
    LabelledRows expected = new LabelledRows(classes);
    StringBuilder names = new StringBuilder();
    StringBuilder scores = new StringBuilder();
    for (int code = 0; code < classes; code++) {
      names.append(code == 0 ? "" : ", ").append("c").append(code).append(": p").append(code);
      scores.append(",p").append(code);
    }
    List<String> lines = new ArrayList<>(List.of("id,at,guess,truth,x" + scores));
    for (int i = 0; i < 4000; i++) {
      double[] probabilities = new double[classes];
      double sum = 0;
      for (int code = 0; code < classes; code++) {
        probabilities[code] = StrictMath.exp(2 * random.nextGaussian());
        sum += probabilities[code];
      }
      int label = random.nextInt(classes);
      double place = random.nextDouble();
      StringBuilder shown = new StringBuilder();
      for (int code = classes - 1; code >= 0; code--) {
        probabilities[code] /= sum;
        label = random.nextInt(8) != 0 && place >= 0 && place < probabilities[code] ? code : label;
        place -= probabilities[code];
      }
      for (double each : probabilities) {
        shown.append(',').append(each);
      }
      expected.add(label, probabilities);
      lines.add("r%05d,2024-01-01T0%d:00:00Z,c0,c%d,%d%s".formatted(i, i % 6, label, i, shown));
    }
    Path output =
        judgedByEveryFilter(
            """
            model: MODEL
            task: multiclass
            events: {id: id, time: at, prediction: {scores: {NAMES}, label: guess}, label: truth}
            features: {x: numeric}
            window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
            """
                .replace("NAMES", names),
            Files.write(folder.resolve("log.csv"), lines));
    Map<String, Set<String>> flagged = flagged(output);
    for (LabelFilter filter : LabelFilter.values()) {
      assertThat(flagged.get(filter.id())).as(filter.id()).isEqualTo(expected.issues(filter));
    }
    assertThat(lines(output.resolve("label-quality")))
        .hasSize(LabelFilter.values().length)
        .allMatch(each -> each.get("flagged_rows").equals(each.get("confident_learning")));
  }

  /** The car loans' labels by every filter of cleanlab, with its thresholds and joint. */
  @Test
  void carLoansAsCleanlabJudgesThem() throws Exception {
    JsonNode summary = Oracles.json("oracles/cleanlab/car_loan_summary.json");
    Path input = Oracles.file("oracles/cleanlab/car_loan_issues.csv.gz");
    List<String> rows = new ArrayList<>(List.of("id,at,p,guess,truth,x"));
    List<String> columns;
    Map<String, String[]> theirs = new TreeMap<>();
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(input)), StandardCharsets.UTF_8))) {
      columns = List.of(text.readLine().split(","));
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        String[] cells = line.split(",");
        String id = cells[columns.indexOf("row")];
        String score = cells[columns.indexOf("p1")];
        String label = cells[columns.indexOf("given_label")];
        rows.add(id + ",2024-01-01T00:00:00Z," + score + ",1," + label + "," + id);
        theirs.put(id, cells);
      }
    }
    Path output =
        judgedByEveryFilter(
            """
            model: MODEL
            task: binary
            events: {id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
                label: truth}
            features: {x: numeric}
            window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
            """,
            Files.write(folder.resolve("log.csv"), rows));
    Map<String, Set<String>> flagged = flagged(output);
    for (LabelFilter filter : LabelFilter.values()) {
      Set<String> ours = flagged.get(filter.id());
      assertThat(ours).as(filter.id()).hasSize(summary.get("issue_" + filter.id()).asInt());
      int flag = columns.indexOf("issue_" + filter.id());
      Set<String> tied = new TreeSet<>();
      theirs.forEach(
          (id, cells) -> {
            if (ours.contains(id) != cells[flag].equals("1")) {
              tied.add(cells[1] + " " + cells[2]);
            }
          });
      // Scores have two decimals: of rows with equal scores theirs takes what its sort leaves.
      assertThat(Set.of("0 0.13", "1 0.87", "0 0.19", "1 0.77")).containsAll(tied);
    }
    for (JsonNode quality : lines(output.resolve("label-quality"))) {
      for (int given = 0; given < 2; given++) {
        JsonNode of = quality.at("/classes/" + given);
        double threshold = summary.at("/thresholds/" + given).asDouble();
        assertThat(of.get("threshold").asDouble()).isCloseTo(threshold, within(1e-12));
        assertThat(of.get("joint")).isEqualTo(summary.at("/confident_joint/" + given));
      }
    }
  }

  /** The model errs on some 2 % of rows, and 10 % of labels are wrong from the middle on. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void plantedFlipsAreFound(int seed) throws Exception {
    Log log =
        Log.of(
            folder,
            SPEC,
            16_000,
            "--windows=8",
            "--drift=flips",
            "--sharpness=40",
            "--clean",
            "--seed=" + seed);
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(log.events(), output);
    done(result);
    JsonNode truth = JSON.readTree(Files.readString(log.folder.resolve("log/truth.json")));
    assertThat(truth.at("/planted/0/kind").asText()).isEqualTo("label_flips");
    String from = truth.at("/planted/0/from").asText();
    Set<String> planted = new HashSet<>();
    truth.get("flipped_labels").forEach(id -> planted.add(id.asText()));
    assertThat(planted).hasSizeBetween(650, 950);
    Set<String> found = new HashSet<>();
    for (JsonNode issue : issues(output, "confident_learning")) {
      if (issue.get("period_start").asText().compareTo(from) >= 0) {
        found.add(row(issue));
      }
    }
    Set<String> right = new HashSet<>(found);
    right.retainAll(planted);
    assertThat((double) right.size() / planted.size()).as("recall").isGreaterThanOrEqualTo(.9);
    assertThat((double) right.size() / found.size()).as("precision").isGreaterThanOrEqualTo(.9);
    // A look pays most where the queue begins.
    List<JsonNode> queue =
        lines(output.resolve("review")).stream()
            .filter(each -> planted.contains(each.get("id").asText()))
            .toList();
    assertThat(queue).hasSizeGreaterThan(planted.size() * 9 / 10);
    assertThat(queue).allMatch(each -> each.get("rank").asInt() > 0);
    assertThat(result.out()).contains("Label issues: ").contains(" rows to look at in ");
  }

  private static final String WORDS =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {region: categorical, product: categorical, channel: categorical}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D}
      """;

  /** What all rows of an input mean changes at a time; that is no ambiguity. */
  @Test
  void flippedInTimeIsToldFromAmbiguous() throws Exception {
    Log log =
        Log.of(
            folder,
            WORDS,
            16_000,
            "--windows=8",
            "--drift=concept",
            "--size=concept=1",
            "--sharpness=200",
            "--clean");
    Path output = folder.resolve("out");
    done(log.monitor(log.events(), output));
    JsonNode truth = JSON.readTree(Files.readString(log.folder.resolve("log/truth.json")));
    String from = truth.at("/planted/0/from").asText();
    List<JsonNode> flipped = issues(output, "flipped");
    List<JsonNode> ambiguous = issues(output, "ambiguous");
    assertThat(flipped).hasSizeGreaterThan(20).hasSizeGreaterThan(9 * ambiguous.size());
    assertThat(flipped)
        .allSatisfy(
            each -> {
              assertThat(each.get("period_start").asText()).isEqualTo(from);
              assertThat(each.get("since").asText()).isGreaterThanOrEqualTo(from);
              assertThat(each.get("before")).isNotEqualTo(each.get("after"));
            });
  }

  @Test
  void ambiguousIsToldFromFlippedInTime() throws Exception {
    Log log =
        Log.of(
            folder,
            WORDS,
            16_000,
            "--windows=8",
            "--drift=flips",
            "--size=flips=0.3",
            "--sharpness=200",
            "--clean");
    Path output = folder.resolve("out");
    done(log.monitor(log.events(), output));
    List<JsonNode> flipped = issues(output, "flipped");
    List<JsonNode> ambiguous = issues(output, "ambiguous");
    assertThat(ambiguous).hasSizeGreaterThan(20);
    // One of a hundred, by the level.
    assertThat(flipped).hasSizeLessThanOrEqualTo(1 + ambiguous.size() / 20);
  }
}
