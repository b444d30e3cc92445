package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.store.OutputLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places, options, specs and baselines that cannot serve, and runs that were cut short. */
class HostileUseTest {
  private static final String SPEC =
      """
      model: MODEL
      task: regression
      events: {time: t, prediction: {value: y}}
      features: {x: numeric}
      window: {size: PT1H}
      snapshot: {period: PT1H, rows: 20}
      """;

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path spec;
  private static Path events;
  private static Path baseline;

  @BeforeAll
  static void buildBaseline() throws Exception {
    spec = Files.writeString(shared.resolve("spec.yaml"), SPEC.replace("MODEL", "m"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      lines.append("{\"t\":%d,\"x\":%d,\"y\":%d}%n".formatted(i * 30, i % 37, i % 41));
    }
    events = Files.writeString(shared.resolve("e.jsonl"), lines);
    baseline = shared.resolve("b.avro");
    assertThat(build(spec, baseline).code()).isZero();
  }

  private static Cli.Result build(Path spec, Path output) {
    return Cli.run("baseline", "--spec=" + spec, "--events=" + events, "--output=" + output);
  }

  private Cli.Result monitor(Path spec, Path baseline, Object output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + events,
                "--baseline=" + baseline,
                "--output=" + output));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.err()).doesNotContain("Exception", "\tat ", "at io.");
    return result;
  }

  private static void refused(Cli.Result result, String message) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("Exception", "\tat ");
  }

  @Test
  void refusesPlacesThatCannotBeWrittenTo() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    refused(monitor(spec, baseline, file), file + " is a file, not a folder");
    refused(monitor(spec, baseline, file.resolve("below")), "the folder cannot be made");
    refused(monitor(spec, baseline, "/dev/full"), "--output=/dev/full: /dev/full is a file");
    refused(build(spec, file.resolve("b.avro")), "is a file, not a folder");
    refused(build(spec, folder), ": is a folder; name a file in it");
    refused(
        Cli.run("baseline", "--spec=" + spec, "--events=" + events, "--output=" + folder + "/new/"),
        ": is a folder; name a file in it");
    assertThat(Files.readString(file)).isEqualTo("kept");
    assertThat(Cli.files(folder)).containsExactly(file);
  }

  @Test
  void oneRunAtATimeWritesToAPlace() throws Exception {
    Path output = folder.resolve("out");
    try (OutputLock lock = OutputLock.of(output.toString())) {
      refused(monitor(spec, baseline, output), "another run is writing there");
    }
    assertThat(monitor(spec, baseline, output).code()).isZero();
    Path other = folder.resolve("b.avro");
    try (OutputLock lock = OutputLock.beside(other.toString())) {
      refused(build(spec, other), "another run is writing there");
    }
    assertThat(build(spec, other).code()).isZero();
    assertThat(Files.mismatch(other, baseline)).isEqualTo(-1);
    try (var present = Files.list(folder)) {
      assertThat(present).containsExactlyInAnyOrder(output, other);
    }
  }

  @Test
  void clearsAwayWhatARunLeftThatDied() throws Exception {
    Path output = folder.resolve("out");
    assertThat(monitor(spec, baseline, output).code()).isZero();
    TreeMap<String, String> expected = Log.results(output);
    for (String path : expected.keySet()) {
      Path file = output.resolve(path);
      String half = "." + "0".repeat(16) + "-" + file.getFileName() + ".tmp";
      Files.writeString(file.resolveSibling(half), "half of a file");
      if (path.startsWith("findings") || path.endsWith("LATEST")) {
        Files.delete(file);
      }
    }
    Path handOver = Files.createDirectories(output.resolve(".handover-m"));
    Files.writeString(handOver.resolve("counts-0"), "half");
    Cli.Result again = monitor(spec, baseline, output);
    assertThat(again.code()).as(again.err()).isZero();
    TreeMap<String, String> results = Log.results(output);
    results.keySet().removeIf(path -> path.matches("snapshots/m/\\.[^/]*\\.tmp"));
    assertThat(results).isEqualTo(expected);
    assertThat(handOver).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "--parallelism=abc, --parallelism=abc: ",
    "--parallelism=0, --parallelism=0: must be at least 1",
    "--targetParallelism=0, must be at least 1",
    "--runner=Foo, --runner=Foo: Unknown 'runner' specified 'Foo'",
    "--colour=red, --colour=red: is an option of neither Tidemark nor the runner",
    "stray, stray: is no option",
    "-x, -x: is no option",
    "--from=2024-02-01T00:00:00Z --to=2024-01-01T00:00:00Z, is not before --to",
    "--from=soon, --from=soon: is no time",
    "--mask-key=nowhere, --mask-key=nowhere: no such file",
    "--events=twice, should be specified only once"
  })
  void refusesWrongOptions(String options, String message) {
    refused(monitor(spec, baseline, folder.resolve("out"), options.split(" ", -1)), message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../../up", "a/b", "grün 模型 😀", "LATEST", ".hidden"})
  void aModelMayHaveAnyName(String name) throws Exception {
    Path named =
        Files.writeString(folder.resolve("s.yaml"), SPEC.replace("MODEL", '"' + name + '"'));
    runsInItsOwnFolders(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\0b", "a\\nb", "a\\e[31mb"})
  void aModelsNameHasNoControlCharacters(String name) throws Exception {
    Path named =
        Files.writeString(folder.resolve("s.yaml"), SPEC.replace("MODEL", '"' + name + '"'));
    refused(Cli.run("validate", "--spec=" + named), "model: has control characters");
  }

  @Test
  void aModelsNameMayBeLongerThanAFilesName() throws Exception {
    Path named =
        Files.writeString(folder.resolve("s.yaml"), SPEC.replace("MODEL", "m".repeat(1000)));
    runsInItsOwnFolders(named);
  }

  private void runsInItsOwnFolders(Path named) throws Exception {
    Path own = folder.resolve("b.avro");
    assertThat(build(named, own).code()).isZero();
    Path output = folder.resolve("deep/er/out");
    Cli.Result result = monitor(named, own, output, "--to=1970-01-01T02:00:00Z");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Cli.findings(output)).isNotEmpty();
    for (Path file : Cli.files(folder)) {
      assertThat(file.startsWith(output) || file.getParent().equals(folder))
          .as(file.toString())
          .isTrue();
    }
  }

  @Test
  void refusesSpecsThatAreNone() throws Exception {
    Path bad = folder.resolve("s.yaml");
    refused(Cli.run("validate", "--spec=" + folder), ": is a folder; give a file");
    refused(Cli.run("validate", "--spec="), "--spec: is empty");
    refused(Cli.run("validate", "--spec=[a"), "no such file");
    Files.write(bad, SPEC.replace("MODEL", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
    refused(Cli.run("validate", "--spec=" + bad), "it is not UTF-8");
    Files.writeString(bad, SPEC.replace("PT1H", "P1000000Y"));
    refused(Cli.run("validate", "--spec=" + bad), "window.size: must be a positive duration");
    Path odd = Files.writeString(folder.resolve("s[1].yaml"), SPEC);
    assertThat(Cli.run("validate", "--spec=" + odd).code()).isZero();
  }

  @Test
  void refusesBaselinesThatAreNone() throws Exception {
    Path out = folder.resolve("out");
    Path bad = folder.resolve("bad.avro");
    refused(monitor(spec, folder, out), "no baseline there; build one");
    byte[] whole = Files.readAllBytes(baseline);
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
      Files.write(bad, java.util.Arrays.copyOf(whole, length));
      refused(monitor(spec, bad, out), "with 'tidemark baseline'");
    }
    for (int at = 40; at < whole.length; at += whole.length / 20) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      Files.write(bad, changed);
      Cli.Result result = monitor(spec, bad, out, "--to=1970-01-01T01:00:00Z");
      assertThat(result.code()).as("byte %d: %s", at, result.err()).isIn(0, 2);
    }
    Path other = Files.writeString(folder.resolve("o.yaml"), SPEC.replace("MODEL", "other"));
    refused(monitor(other, baseline, folder.resolve("out2")), "is the baseline of model m");
  }
}
