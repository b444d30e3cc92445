package io.tidemark.lineage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a run reads or writes, by the names that other jobs have for it.
 *
 * @param namespace the source that it is in, such as {@code file} or {@code s3://bucket}
 * @param name within that
 * @param facets of an input or output as such
 * @param runFacets what this run found in it: input or output facets
 */
public record Dataset(String namespace, String name, ObjectNode facets, ObjectNode runFacets) {
  private static final String FACETS = "https://openlineage.io/spec/facets/";

  /**
   * A column of a log.
   *
   * @param type in words
   * @param rows that were looked at
   * @param missing of these without a value
   * @param invalid of these with a value that cannot be read as its type
   */
  public record Column(String name, String type, long rows, long missing, long invalid) {}

  /**
   * The data set that a glob names. What follows its first wildcard is left out: the data set is
   * the folder, whichever of its files a run reads.
   *
   * @param uri with a scheme, or an absolute path
   */
  public static Dataset matching(String uri) {
    int wildcard = wildcard(uri);
    return at(wildcard < 0 ? uri : uri.substring(0, uri.lastIndexOf('/', wildcard)));
  }

  /**
   * The data set at a place, without who logs in there, and parameters.
   *
   * @param uri with a scheme, or an absolute path
   */
  public static Dataset at(String uri) {
    String place = uri.length() > 1 && uri.endsWith("/") ? uri.replaceFirst("/+$", "") : uri;
    int scheme = place.indexOf("://");
    if (scheme < 0) {
      return new Dataset("file", place.isEmpty() ? "/" : place);
    }
    String rest = place.substring(scheme + 3).replaceFirst("\\?.*$", "");
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String name = slash < 0 ? "" : rest.substring(slash + 1);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    if (place.startsWith("file:")) {
      return new Dataset("file", "/" + name);
    }
    if (place.startsWith("kafka:") && authority.indexOf(',') > 0) {
      authority = authority.substring(0, authority.indexOf(',')); // any of them names the cluster
    }
    return new Dataset(place.substring(0, scheme) + "://" + authority, name.isEmpty() ? "/" : name);
  }

  private static int wildcard(String uri) {
    int first = -1;
    int end = uri.startsWith("kafka:") ? 0 : uri.length();
    for (int i = 0; i < end && first < 0; i++) {
      first = "*?[{".indexOf(uri.charAt(i)) < 0 ? -1 : i;
    }
    return first < 0 || uri.lastIndexOf('/', first) < 0 ? -1 : first;
  }

  private Dataset(String namespace, String name) {
    this(
        namespace,
        name,
        JsonNodeFactory.instance.objectNode(),
        JsonNodeFactory.instance.objectNode());
  }

  /** With what tells its contents apart from others. */
  public Dataset version(String version) {
    facet(facets, "version", FACETS + "1-0-1/DatasetVersionDatasetFacet.json")
        .put("datasetVersion", version);
    return this;
  }

  /** As an input, with its rows and how many of them have no value in a column. */
  public Dataset quality(long rows, long files, long bytes, List<Column> columns) {
    ObjectNode metrics =
        facet(
            runFacets,
            "dataQualityMetrics",
            FACETS + "1-0-2/DataQualityMetricsInputDatasetFacet.json");
    metrics.put("rowCount", rows);
    if (files > 0) {
      metrics.put("fileCount", files);
      metrics.put("bytes", bytes);
    }
    ObjectNode byName = metrics.putObject("columnMetrics");
    for (Column column : columns) {
      byName
          .putObject(column.name())
          .put("nullCount", column.missing())
          .put("count", column.rows() - column.missing() - column.invalid());
    }
    if (!columns.isEmpty()) {
      var fields = facet(facets, "schema", FACETS + "1-1-1/SchemaDatasetFacet.json");
      for (Column column : columns) {
        fields
            .withArray("fields")
            .addObject()
            .put("name", column.name())
            .put("type", column.type());
      }
    }
    return this;
  }

  /** As an output, with what was written. */
  public Dataset written(long rows, long files, long bytes) {
    facet(runFacets, "outputStatistics", FACETS + "1-0-2/OutputStatisticsOutputDatasetFacet.json")
        .put("rowCount", rows)
        .put("size", bytes)
        .put("fileCount", files);
    return this;
  }

  private static ObjectNode facet(ObjectNode facets, String name, String schema) {
    String type = schema.substring(schema.lastIndexOf('/') + 1).replace(".json", "");
    return facets
        .putObject(name)
        .put("_producer", RunEvent.PRODUCER)
        .put("_schemaURL", schema + "#/$defs/" + type);
  }

  ObjectNode json(String ofRun) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("namespace", namespace);
    json.put("name", name);
    json.set("facets", facets);
    json.set(ofRun, runFacets);
    return json;
  }
}
