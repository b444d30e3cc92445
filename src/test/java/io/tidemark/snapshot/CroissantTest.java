package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.profile.Held;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What Croissant 1.0 asks of a data set's description. */
class CroissantTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: a model
          task: binary
          events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
          features: {x: numeric, "größe (cm)/Ø": numeric, "größe (cm) Ø": categorical}
          window: {size: P1D}
          """);

  private static byte[] manifest() {
    InferenceEvent event =
        new InferenceEvent(
            "i", 0, "", new double[] {1, 2, .5}, new String[] {"c", "1"}, null, new String[0]);
    List<SnapshotRow> rows =
        List.of(
            new SnapshotRow("i", event, List.of("base"), 1, "train", null),
            new SnapshotRow("j", event, List.of("base"), 1, "test", null),
            new SnapshotRow("k", event, List.of("base"), 1, "unlabelled", null));
    byte[] one = "one".getBytes(StandardCharsets.UTF_8);
    byte[] two = "other".getBytes(StandardCharsets.UTF_8);
    return new Manifest(
            SPEC,
            Set.of("b"),
            0,
            new TreeMap<>(Map.of(0L, new Held(3, 2))),
            SnapshotColumns.of(SPEC, Redaction.of(SPEC, null), false),
            EventLabels.of(SPEC),
            List.of(
                Manifest.FileEntry.of("part-00000-aa.parquet", 2, one),
                Manifest.FileEntry.of("part-00001-bb.parquet", 1, two)),
            new SelectRows.Selection(
                rows, new TreeSet<>(), 0, 0, 0, List.of(), TakeAugmented.Taken.NONE))
        .content(null);
  }

  private static JsonNode read() throws IOException {
    return new ObjectMapper().readTree(Croissant.of(manifest()));
  }

  private static JsonNode find(JsonNode list, String id) {
    for (JsonNode each : list) {
      if (each.path("@id").asText().equals(id)) {
        return each;
      }
    }
    throw new AssertionError("no " + id + " in " + list);
  }

  @Test
  void theDataSetHasAllThatIsRequired() throws IOException {
    JsonNode dataset = read();
    assertThat(dataset.path("@type").asText()).isEqualTo("sc:Dataset");
    assertThat(dataset.path("conformsTo").asText()).isEqualTo("http://mlcommons.org/croissant/1.0");
    for (String required :
        List.of(
            "@context",
            "description",
            "license",
            "name",
            "url",
            "creator",
            "datePublished",
            "distribution")) {
      assertThat(dataset.path(required).isMissingNode()).as(required).isFalse();
    }
    assertThat(Instant.parse(dataset.path("datePublished").asText()))
        .isEqualTo("1970-01-02T00:00:00Z");
    JsonNode context = dataset.path("@context");
    assertThat(context.path("@vocab").asText()).isEqualTo("https://schema.org/");
    assertThat(context.path("cr").asText()).isEqualTo("http://mlcommons.org/croissant/");
    assertThat(context.at("/data/@type").asText()).isEqualTo("@json");
    assertThat(context.at("/dataType/@type").asText()).isEqualTo("@vocab");
    assertThat(context.path("conformsTo").asText()).isEqualTo("dct:conformsTo");
  }

  /** Each name that is not of schema.org is one of the context, and prefixes are declared. */
  @Test
  void everyTermIsOneOfTheContext() throws IOException {
    JsonNode dataset = read();
    Set<String> known = new HashSet<>();
    dataset.path("@context").fieldNames().forEachRemaining(known::add);
    known.addAll(
        List.of(
            "name",
            "description",
            "identifier",
            "url",
            "datePublished",
            "temporalCoverage",
            "creator",
            "license",
            "distribution",
            "contentUrl",
            "contentSize",
            "encodingFormat",
            "sha256"));
    Set<String> used = new TreeSet<>();
    terms(dataset, used);
    assertThat(known).containsAll(used);
  }

  private static void terms(JsonNode node, Set<String> used) {
    node.fields()
        .forEachRemaining(
            each -> {
              if (!each.getKey().startsWith("@")) {
                used.add(each.getKey());
              }
              if (!List.of("@context", "data").contains(each.getKey())) {
                terms(each.getValue(), used);
              }
            });
    if (node.isArray()) {
      node.forEach(each -> terms(each, used));
    }
  }

  @Test
  void partsAreThereWithTheirHashes() throws IOException {
    JsonNode distribution = read().path("distribution");
    JsonNode part = find(distribution, "part-00001-bb.parquet");
    assertThat(part.path("@type").asText()).isEqualTo("cr:FileObject");
    assertThat(part.path("name").asText()).isEqualTo("part-00001-bb.parquet");
    assertThat(part.path("contentUrl").asText()).isEqualTo("part-00001-bb.parquet");
    assertThat(part.path("contentSize").asText()).isEqualTo("5 B");
    assertThat(part.path("encodingFormat").asText()).isEqualTo("application/x-parquet");
    assertThat(part.path("sha256").asText())
        .isEqualTo(ContentHash.sha256("other".getBytes(StandardCharsets.UTF_8)))
        .matches("[0-9a-f]{64}");
    JsonNode set = find(distribution, "parts");
    assertThat(set.path("@type").asText()).isEqualTo("cr:FileSet");
    assertThat(set.path("includes"))
        .extracting(JsonNode::asText)
        .containsExactly("part-00000-aa.parquet", "part-00001-bb.parquet");
  }

  @Test
  void eachColumnIsAFieldOfItsType() throws IOException {
    JsonNode rows = find(read().path("recordSet"), "rows");
    assertThat(rows.path("@type").asText()).isEqualTo("cr:RecordSet");
    Map<String, String> types = new TreeMap<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode field : rows.path("field")) {
      String name = field.path("name").asText();
      types.put(name, field.path("dataType").toString());
      assertThat(field.path("@type").asText()).isEqualTo("cr:Field");
      assertThat(ids.add(field.path("@id").asText())).isTrue();
      assertThat(URI.create(field.path("@id").asText()).getRawPath()).startsWith("rows/");
      assertThat(field.at("/source/fileSet/@id").asText()).isEqualTo("parts");
      assertThat(field.at("/source/extract/column").asText()).isEqualTo(name);
      assertThat(field.path("repeated").asBoolean()).isEqualTo(name.equals("reasons"));
      assertThat(field.has("references")).isEqualTo(name.equals("split"));
    }
    assertThat(types)
        .containsEntry("row_id", "\"sc:Text\"")
        .containsEntry("t", "\"sc:DateTime\"")
        .containsEntry("x", "\"sc:Float\"")
        .containsEntry("größe (cm)/Ø", "\"sc:Float\"")
        .containsEntry("größe (cm) Ø", "\"sc:Text\"")
        .containsEntry("label", "[\"sc:Text\",\"cr:Label\"]")
        .containsEntry("weight", "\"sc:Float\"")
        .containsEntry("split", "\"sc:Text\"")
        .doesNotContainKeys("s", "y");
  }

  @Test
  void splitsAreThoseThatThereAre() throws IOException {
    JsonNode sets = read().path("recordSet");
    JsonNode splits = find(sets, "splits");
    assertThat(splits.path("dataType").asText()).isEqualTo("cr:Split");
    assertThat(splits.at("/key/@id").asText()).isEqualTo("splits/name");
    assertThat(splits.path("data").toString())
        .isEqualTo(
            """
            [{"splits/name":"test","splits/url":"cr:TestSplit"},\
            {"splits/name":"train","splits/url":"cr:TrainingSplit"},\
            {"splits/name":"unlabelled","splits/url":"cr:Split"}]\
            """);
    JsonNode split = find(find(sets, "rows").path("field"), "rows/split");
    assertThat(split.at("/references/@id").asText()).isEqualTo("splits/name");
  }

  @Test
  void theSameManifestGivesTheSameBytes() throws IOException {
    assertThat(Croissant.of(manifest())).isEqualTo(Croissant.of(manifest()));
  }
}
