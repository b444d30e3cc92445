package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Models that join and leave a topic that is followed. */
@ResourceLock(Following.CLUSTER)
@Order(2)
class FollowFleetIT {
  @TempDir static Path folder;
  private static Following following;

  @BeforeAll
  static void start() throws Exception {
    following = Following.start();
  }

  /** A spec of a model whose rows say so, and its baseline. */
  private static void model(String name, Log log, Path specs, Path baselines) throws Exception {
    String own =
        Following.SPEC
            .replace("model: loans", "model: " + name)
            .replace("  time: at", "  time: at\n  where: {of: " + name + "}");
    Path spec = Files.writeString(Files.createDirectories(specs).resolve(name + ".yaml"), own);
    String alone = own.replace("  where: {of: " + name + "}\n", "");
    Cli.Result built =
        Cli.run(
            "baseline",
            "--spec=" + Files.writeString(specs.resolve(name + ".alone"), alone),
            "--events=" + log.folder.resolve("log/reference"),
            "--output=" + Files.createDirectories(baselines).resolve(name + ".avro"));
    assertThat(built.code()).as(built.err()).isZero();
    assertThat(spec).exists();
  }

  /** Without what is written of a model. */
  private static Map<String, String> without(String model, Map<String, String> tables) {
    tables.keySet().removeIf(key -> key.contains("model=" + model) || key.contains("/" + model));
    return tables;
  }

  /** Of three models on a topic one leaves and one joins while the job stands at a savepoint. */
  @Test
  void modelsLeaveAndJoin() throws Exception {
    Log log = Log.of(folder.resolve("fleet"), Following.SPEC, 2400);
    Path before = folder.resolve("fleet-before");
    Path after = folder.resolve("fleet-after");
    Path baselines = folder.resolve("fleet-baselines");
    model("stays", log, before, baselines);
    model("leaves", log, before, baselines);
    model("stays", log, after, baselines);
    model("joins", log, after, baselines);
    List<String> lines = new ArrayList<>();
    List<String> all = Following.outOfOrder(log.events(), "at");
    for (int i = 0; i < all.size(); i++) {
      if (Following.time(all.get(i), "at") > 0) {
        List<String> models = List.of("stays", i < all.size() / 2 ? "leaves" : "joins", "nobody");
        String of = "{\"of\": \"" + models.get(i % 3) + "\", ";
        lines.add(of + all.get(i).strip().substring(1));
      }
    }
    Path own = folder.resolve("fleet.jsonl");
    Files.write(own, lines);
    Path batch = folder.resolve("fleet-batch");
    Cli.Result ofFiles =
        Cli.run(
            "monitor",
            "--spec=" + after + "/*.yaml",
            "--events=" + own,
            "--baseline=" + baselines,
            "--output=" + batch);
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    assertThat(expected.keySet()).anyMatch(key -> key.contains("joins"));

    Servers.topic(following.broker(), "fleet", Following.PARTITIONS);
    Path output = folder.resolve("fleet-followed");
    Path said = folder.resolve("fleet.log");
    String events = "--events=kafka://" + following.broker() + "/fleet?idle=";
    Following.Monitor monitor =
        following.follow(
            before + "/*.yaml",
            baselines,
            output,
            said,
            events + Following.LONG,
            "--parallelism=2");
    try {
      int half = lines.size() / 2;
      // Some come while the job is stopped, so that it has bundles in hand.
      following.send("fleet", lines.subList(0, half / 2), 0);
      Servers.until(said, () -> Followed.tables(output).size() > 3);
      CompletableFuture<Void> rest =
          CompletableFuture.runAsync(
              () -> {
                for (int from = half / 2; from < half; from += 20) {
                  try {
                    following.send("fleet", lines.subList(from, Math.min(half, from + 20)), from);
                    Thread.sleep(20);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }
              });
      String savepoint = following.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      rest.get();
      following.send("fleet", lines.subList(half, lines.size()), half);
      monitor =
          following.follow(
              after + "/*.yaml",
              baselines,
              output,
              said,
              events + Following.SHORT,
              "--parallelism=2",
              "--savepointPath=" + savepoint);
      Servers.until(said, () -> without("leaves", Followed.tables(output)).equals(expected));
      assertThat(output.resolve("late")).doesNotExist();
    } finally {
      following.end(monitor);
    }
  }
}
