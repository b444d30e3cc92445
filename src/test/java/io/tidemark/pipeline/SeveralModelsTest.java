package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job for several models. */
class SeveralModelsTest {
  private static final String SPEC = LabelsTest.SPEC;

  @TempDir Path folder;

  @Test
  void severalModelsInOneRunAreAsEachAlone() throws Exception {
    Log log = Log.of(folder.resolve("log"), SPEC, 6000);
    Path output = folder.resolve("out");
    assertThat(log.monitor(log.events(), output, "--labels=" + log.labels()).code()).isZero();
    Path specs = Files.createDirectories(folder.resolve("specs"));
    Path baselines = Files.createDirectories(folder.resolve("baselines"));
    for (String model : List.of("loans", "others")) {
      Path spec = specs.resolve(model + ".yaml");
      Files.writeString(spec, SPEC.replace("model: loans", "model: " + model));
      Cli.Result built =
          Cli.run(
              "baseline",
              "--spec=" + spec,
              "--events=" + log.folder.resolve("log/reference"),
              "--labels=" + log.folder.resolve("log/reference-labels"),
              "--output=" + baselines.resolve(model + ".avro"));
      assertThat(built.code()).as(built.err()).isZero();
    }
    Path both = folder.resolve("both");
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + specs + "/*.yaml",
            "--events=" + log.events(),
            "--labels=" + log.labels(),
            "--baseline=" + baselines,
            "--output=" + both);
    assertThat(result.code()).as(result.err()).isZero();
    TreeMap<String, String> found = Log.results(both);
    found.keySet().removeIf(path -> path.contains("others"));
    TreeMap<String, String> alone = Log.results(output);
    // What is unusable to one model may be a row to the other: files of their own.
    TreeMap<String, String> own = new TreeMap<>();
    found.forEach(
        (path, content) -> own.put(path.replace("dead-letters/loans-", "dead-letters/"), content));
    assertThat(own).isEqualTo(alone);
  }
}
