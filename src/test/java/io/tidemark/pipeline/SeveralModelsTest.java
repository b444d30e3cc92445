package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.alerts.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job for several models. */
class SeveralModelsTest {
  private static final String SPEC = LabelsTest.SPEC;

  @TempDir Path folder;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void severalModelsInOneRunAreAsEachAlone() throws Exception {
    Log log = Log.of(folder.resolve("log"), SPEC, 6000);
    Path output = folder.resolve("out");
    String labels = "--labels=" + log.labels();
    String alerts = "--alerts=" + receiver.uri();
    assertThat(log.monitor(log.events(), output, labels, alerts).code()).isZero();
    int alone = receiver.requests().size();
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
            labels,
            alerts,
            "--baseline=" + baselines,
            "--output=" + both);
    assertThat(result.code()).as(result.err()).isZero();
    TreeMap<String, String> found = Log.results(both);
    found.keySet().removeIf(path -> path.contains("others"));
    // What is unusable to one model may be a row to the other: files of their own.
    TreeMap<String, String> own = new TreeMap<>();
    found.forEach(
        (path, content) -> own.put(path.replace("dead-letters/loans-", "dead-letters/"), content));
    assertThat(own).isEqualTo(Log.results(output));
    assertThat(alone).isPositive();
    assertThat(receiver.requests()).hasSize(3 * alone); // loans twice, others once
  }
}
