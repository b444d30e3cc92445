package io.tidemark.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * An OpenLineage run event. It is kept as a file, too, by its run and type: the same event again
 * leaves the file as it is, though the clock has gone on, so that a repeated run changes nothing.
 */
public final class RunEvent {
  /** Names the program to whoever reads an event. */
  public static final String PRODUCER = "urn:tidemark:0.1.0";

  /** The folder of events below the output. */
  public static final String FOLDER = "lineage";

  private static final String SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/";
  private static final String FACETS = "https://openlineage.io/spec/facets/";
  private static final String TIME = "eventTime";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Where a run stands. */
  public enum Type {
    START,
    RUNNING,
    COMPLETE,
    ABORT,
    FAIL
  }

  private final Type type;
  private final UUID run;
  private final ObjectNode event = JSON.createObjectNode();
  private final ObjectNode runFacets;
  private final ObjectNode jobFacets;

  /**
   * @param run names it: equal for a run that is repeated
   * @param model that is monitored
   */
  public RunEvent(Type type, Instant time, UUID run, String model) {
    this.type = type;
    this.run = run;
    event.put(TIME, time.toString());
    event.put("eventType", type.name());
    event.put("producer", PRODUCER);
    event.put("schemaURL", SCHEMA + "RunEvent");
    this.runFacets = event.putObject("run").put("runId", run.toString()).putObject("facets");
    this.jobFacets =
        event
            .putObject("job")
            .put("namespace", "tidemark")
            .put("name", "monitor." + model)
            .putObject("facets");
    event.putArray("inputs");
    event.putArray("outputs");
  }

  /** The id of a run, by all that tells it from others. */
  public static UUID id(List<String> identity) {
    String text = "tidemark run\0" + String.join("\0", identity);
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode facet(ObjectNode facets, String name, String schema) {
    return facets.putObject(name).put("_producer", PRODUCER).put("_schemaURL", schema);
  }

  private static String published(String version, String name) {
    return FACETS + version + "/" + name + ".json#/$defs/" + name;
  }

  /**
   * Says what runs it.
   *
   * @param streaming without end
   */
  public RunEvent engine(String name, String version, boolean streaming) {
    facet(runFacets, "processing_engine", published("1-1-1", "ProcessingEngineRunFacet"))
        .put("name", name)
        .put("version", version);
    facet(jobFacets, "jobType", published("2-0-3", "JobTypeJobFacet"))
        .put("processingType", streaming ? "STREAMING" : "BATCH")
        .put("integration", "TIDEMARK")
        .put("jobType", "JOB");
    return this;
  }

  /**
   * Says which event times it is of.
   *
   * @param from null: all before {@code to}, and nothing is said
   * @param to null: all from then on
   */
  public RunEvent nominal(Instant from, Instant to) {
    if (from != null) {
      ObjectNode time = facet(runFacets, "nominalTime", published("1-0-1", "NominalTimeRunFacet"));
      time.put("nominalStartTime", from.toString());
      if (to != null) {
        time.put("nominalEndTime", to.toString());
      }
    }
    return this;
  }

  /** Says what became of its rows, as the run's record does. */
  public RunEvent rows(ObjectNode rows) {
    facet(runFacets, "tidemark_rows", SCHEMA + "RunFacet").setAll(rows);
    return this;
  }

  /** Says why it failed. */
  public RunEvent error(String message) {
    facet(runFacets, "errorMessage", published("1-0-1", "ErrorMessageRunFacet"))
        .put("message", message)
        .put("programmingLanguage", "JAVA");
    return this;
  }

  public RunEvent inputs(List<Dataset> inputs) {
    inputs.forEach(each -> event.withArray("inputs").add(each.json("inputFacets")));
    return this;
  }

  public RunEvent outputs(List<Dataset> outputs) {
    outputs.forEach(each -> event.withArray("outputs").add(each.json("outputFacets")));
    return this;
  }

  /** Names it among all events. */
  public String id() {
    return run + "-" + type.name().toLowerCase(Locale.ROOT);
  }

  /** As it is sent, in one line. */
  public byte[] body() {
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Where it is kept below the output. */
  public String path(String output) {
    return OutputFiles.path(output, FOLDER, id() + ".json");
  }

  /** Keeps it, where the same is not kept already. */
  public void write(String output) throws IOException {
    String path = path(output);
    Optional<byte[]> present = OutputFiles.read(path);
    if (present.isPresent() && same(present.get())) {
      return;
    }
    try {
      OutputFiles.write(
          path, (JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private boolean same(byte[] file) {
    try {
      JsonNode before = JSON.readTree(file);
      // As it would be read: a tree tells small numbers of one type from those of another.
      ObjectNode now = (ObjectNode) JSON.readTree(body());
      if (before instanceof ObjectNode kept && kept.path(TIME).isTextual()) {
        now.set(TIME, kept.get(TIME));
      }
      return now.equals(before);
    } catch (IOException e) {
      return false; // damaged
    }
  }
}
