package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.spec.SnapshotSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A reason has one name wherever reasons are listed. */
class SamplingReasonsTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+)`:");

  private static List<String> names() {
    return SamplingReasons.ALL.stream().map(SamplingReason::name).toList();
  }

  @Test
  void theSpecHasThoseThatThereAre() {
    assertThat(names())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(SnapshotSpec.REASONS);
    for (SamplingReason reason : SamplingReasons.ALL) {
      assertThat(names()).contains(reason.candidatesOf());
    }
  }

  @Test
  void theEditorsSchemaHasTheSpecs() throws Exception {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("schemas/monitoring-spec.schema.json").toFile());
    JsonNode section = schema.at("/properties/snapshot").findValue("quotas");
    List<String> listed = new ArrayList<>();
    section.get("properties").fieldNames().forEachRemaining(listed::add);
    List<String> quotas = new ArrayList<>(SnapshotSpec.REASONS);
    quotas.add(SnapshotSpec.AUGMENTED);
    assertThat(listed).isEqualTo(quotas);
    assertThat(section.get("additionalProperties").asBoolean(true)).isFalse();
  }

  @Test
  void theReadmeExplainsEach() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String behind = readme.substring(readme.indexOf(", `reasons` (") + ", `reasons` (".length());
    String explained = behind.substring(0, behind.indexOf("), `weight` ("));
    assertThat(NAMED.matcher(explained).results().map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(shown());
  }

  /** With that of rows that are not of the log. */
  private static List<String> shown() {
    List<String> shown = new ArrayList<>(names());
    shown.add(SnapshotSpec.AUGMENTED);
    return shown;
  }

  @Test
  void theCardExplainsEach() {
    assertThat(SnapshotCard.WHY.keySet()).containsExactlyInAnyOrderElementsOf(shown());
    assertThat(SnapshotCard.WHY.values()).doesNotHaveDuplicates();
  }
}
