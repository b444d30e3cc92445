package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A snapshot as tools for training sets read it: MLCommons Croissant 1.0 in JSON-LD, with each part
 * and its SHA-256, each column and its type, and the splits. A function of the manifest alone, so
 * what goes for that goes for this. (Croissant Format Specification 1.0,
 * http://mlcommons.org/croissant/1.0)
 */
final class Croissant {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Terms of the vocabulary by the names that they go by in the file. */
  private static final List<String> TERMS =
      List.of(
          "citeAs",
          "column",
          "containedIn",
          "extract",
          "field",
          "fileObject",
          "fileProperty",
          "fileSet",
          "format",
          "includes",
          "isLiveDataset",
          "jsonPath",
          "key",
          "md5",
          "parentField",
          "path",
          "recordSet",
          "references",
          "regex",
          "repeated",
          "replace",
          "separator",
          "source",
          "subField",
          "transform");

  private static final Map<String, String> SPLITS =
      Map.of(
          "train", "cr:TrainingSplit", "validation", "cr:ValidationSplit", "test", "cr:TestSplit");

  private static final String PARTS = "parts";
  private static final String ROWS = "rows";
  private static final String SPLIT_NAME = "splits/name";
  private static final String SPLIT_URL = "splits/url";

  private final JsonNode manifest;

  private Croissant(JsonNode manifest) {
    this.manifest = manifest;
  }

  static byte[] of(byte[] manifest) throws IOException {
    ObjectNode dataset = new Croissant(JSON.readTree(manifest)).dataset(Manifest.hash(manifest));
    return (JSON.writeValueAsString(dataset) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private String text(String key) {
    return manifest.path(key).asText();
  }

  private ObjectNode dataset(String hash) {
    ObjectNode dataset = JSON.createObjectNode();
    dataset.set("@context", context());
    dataset.put("@type", "sc:Dataset");
    dataset.put("conformsTo", "http://mlcommons.org/croissant/1.0");
    String from = text("period_start");
    String to = text("period_end");
    dataset.put("name", text("model") + " " + from);
    dataset.put(
        "description",
        "Training snapshot of the model "
            + text("model")
            + ": "
            + manifest.path("rows").asLong()
            + " rows of its log from "
            + from
            + " to "
            + to
            + ", each with its label, the reasons that it was chosen for, how many rows it stands"
            + " for and its split. card.md beside this file is for people, manifest.json says what"
            + " it is made of.");
    dataset.put("identifier", hash);
    dataset.put("url", "card.md");
    dataset.put("datePublished", to); // no clock: the end of what it is of
    dataset.put("temporalCoverage", from + "/" + to);
    dataset.putObject("creator").put("@type", "sc:Organization").put("name", "Tidemark");
    dataset
        .putObject("license")
        .put("@type", "sc:CreativeWork")
        .put("name", "Not stated")
        .put("description", "The terms of the log that the rows are from hold for them, too.");
    ArrayNode distribution = dataset.putArray("distribution");
    addFiles(distribution);
    ArrayNode records = dataset.putArray("recordSet");
    addSplits(records);
    addRows(records);
    return dataset;
  }

  private static ObjectNode context() {
    ObjectNode context = JSON.createObjectNode();
    context.put("@language", "en");
    context.put("@vocab", "https://schema.org/");
    context.put("sc", "https://schema.org/");
    context.put("cr", "http://mlcommons.org/croissant/");
    context.put("dct", "http://purl.org/dc/terms/");
    context.put("conformsTo", "dct:conformsTo");
    context.putObject("data").put("@id", "cr:data").put("@type", "@json");
    context.putObject("examples").put("@id", "cr:examples").put("@type", "@json");
    context.putObject("dataType").put("@id", "cr:dataType").put("@type", "@vocab");
    TERMS.forEach(term -> context.put(term, "cr:" + term));
    return context;
  }

  /** The set of parts names each of them: what else lies in the folder is not of the snapshot. */
  private void addFiles(ArrayNode distribution) {
    ArrayNode includes = JSON.createArrayNode();
    for (JsonNode file : manifest.path("files")) {
      String name = file.path("name").asText();
      includes.add(name);
      ObjectNode object =
          distribution
              .addObject()
              .put("@type", "cr:FileObject")
              .put("@id", name)
              .put("name", name)
              .put("contentUrl", name)
              .put("encodingFormat", "application/x-parquet");
      if (file.has("sha256")) {
        object.put("contentSize", file.path("bytes").asLong() + " B");
        object.put("sha256", file.path("sha256").asText());
      }
    }
    distribution
        .addObject()
        .put("@type", "cr:FileSet")
        .put("@id", PARTS)
        .put("name", PARTS)
        .put("description", "The files that the snapshot is made of.")
        .put("encodingFormat", "application/x-parquet")
        .set("includes", includes);
  }

  private static ObjectNode reference(String id) {
    return JSON.createObjectNode().put("@id", id);
  }

  private void addSplits(ArrayNode records) {
    ObjectNode splits =
        records
            .addObject()
            .put("@type", "cr:RecordSet")
            .put("@id", "splits")
            .put("name", "splits")
            .put("dataType", "cr:Split");
    splits.set("key", reference(SPLIT_NAME));
    ArrayNode fields = splits.putArray("field");
    fields
        .addObject()
        .put("@type", "cr:Field")
        .put("@id", SPLIT_NAME)
        .put("name", SPLIT_NAME)
        .put("dataType", "sc:Text");
    fields
        .addObject()
        .put("@type", "cr:Field")
        .put("@id", SPLIT_URL)
        .put("name", SPLIT_URL)
        .put("dataType", "sc:URL");
    ArrayNode data = splits.putArray("data");
    manifest
        .path("splits")
        .fieldNames()
        .forEachRemaining(
            name ->
                data.addObject()
                    .put(SPLIT_NAME, name)
                    .put(SPLIT_URL, SPLITS.getOrDefault(name, "cr:Split")));
  }

  private void addRows(ArrayNode records) {
    ObjectNode rows =
        records
            .addObject()
            .put("@type", "cr:RecordSet")
            .put("@id", ROWS)
            .put("name", ROWS)
            .put("description", "The rows that were chosen.");
    ArrayNode fields = rows.putArray("field");
    for (JsonNode column : manifest.path("schema")) {
      addField(
          fields.addObject(),
          column.path("name").asText(),
          column.path("type").asText(),
          column.path("role").asText());
    }
  }

  private static void addField(ObjectNode field, String name, String type, String role) {
    field.put("@type", "cr:Field");
    // An id is an IRI; a log's columns may be called anything.
    field.put("@id", ROWS + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8));
    field.put("name", name);
    field.put("description", "Its role is: " + role + ".");
    if (role.equals("label")) {
      field.putArray("dataType").add(dataType(type)).add("cr:Label");
    } else {
      field.put("dataType", dataType(type));
    }
    if (type.startsWith("list")) {
      field.put("repeated", true);
    }
    ObjectNode source = field.putObject("source");
    source.set("fileSet", reference(PARTS));
    source.putObject("extract").put("column", name);
    if (role.equals("split")) {
      field.set("references", reference(SPLIT_NAME));
    }
  }

  private static String dataType(String type) {
    return switch (type) {
      case "double" -> "sc:Float";
      case "int64" -> "sc:Integer";
      case "timestamp(micros, UTC)" -> "sc:DateTime";
      default -> "sc:Text";
    };
  }
}
