package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.tidemark.stats.DetectorMethod;
import io.tidemark.stats.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema that editors use agrees with the reader. */
class SpecSchemaTest {
  private static final Path SCHEMA = Path.of("schemas/monitoring-spec.schema.json");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static Set<ValidationMessage> problems(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(SCHEMA));
    return schema.validate(YAML.readTree(yaml));
  }

  @Test
  void takesEveryShippedSpec() throws IOException {
    try (Stream<Path> specs = Files.list(Path.of("pipelines"))) {
      for (Path spec : specs.toList()) {
        assertThat(problems(Files.readString(spec))).as(spec.toString()).isEmpty();
      }
    }
  }

  @Test
  void takesWhatTheReaderTakesOfRetraining() throws IOException {
    String yaml =
        Files.readString(Path.of("pipelines/car-loan.yaml"))
            + "\nretrain: {when: [concept_drift, performance_below: {f1: 0.8}, rows_at_least,"
            + " every: P30D], cooldown: P7D}\n";
    assertThat(problems(yaml)).isEmpty();
    assertThat(SpecReader.read("s", yaml).retrain().every()).isNotNull();
  }

  /** What the spec chooses among is listed as the code has it, in its order. */
  @Test
  void listsWhatThereIs() throws IOException {
    JsonNode schema = YAML.readTree(Files.readString(SCHEMA));
    assertThat(list(schema, "/$defs/method")).isEqualTo(ids(Method.values(), Method::id));
    assertThat(list(schema, "/$defs/format")).isEqualTo(names(Format.values()));
    assertThat(list(schema, "/$defs/detector"))
        .isEqualTo(ids(DetectorMethod.values(), DetectorMethod::id));
    assertThat(list(schema, "/properties/drift/properties/preset"))
        .isEqualTo(names(DriftSpec.Preset.values()));
    assertThat(list(schema, "/properties/task")).isEqualTo(names(Task.values()));
  }

  private static List<String> list(JsonNode schema, String at) {
    List<String> list = new ArrayList<>();
    schema.at(at + "/enum").forEach(one -> list.add(one.asText()));
    return list;
  }

  private static List<String> names(Enum<?>[] values) {
    return ids(values, value -> value.name().toLowerCase(Locale.ROOT));
  }

  private static <E> List<String> ids(E[] values, Function<E, String> id) {
    return Arrays.stream(values).map(id).toList();
  }

  @Test
  void takesColumnsThatMayBePersonal() throws IOException {
    String spec = Files.readString(Path.of("pipelines/car-loan.yaml"));
    String key = "\nsnapshot: {columns: [note], allow_personal: %s}\n";
    assertThat(spec).doesNotContain("\nsnapshot:");
    String good = spec + key.formatted("[note]");
    assertThat(problems(good)).isEmpty();
    assertThat(SpecReader.read("s", good).snapshot().allowPersonal()).containsExactly("note");
    for (String bad : List.of("note", "[note, note]", "{note: true}")) {
      String yaml = spec + key.formatted(bad);
      assertThat(problems(yaml)).as(bad).isNotEmpty();
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> SpecReader.read("s", yaml)))
          .as(bad)
          .isInstanceOf(SpecException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model: car-loan, mdel: car-loan",
    "task: binary, task: ternary",
    "time: timestamp, tiem: timestamp",
    "car_value: numeric, car_value: number",
    "size: P7D, size: seven days",
    "size: P7D, length: P7D",
    "'size: P7D,', 'size: P7D, horizons: P14D,'",
    "'task: binary', 'task: binary\nretrain: {cooldown: P7D}'",
    "'task: binary', 'task: binary\nretrain: {when: [concept_drit]}'",
    "'task: binary', 'task: binary\nretrain: {when: [rows_at_least: 0]}'"
  })
  void refusesWhatTheReaderRefuses(String part, String by) throws IOException {
    String yaml = Files.readString(Path.of("pipelines/car-loan.yaml")).replace(part, by);
    assertThat(problems(yaml)).isNotEmpty();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> SpecReader.read("s", yaml)))
        .isInstanceOf(SpecException.class);
  }
}
