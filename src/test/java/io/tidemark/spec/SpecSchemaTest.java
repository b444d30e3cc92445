package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema that editors use agrees with the reader. */
class SpecSchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static Set<ValidationMessage> problems(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("schemas/monitoring-spec.schema.json")));
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

  @ParameterizedTest
  @CsvSource({
    "model: car-loan, mdel: car-loan",
    "task: binary, task: ternary",
    "time: timestamp, tiem: timestamp",
    "car_value: numeric, car_value: number",
    "size: P7D, size: seven days",
    "size: P7D, length: P7D",
    "'size: P7D,', 'size: P7D, horizons: P14D,'"
  })
  void refusesWhatTheReaderRefuses(String part, String by) throws IOException {
    String yaml = Files.readString(Path.of("pipelines/car-loan.yaml")).replace(part, by);
    assertThat(problems(yaml)).isNotEmpty();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> SpecReader.read("s", yaml)))
        .isInstanceOf(SpecException.class);
  }
}
