package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Below 10,000 reference rows NannyML compares every value; so do we, from mergeable states. */
class SmallBaselineTest {
  @TempDir Path folder;

  @Test
  void kolmogorovSmirnovAndWassersteinAreExact() throws Exception {
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            """
            model: small
            task: regression
            events: {time: t, prediction: {value: y}}
            features: {x: numeric}
            window: {size: PT1H}
            drift: {preset: nannyml, methods: [kolmogorov_smirnov, wasserstein]}
            snapshot: off
            """);
    double[] reference = values(1, 3000, 0, 1);
    double[] window = values(2, 1500, .3, 1.4);
    write("reference.jsonl", reference, 0);
    write("events.jsonl", window, 100);
    run(
        "baseline",
        "--spec=" + spec,
        "--events=" + folder + "/reference.jsonl",
        "--output=" + folder + "/b.avro");
    run(
        "monitor",
        "--spec=" + spec,
        "--events=" + folder + "/events.jsonl",
        "--baseline=" + folder + "/b.avro",
        "--output=" + folder + "/out");
    double[] first = Arrays.copyOf(window, 750);
    assertThat(value("kolmogorov_smirnov")).isCloseTo(statistic(reference, first), within(1e-12));
    assertThat(value("wasserstein")).isCloseTo(distance(reference, first), within(1e-9));
  }

  /** A mean that swings by .15 sd with the hour is no drift because the baseline ends at noon. */
  @Test
  void hoursThatTheBaselineHasNotSeenMayDiffer() throws Exception {
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            """
            model: small
            task: regression
            events: {time: t, prediction: {value: y}}
            features: {x: numeric}
            window: {size: PT1H}
            snapshot: off
            """);
    writeHours("reference.jsonl", 0, 6, 0);
    writeHours("whole.jsonl", 0, 24, 0);
    writeHours("events.jsonl", 24, 48, 0);
    writeHours("drifted.jsonl", 48, 72, 1);
    assertThat(alarms(spec, "reference", "events")).isZero();
    assertThat(alarms(spec, "whole", "events")).isZero();
    assertThat(alarms(spec, "reference", "drifted")).isEqualTo(24);
    assertThat(Cli.findings(folder.resolve("out-reference-events")))
        .filteredOn(finding -> finding.get("method").asText().equals("jensen_shannon"))
        .filteredOn(finding -> finding.get("subject").asText().equals("x"))
        .anyMatch(finding -> finding.get("reason").asText().contains("less than a day"));
  }

  private long alarms(Path spec, String reference, String events) throws Exception {
    String baseline = folder + "/" + reference + ".avro";
    String output = folder + "/out-" + reference + "-" + events;
    String source = folder + "/" + reference + ".jsonl";
    run("baseline", "--spec=" + spec, "--events=" + source, "--output=" + baseline);
    run(
        "monitor",
        "--spec=" + spec,
        "--events=" + folder + "/" + events + ".jsonl",
        "--baseline=" + baseline,
        "--output=" + output);
    return Cli.findings(Path.of(output)).stream()
        .filter(finding -> finding.get("alarm").asBoolean())
        .count();
  }

  /** 4000 rows an hour. */
  private void writeHours(String name, int from, int to, double shift) throws Exception {
    Random random = new Random(from);
    List<String> lines = new ArrayList<>();
    for (int hour = from; hour < to; hour++) {
      double mean = shift + .15 * Math.sin(2 * Math.PI * hour / 24);
      for (int i = 0; i < 4000; i++) {
        Instant time = Instant.EPOCH.plusMillis(hour * 3_600_000L + i * 900L);
        double x = mean + random.nextGaussian();
        lines.add("{\"t\":\"" + time + "\",\"x\":" + x + ",\"y\":1}");
      }
    }
    Files.write(folder.resolve(name), lines);
  }

  private static void run(String... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
  }

  private double value(String method) throws Exception {
    for (JsonNode finding : Cli.findings(folder.resolve("out"))) {
      if (finding.get("method").asText().equals(method)
          && finding.get("subject").asText().equals("x")) {
        return finding.get("value").asDouble();
      }
    }
    throw new AssertionError("no finding of " + method);
  }

  private static double[] values(long seed, int count, double mean, double deviation) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = mean + deviation * random.nextGaussian();
    }
    return values;
  }

  /** 750 rows an hour. */
  private void write(String name, double[] values, int hour) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Instant time = Instant.EPOCH.plusSeconds((hour + i / 750) * 3600L + i % 750);
      lines.add("{\"t\":\"" + time + "\",\"x\":" + values[i] + ",\"y\":1}");
    }
    Files.write(folder.resolve(name), lines);
  }

  private static double share(double[] values, double at) {
    return Arrays.stream(values).filter(value -> value <= at).count() / (double) values.length;
  }

  private static double[] pooled(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    Arrays.sort(all);
    return all;
  }

  private static double statistic(double[] a, double[] b) {
    double largest = 0;
    for (double at : pooled(a, b)) {
      largest = Math.max(largest, Math.abs(share(a, at) - share(b, at)));
    }
    return largest;
  }

  private static double distance(double[] a, double[] b) {
    double[] all = pooled(a, b);
    double area = 0;
    for (int i = 1; i < all.length; i++) {
      area += Math.abs(share(a, all[i - 1]) - share(b, all[i - 1])) * (all[i] - all[i - 1]);
    }
    return area;
  }
}
