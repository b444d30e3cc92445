package io.tidemark.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEventTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What OpenLineage 2-0-2 and the facets' own schemas require, and the types of what is there. */
  private static final String REQUIRED =
      """
      {"type": "object",
       "required": ["eventTime", "producer", "schemaURL", "run", "job"],
       "properties": {
        "eventTime": {"type": "string", "format": "date-time"},
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "producer": {"type": "string", "format": "uri"},
        "schemaURL": {"type": "string", "format": "uri"},
        "run": {"type": "object", "required": ["runId"], "properties": {
          "runId": {"type": "string", "format": "uuid"},
          "facets": {"type": "object", "patternProperties": {"": {"$ref": "#/$defs/facet"}},
           "properties": {
            "nominalTime": {"required": ["nominalStartTime"]},
            "errorMessage": {"required": ["message", "programmingLanguage"]},
            "processing_engine": {"required": ["version"]}}}}},
        "job": {"type": "object", "required": ["namespace", "name"], "properties": {
          "namespace": {"type": "string"}, "name": {"type": "string"},
          "facets": {"type": "object", "patternProperties": {"": {"$ref": "#/$defs/facet"}},
           "properties": {"jobType": {"required": ["processingType", "integration"]}}}}},
        "inputs": {"type": "array", "items": {"$ref": "#/$defs/dataset"}},
        "outputs": {"type": "array", "items": {"$ref": "#/$defs/dataset"}}},
       "$defs": {
        "facet": {"type": "object", "required": ["_producer", "_schemaURL"], "properties": {
          "_producer": {"type": "string", "format": "uri"},
          "_schemaURL": {"type": "string", "format": "uri"}}},
        "dataset": {"type": "object", "required": ["namespace", "name"], "properties": {
          "namespace": {"type": "string"}, "name": {"type": "string"},
          "facets": {"type": "object", "patternProperties": {"": {"$ref": "#/$defs/facet"}},
           "properties": {
            "version": {"required": ["datasetVersion"]},
            "schema": {"properties": {"fields": {"type": "array",
              "items": {"type": "object", "required": ["name"]}}}}}},
          "inputFacets": {"type": "object", "patternProperties": {"": {"$ref": "#/$defs/facet"}},
           "properties": {"dataQualityMetrics": {"required": ["columnMetrics"], "properties": {
            "rowCount": {"type": "integer"}, "bytes": {"type": "integer"},
            "fileCount": {"type": "integer"},
            "columnMetrics": {"type": "object", "additionalProperties": {"type": "object",
              "properties": {
               "nullCount": {"type": "integer"}, "count": {"type": "number"}}}}}}}},
          "outputFacets": {"type": "object", "patternProperties": {"": {"$ref": "#/$defs/facet"}},
           "properties": {"outputStatistics": {"properties": {
            "rowCount": {"type": "integer"}, "size": {"type": "integer"},
            "fileCount": {"type": "integer"}}}}}}}}}
      """;

  @TempDir Path output;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static final UUID RUN = RunEvent.id(List.of("a", "b"));

  private static RunEvent event(long second, long rows) {
    ObjectNode counts = JSON.createObjectNode().put("read", rows);
    List<Dataset.Column> columns = List.of(new Dataset.Column("x", "numeric", rows, 2, 1));
    return new RunEvent(RunEvent.Type.COMPLETE, Instant.ofEpochSecond(second), RUN, "m")
        .engine("Apache Beam", "2", false)
        .nominal(Instant.EPOCH, Instant.ofEpochSecond(60))
        .rows(counts)
        .error("none")
        .inputs(
            List.of(Dataset.at("/in").quality(rows, 1, 2, columns), Dataset.at("/b").version("h")))
        .outputs(List.of(Dataset.at("/out").written(1, 2, 3)));
  }

  @Test
  void hasAllThatTheSchemaRequires() {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(REQUIRED);
    String json = new String(event(0, 9).body(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(
            schema.validate(
                json,
                InputFormat.JSON,
                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
        .isEmpty();
    String broken = json.replace(RUN.toString(), "one").replace("_schemaURL", "schema");
    assertThat(
            schema.validate(
                broken,
                InputFormat.JSON,
                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
        .hasSizeGreaterThan(5);
  }

  @Test
  void saysWhichSchemaItIsOf() throws IOException {
    JsonNode event = JSON.readTree(event(0, 9).body());
    assertThat(event.path("schemaURL").asText())
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    assertThat(event.at("/inputs/0/inputFacets/dataQualityMetrics/_schemaURL").asText())
        .isEqualTo(
            "https://openlineage.io/spec/facets/1-0-2/DataQualityMetricsInputDatasetFacet.json"
                + "#/$defs/DataQualityMetricsInputDatasetFacet");
    assertThat(event.at("/inputs/0/inputFacets/dataQualityMetrics/columnMetrics/x").toString())
        .isEqualTo("{\"nullCount\":2,\"count\":6}");
  }

  @Test
  void theSameEventLaterLeavesItsFile() throws IOException {
    event(1, 9).write(output.toString());
    Path file = output.resolve("lineage/" + RUN + "-complete.json");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    String before = Files.readString(file);
    event(2, 9).write(output.toString());
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1_000_000));
    assertThat(Files.readString(file)).isEqualTo(before).contains("1970-01-01T00:00:01Z");
    event(3, 10).write(output.toString());
    assertThat(Files.readString(file)).contains("1970-01-01T00:00:03Z");
    Files.writeString(file, "{");
    event(4, 10).write(output.toString());
    assertThat(Files.readString(file)).contains("1970-01-01T00:00:04Z");
  }

  @Test
  void aRunIsNamedByAllThatTellsItFromOthers() {
    assertThat(RunEvent.id(List.of("a", "b"))).isEqualTo(RUN);
    assertThat(RunEvent.id(List.of("ab"))).isNotEqualTo(RUN);
    assertThat(RunEvent.id(List.of("b", "a"))).isNotEqualTo(RUN);
    assertThat(RUN).hasToString("ddf9d59a-caa3-3e70-b2a3-67ded2745c48");
  }
}
