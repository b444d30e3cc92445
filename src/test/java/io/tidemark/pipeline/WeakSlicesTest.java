package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.Oracles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a model struggles, through the whole program. */
class WeakSlicesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {id: id, time: at, prediction: {score: p, label: guess, positive: "1"}, label: truth}
      features: {region: categorical, product: categorical, channel: categorical, income: numeric}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D}
      """;

  @TempDir Path folder;

  /** Lines of the table by the start of their period. */
  private static TreeMap<String, List<JsonNode>> slices(Path output) throws IOException {
    TreeMap<String, List<JsonNode>> slices = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("slices"))) {
      for (String line : Files.readAllLines(file)) {
        JsonNode slice = JSON.readTree(line);
        slices
            .computeIfAbsent(slice.get("period_start").asText(), any -> new ArrayList<>())
            .add(slice);
      }
    }
    return slices;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatIsPlantedComesFirstAndRingsWhereItBegins(int predicates) throws Exception {
    Log log = Log.of(folder, SPEC, 16_000, "--windows=16", "--drift=slice" + predicates);
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(log.events(), output);
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode truth = JSON.readTree(Files.readString(log.folder.resolve("log/truth.json")));
    JsonNode planted = truth.at("/planted/0");
    assertThat(planted.get("kind").asText()).isEqualTo("weak_slice");
    String words = planted.get("value").asText();
    assertThat(words.split(" and ")).hasSize(predicates);
    String from = planted.get("from").asText();
    TreeMap<String, List<JsonNode>> periods = slices(output);
    assertThat(periods).hasSize(4).containsKey(from);
    periods.forEach(
        (period, slices) -> {
          JsonNode all = slices.get(0);
          assertThat(all.get("rank").asInt()).isZero();
          assertThat(all.get("size")).isEqualTo(all.get("rows_labelled"));
          assertThat(all.get("windows").asInt()).isEqualTo(4);
          assertThat(all.get("before").isNull()).isEqualTo(period.equals(periods.firstKey()));
          if (period.compareTo(from) >= 0) {
            JsonNode worst = slices.get(1);
            assertThat(worst.get("slice").asText()).isEqualTo(words);
            assertThat(worst.get("predicates")).hasSize(predicates);
            assertThat(worst.get("adjusted_p").asDouble()).isLessThan(1e-6);
            assertThat(worst.get("state").asText())
                .isEqualTo(period.equals(from) ? "new" : "as_before");
          }
        });
    List<JsonNode> rang =
        Cli.findings(output).stream()
            .filter(each -> each.get("kind").asText().equals("weak_slice"))
            .filter(each -> each.get("alarm").asBoolean())
            .toList();
    assertThat(rang).anyMatch(each -> each.get("subject").asText().equals(words));
    assertThat(rang).allMatch(each -> each.get("window_start").asText().equals(from));
    assertThat(result.out()).contains("Worst slice: " + words + ": ");
  }

  /** In one log, as 20 of them; and no file of the table is empty. */
  @Test
  void nothingStandsOutWhereErrorsHaveNothingToDoWithFeatures() throws Exception {
    Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    int days = 20;
    List<String> rows =
        new ArrayList<>(List.of("id,at,p,guess,truth,region,product,channel,income"));
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < days * 1000; i++) {
      rows.add(
          "%d,2024-02-%02dT%02d:00:00Z,0.9,1,%d,r%d,p%d,c%d,%d"
              .formatted(
                  i,
                  1 + i / 1000,
                  i % 24,
                  random.nextInt(5) == 0 ? 0 : 1,
                  random.nextInt(4),
                  random.nextInt(3),
                  random.nextInt(5),
                  random.nextInt(1000)));
    }
    Path log = Files.write(folder.resolve("log.csv"), rows);
    Path baseline = folder.resolve("b.avro");
    String[] of = {"--spec=" + spec, "--events=" + log};
    assertThat(Cli.run("baseline", of[0], of[1], "--output=" + baseline).code()).isZero();
    Path output = folder.resolve("none");
    Cli.Result result =
        Cli.run("monitor", of[0], of[1], "--baseline=" + baseline, "--output=" + output);
    assertThat(result.code()).as(result.err()).isZero();
    TreeMap<String, List<JsonNode>> periods = slices(output);
    assertThat(periods).hasSize(days);
    assertThat(periods.values())
        .filteredOn(
            slices -> slices.stream().anyMatch(each -> each.path("adjusted_p").asDouble(1) <= .05))
        .hasSizeLessThanOrEqualTo(days / 20);
  }

  /** The top slices of the car loans by SliceLine's implementation in Python. */
  @Test
  void carLoansAsThePaperRanksThem() throws Exception {
    JsonNode oracle = Oracles.json("oracles/sliceline/car_loan.json");
    Path input = Oracles.file("oracles/sliceline/car_loan_input.csv.gz");
    List<String> rows = new ArrayList<>();
    List<String> features;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(input)), StandardCharsets.UTF_8))) {
      List<String> names = List.of(lines.readLine().split(","));
      features = names.subList(0, names.size() - 1);
      rows.add("id,at,p,guess,truth," + String.join(",", features));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int error = line.lastIndexOf(',');
        boolean wrong = line.substring(error + 1).equals("1");
        int id = rows.size();
        rows.add(
            id + ",2024-01-01T00:00:00Z,0.9,1," + (wrong ? 0 : 1) + "," + line.substring(0, error));
      }
    }
    Path log = Files.write(folder.resolve("log.csv"), rows);
    double support = oracle.at("/params/min_sup").asDouble() / oracle.at("/n").asInt();
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            SPEC.replaceFirst(
                    "features: .*",
                    "features: {" + String.join(": categorical, ", features) + ": categorical}")
                + "slices: {min_support: "
                + support
                + "}\n");
    Path baseline = folder.resolve("b.avro");
    String[] of = {"--spec=" + spec, "--events=" + log};
    Cli.Result built = Cli.run("baseline", of[0], of[1], "--output=" + baseline);
    assertThat(built.code()).as(built.err()).isZero();
    Path output = folder.resolve("out");
    Cli.Result result =
        Cli.run("monitor", of[0], of[1], "--baseline=" + baseline, "--output=" + output);
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> slices = slices(output).firstEntry().getValue();
    assertThat(slices.get(0).get("error").asDouble())
        .isEqualTo(oracle.at("/overall_error").asDouble(), within(1e-12));
    JsonNode top = oracle.at("/top_slices");
    assertThat(slices).hasSize(1 + top.size());
    for (int rank = 0; rank < top.size(); rank++) {
      JsonNode expected = top.get(rank);
      TreeMap<String, String> predicates = new TreeMap<>();
      // As outputs have them: booleans in small letters, whatever the log says.
      expected
          .at("/predicates")
          .fields()
          .forEachRemaining(
              each ->
                  predicates.put(
                      each.getKey(),
                      each.getValue().asText().replace("True", "true").replace("False", "false")));
      JsonNode slice = slices.get(rank + 1);
      TreeMap<String, String> found = new TreeMap<>();
      slice
          .get("predicates")
          .forEach(one -> found.put(one.get("feature").asText(), one.get("value").asText()));
      assertThat(found).isEqualTo(predicates);
      assertThat(slice.get("score").asDouble())
          .isEqualTo(expected.at("/stats/slice_score").asDouble(), within(1e-9));
      assertThat(slice.get("size").asInt()).isEqualTo(expected.at("/size").asInt());
    }
  }
}
