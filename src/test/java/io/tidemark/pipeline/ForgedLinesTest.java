package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cli.Main;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.profile.EmptyFields.Unusable;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that a message quotes make no lines of their own, and no secret is in an exception. */
class ForgedLinesTest {
  private static final String SPEC =
      """
      model: m
      task: regression
      events: {time: t, prediction: {value: y}}
      features: {"x\\ntidemark failed: forged": numeric, "c\\rforged": categorical}
      window: {size: PT1H}
      snapshot: off
      """;

  @TempDir Path folder;

  private Cli.Result run(String... args) {
    Cli.Result result = Cli.run(args);
    assertThat((result.out() + result.err()).lines())
        .as(result.err())
        .noneMatch(line -> line.startsWith("forged") || line.startsWith("tidemark failed: forged"));
    assertThat(result.out() + result.err()).doesNotContain("\r");
    return result;
  }

  private Path spec(String text) throws Exception {
    return Files.writeString(folder.resolve("s.yaml"), text);
  }

  @Test
  void ofKeysAndColumnsOfASpec() throws Exception {
    Path bad = spec(SPEC + "\"z\\nforged\": 1\nsegments: [\"q\\nforged\"]\n");
    Cli.Result refused = run("validate", "--spec=" + bad);
    assertThat(refused.code()).isEqualTo(Main.WRONG_USE);
    assertThat(refused.err()).contains("z\\nforged: is no key here");
    assertThat(refused.err()).contains("q\\nforged is no categorical feature");
  }

  @Test
  void ofColumnsThatARunWarnsOf() throws Exception {
    Path spec = spec(SPEC);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      lines.append(
          "{\"t\":%d,\"y\":1,\"x\\ntidemark failed: forged\":\"bad\\nforged\"}\n".formatted(i));
    }
    Path events = Files.writeString(folder.resolve("e\nforged.jsonl"), lines);
    Cli.Result refused =
        run("baseline", "--spec=" + spec, "--events=" + events, "--output=" + folder + "/b.avro");
    assertThat(refused.code()).isEqualTo(Main.WRONG_USE);
    assertThat(refused.err()).contains("x\\ntidemark failed: forged (numeric");
    assertThat(refused.err()).contains("'bad\\nforged'");
  }

  @Test
  void ofFiles() throws Exception {
    MonitoringSpec spec = SpecReader.read("test", SPEC);
    Path damaged = Files.write(folder.resolve("f\nforged.parquet"), new byte[40]);
    assertThatThrownBy(() -> EventFiles.plan(damaged.toString(), spec))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("f\\nforged.parquet")
        .hasMessageNotContaining("\n");
  }

  @Test
  void ofTables() {
    Field field = new Field("a\nforged", "p\nforged", FieldType.NUMERIC, Field.Role.FEATURE);
    assertThat(new Unusable(field, 10, 10, 0).text())
        .contains("a\\nforged")
        .contains("column p\\nforged");
  }

  @Test
  void exceptionsOfWorkersHoldNoSecretsOfAddresses() throws Exception {
    MonitoringSpec spec = SpecReader.read("test", SPEC);
    List<String> addresses =
        Arrays.asList(
            "kafka://user:secret@h:9/t?until=latest",
            "kafka://h:9/t?password=secret",
            "kafka://h:9/t?delay=x&password=secret");
    for (String address : addresses) {
      assertThatThrownBy(() -> EventFiles.plan(address, spec))
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("secret");
    }
  }
}
