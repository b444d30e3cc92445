package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.HalfWidth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is to be labelled, collected or made, through the whole program. */
class AcquisitionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, debt: numeric, region: categorical, product: categorical,
          channel: categorical}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      label_issues: off
      snapshot: {period: P1D, rows: 2000, acquisition: {half_width: 0.02}}
      """;

  @TempDir Path folder;

  /** Requests by the start of their period, in their order. */
  private static TreeMap<String, List<JsonNode>> requests(Path output) throws Exception {
    TreeMap<String, List<JsonNode>> requests = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("acquisition"))) {
      for (String line : Files.readAllLines(file)) {
        JsonNode request = JSON.readTree(line);
        requests
            .computeIfAbsent(request.get("period_start").asText(), any -> new ArrayList<>())
            .add(request);
      }
    }
    return requests;
  }

  private static List<JsonNode> rows(Path folder) throws Exception {
    List<JsonNode> rows = new ArrayList<>();
    for (Path file : Cli.files(folder)) {
      for (String line : Files.readAllLines(file)) {
        rows.add(JSON.readTree(line));
      }
    }
    return rows;
  }

  /** Whether a predicate of a request holds of a row, by the request alone. */
  private static boolean holds(JsonNode predicate, JsonNode row) {
    JsonNode value = row.path(predicate.get("feature").asText());
    return switch (predicate.get("kind").asText()) {
      case "missing" -> value.isNull() || value.isMissingNode();
      case "value" -> value.asText().equals(predicate.get("value").asText());
      case "unseen" -> value.asText().equals("never_seen_before");
      case "range" ->
          value.isNumber()
              && (predicate.get("lower").isNull()
                  || value.asDouble() > predicate.get("lower").asDouble())
              && (predicate.get("upper").isNull()
                  || value.asDouble() <= predicate.get("upper").asDouble());
      default -> throw new IllegalStateException(predicate.toString());
    };
  }

  private static Predicate<JsonNode> region(JsonNode request) {
    return row -> {
      boolean all = true;
      for (JsonNode predicate : request.get("predicates")) {
        all &= holds(predicate, row);
      }
      return all;
    };
  }

  @Test
  void eachRegionSaysWhatItLacks() throws Exception {
    Log log =
        Log.of(
            folder,
            SPEC,
            24_000,
            "--windows=16",
            "--drift=default,slice2",
            "--sharpness=8",
            "--clean");
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(log.events(), output);
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> rows = rows(log.events());
    List<JsonNode> reference = rows(log.folder.resolve("log/reference"));
    TreeMap<String, List<JsonNode>> periods = requests(output);
    assertThat(periods).hasSize(4);
    List<String> kinds = new ArrayList<>();
    for (var period : periods.entrySet()) {
      List<JsonNode> ofPeriod =
          rows.stream()
              .filter(row -> row.get("at").asText().startsWith(period.getKey().substring(0, 10)))
              .toList();
      JsonNode all = period.getValue().get(0);
      assertThat(all.get("kind").asText()).isEqualTo("all");
      assertThat(all.get("rows").asLong()).isCloseTo(ofPeriod.size(), within(60L));
      for (int rank = 0; rank < period.getValue().size(); rank++) {
        JsonNode request = period.getValue().get(rank);
        assertThat(request.get("rank").asInt()).isEqualTo(rank);
        assertAsks(request, ofPeriod, reference);
        kinds.add(request.get("kind").asText());
      }
    }
    assertThat(kinds).contains("weak", "unseen", "grown");
    // Where nothing has happened yet, nothing is asked for but of all rows.
    assertThat(periods.firstEntry().getValue()).hasSize(1);
    // What stands out among the slices is what is weak here, under the finding that says so.
    String last = periods.lastKey();
    List<String> weak =
        periods.get(last).stream()
            .filter(each -> each.get("kind").asText().equals("weak"))
            .map(each -> each.get("finding_id").asText())
            .toList();
    List<String> findings =
        Cli.findings(output).stream()
            .filter(each -> each.get("kind").asText().equals("weak_slice"))
            .filter(each -> each.get("window_start").asText().equals(last))
            .filter(each -> each.get("exceeded").asBoolean())
            .map(each -> each.get("id").asText())
            .toList();
    assertThat(weak).isNotEmpty().allMatch(findings::contains);
  }

  private static void assertAsks(
      JsonNode request, List<JsonNode> ofPeriod, List<JsonNode> reference) {
    List<JsonNode> within = ofPeriod.stream().filter(region(request)).toList();
    long inIt = within.size();
    double tolerance = Math.max(20, .15 * inIt);
    String what = request.get("kind").asText() + " " + request.get("region").asText();
    assertThat((double) request.get("rows").asLong()).as(what).isCloseTo(inIt, within(tolerance));
    assertThat(request.get("share").asDouble())
        .as(what)
        .isCloseTo((double) inIt / ofPeriod.size(), within(tolerance / ofPeriod.size()));
    // Every row of the log has its label.
    long labelled = request.get("rows_labelled").asLong();
    assertThat((double) labelled).as(what).isCloseTo(inIt, within(tolerance));
    double error =
        within.stream().filter(row -> !row.get("guess").equals(row.get("truth"))).count()
            / (double) inIt;
    assertThat(request.get("error").asDouble()).as(what).isCloseTo(error, within(.05));
    double half = HalfWidth.ofShare(request.get("error").asDouble(), labelled);
    assertThat(request.get("half_width").asDouble()).as(what).isCloseTo(half, within(.001));
    long asked = request.get("target_count").asLong();
    assertThat(HalfWidth.ofShare(request.get("error").asDouble(), labelled + asked))
        .as(what)
        .isLessThanOrEqualTo(.02);
    if (asked > 0) {
      assertThat(half).as(what).isGreaterThan(.02);
    }
    long dealt = 0;
    double shares = 0;
    for (JsonNode each : request.get("classes")) {
      dealt += each.get("target_count").asLong();
      shares += each.get("share").asDouble();
    }
    assertThat(dealt).as(what).isEqualTo(asked);
    assertThat(shares).as(what).isCloseTo(1, within(1e-9));
    assertThat(request.get("exemplars")).as(what).hasSize(3).allMatch(region(request));
    assertThat(request.get("exemplars")).as(what).allMatch(each -> each.hasNonNull("label"));
    assertThat(request.get("mix")).as(what).hasSameSizeAs(request.get("predicates"));
    for (int i = 0; i < request.get("mix").size(); i++) {
      JsonNode predicate = request.get("predicates").get(i);
      double before = request.get("mix").get(i).get("training").asDouble();
      double now = request.get("mix").get(i).get("production").asDouble();
      long there = reference.stream().filter(row -> holds(predicate, row)).count();
      assertThat(before).as(what).isCloseTo((double) there / reference.size(), within(1e-9));
      long here = ofPeriod.stream().filter(row -> holds(predicate, row)).count();
      assertThat(now).as(what).isCloseTo((double) here / ofPeriod.size(), within(.03));
      switch (request.get("kind").asText()) {
        case "unseen" -> assertThat(before).as(what).isZero();
        case "grown" -> assertThat(now).as(what).isGreaterThanOrEqualTo(2 * before);
        default -> assertThat(before).as(what).isPositive();
      }
    }
  }

  /** Nobody knows how much the model errs: as many rows as the worst case needs, of those there. */
  @Test
  void rowsWithoutLabelsAreToBeLabelledFirst() throws Exception {
    Log log =
        Log.of(
            folder,
            SPEC.replace("half_width: 0.02}", "half_width: 0.1}, mask: [id]"),
            8_000,
            "--windows=4",
            "--drift=default",
            "--clean");
    Path unlabelled = Files.createDirectories(folder.resolve("unlabelled"));
    for (Path file : Cli.files(log.events())) {
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        lines.add(line.replaceFirst("\"truth\":\"?\\w+\"?", "\"truth\":null"));
      }
      Files.write(unlabelled.resolve(file.getFileName()), lines);
    }
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(unlabelled, output);
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> requests = requests(output).lastEntry().getValue();
    assertThat(requests).hasSizeGreaterThan(1);
    for (JsonNode request : requests) {
      assertThat(request.get("rows_labelled").asLong()).isZero();
      assertThat(request.get("error").isNull()).isTrue();
      long asked = request.get("target_count").asLong();
      assertThat(asked).isEqualTo(HalfWidth.valuesForShare(.5, .1));
      assertThat(request.get("label_first").asLong())
          .isEqualTo(Math.min(asked, request.get("rows").asLong()));
      assertThat(request.get("classes")).isEmpty();
      for (JsonNode exemplar : request.get("exemplars")) {
        assertThat(exemplar.get("id").isNull()).isTrue(); // masked, and there is no key
        assertThat(exemplar.get("label").isNull()).isTrue();
      }
    }
    log.change("acquisition: \\{half_width: 0.1}", "acquisition: off");
    Path off = folder.resolve("off");
    assertThat(log.monitor(unlabelled, off).code()).isZero();
    assertThat(off.resolve("acquisition")).doesNotExist();
  }

  /** Of numbers the bound is a share of the mean error. */
  @Test
  void ofPredictedNumbers() throws Exception {
    String spec =
        """
        model: loans
        task: regression
        events: {format: jsonl, id: id, time: at, prediction: {value: p}, label: truth}
        features: {income: numeric, debt: numeric, region: categorical, product: categorical,
            channel: categorical}
        window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
        label_issues: off
        snapshot: {period: P1D, rows: 2000, acquisition: {half_width: 0.02}}
        """;
    Log log = Log.of(folder, spec, 16_000, "--windows=8", "--drift=default,slice1", "--clean");
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(log.events(), output);
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> requests = requests(output).lastEntry().getValue();
    double bound = .02 * requests.get(0).get("error").asDouble();
    assertThat(requests.stream().map(each -> each.get("kind").asText())).contains("weak", "unseen");
    for (JsonNode request : requests) {
      assertThat(request.get("target_half_width").asDouble()).isCloseTo(bound, within(1e-9));
      double labelled = request.get("rows_labelled").asDouble();
      double half = request.get("half_width").asDouble();
      // The half-width goes with the root of the rows.
      double wanted = labelled * half * half / bound / bound;
      assertThat(request.get("target_count").asDouble())
          .isCloseTo(Math.max(0, wanted - labelled), within(.01 * wanted + 2));
      assertThat(request.get("classes")).isEmpty();
    }
  }
}
