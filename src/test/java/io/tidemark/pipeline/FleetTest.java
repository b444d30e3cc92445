package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that share a log, and models with a place of their own, in one run. */
class FleetTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> MODELS = List.of("loans", "others");
  private static final String[] LEFT_OUT = {"dead-letters", "unjoined-labels"};

  @TempDir Path folder;
  private Log log;
  private Path shared;
  private Path places;
  private Path specs;
  private Path baselines;

  /** Each third row is nobody's, and the others are dealt out. */
  @BeforeEach
  void share() throws Exception {
    log = Log.of(folder.resolve("log"), LabelsTest.SPEC, 6000);
    shared = Files.createDirectories(folder.resolve("shared"));
    places = folder.resolve("places");
    specs = Files.createDirectories(folder.resolve("specs"));
    baselines = Files.createDirectories(folder.resolve("baselines"));
    TreeMap<String, List<String>> own = new TreeMap<>();
    int row = 0;
    for (Path file : Cli.files(log.events())) {
      List<String> all = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String model = List.of("loans", "others", "third").get(row++ % 3);
        if (readable(line)) {
          ObjectNode json = (ObjectNode) JSON.readTree(line);
          all.add(json.put("model_name", model).toString());
          own.computeIfAbsent(model, any -> new ArrayList<>()).add(json.toString());
        } else {
          all.add(line);
        }
      }
      Files.write(shared.resolve(file.getFileName()), all);
    }
    for (String model : MODELS) {
      Path place = Files.createDirectories(places.resolve(model));
      Files.write(place.resolve("log.jsonl"), own.get(model));
      String spec = LabelsTest.SPEC.replace("model: loans", "model: " + model);
      Files.writeString(
          specs.resolve(model + ".yaml"),
          spec.replace("  time: at", "  time: at\n  where: {model_name: " + model + "}"));
      Cli.Result built =
          Cli.run(
              "baseline",
              "--spec=" + Files.writeString(folder.resolve(model + ".yaml"), spec),
              "--events=" + log.folder.resolve("log/reference"),
              "--labels=" + log.folder.resolve("log/reference-labels"),
              "--output=" + baselines.resolve(model + ".avro"));
      assertThat(built.code()).as(built.err()).isZero();
    }
  }

  private static boolean readable(String line) {
    try {
      return JSON.readTree(line) instanceof ObjectNode;
    } catch (Exception e) {
      return false;
    }
  }

  private Cli.Result monitor(String spec, Path events, Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + events,
                "--labels=" + log.labels(),
                "--baseline=" + baselines,
                "--output=" + output));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(new String[0]));
  }

  private static TreeMap<String, String> of(String model, TreeMap<String, String> results) {
    results.keySet().removeIf(path -> !path.contains(model));
    return results;
  }

  private static JsonNode record(Path output, String model) throws Exception {
    for (Path file : Cli.files(output.resolve("runs"))) {
      JsonNode record = JSON.readTree(file.toFile());
      if (record.path("model").asText().equals(model)) {
        return record;
      }
    }
    throw new AssertionError("no record of " + model);
  }

  @Test
  void eachGivesWhatItGivesAloneOverItsOwnRows() throws Exception {
    Path together = folder.resolve("together");
    Cli.Result result = monitor(specs + "/*.yaml", shared, together);
    assertThat(result.code()).as(result.err()).isZero();
    Path byPlace = folder.resolve("by-place");
    Cli.Result placed = monitor(specs + "/*.yaml", Path.of(places + "/{model}/*.jsonl"), byPlace);
    assertThat(placed.code()).as(placed.err()).isZero();
    long read = 0;
    for (String model : MODELS) {
      Path alone = folder.resolve("alone-" + model);
      Cli.Result own =
          monitor(specs.resolve(model + ".yaml").toString(), places.resolve(model), alone);
      assertThat(own.code()).as(own.err()).isZero();
      TreeMap<String, String> expected = of(model, Log.results(alone, LEFT_OUT));
      assertThat(expected).isNotEmpty();
      assertThat(of(model, Log.results(together, LEFT_OUT))).isEqualTo(expected);
      assertThat(of(model, Log.results(byPlace, LEFT_OUT))).isEqualTo(expected);
      JsonNode rows = record(together, model).path("rows");
      assertThat(rows.path("balanced").asBoolean()).isTrue();
      assertThat(rows.path("profiled")).isEqualTo(record(alone, model).at("/rows/profiled"));
      assertThat(rows.path("unclaimed").asLong()).isBetween(1900L, 2100L);
      read += rows.path("read").asLong();
    }
    long lines = 0;
    for (Path file : Cli.files(shared)) {
      lines += Files.readAllLines(file).size();
    }
    JsonNode rows = record(together, "loans").path("rows");
    assertThat(read + rows.path("unclaimed").asLong() + rows.path("unreadable").asLong())
        .isEqualTo(lines);
    assertThat(result.out()).contains("rows are unclaimed: by events.where no model's of this run");
    assertThat(record(byPlace, "loans").at("/rows/unclaimed").asLong()).isZero();
  }
}
