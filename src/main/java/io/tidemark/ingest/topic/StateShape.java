package io.tidemark.ingest.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.ingest.scan.StopJobException;
import io.tidemark.store.ContentHash;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.options.Hidden;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * All that decides how a stream's state is to be read, and what it was gathered of. A job that goes
 * on from a savepoint must have the same, or it would take the state for something else. The source
 * has it in each savepoint and checkpoint, and the job brings its own in its options.
 *
 * @param parts by their names, as a person knows them: {@code window.size} to {@code PT1H}. A value
 *     that begins with # is a hash, and is not shown
 */
public record StateShape(TreeMap<String, String> parts) implements Serializable {
  private static final long serialVersionUID = 1;

  /** The part that says in which order features stand; it differs where one comes or goes, too. */
  public static final String ORDER = "the order of features";

  private static final String CHECK = "check";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SHOWN = 8;
  private static final int LONGEST = 100;

  /** Of a job, its models' shapes. */
  public interface Options extends PipelineOptions {
    @Hidden
    String getStateShapes();

    void setStateShapes(String json);
  }

  /** Gives a job the shapes of its models. */
  public static void put(PipelineOptions options, TreeMap<String, StateShape> byModel) {
    TreeMap<String, TreeMap<String, String>> all = new TreeMap<>();
    byModel.forEach((model, shape) -> all.put(model, shape.parts));
    options.as(Options.class).setStateShapes(json(all));
  }

  /** A model's shape in a job, or null: the job has none of it. */
  static StateShape in(PipelineOptions options, String model) {
    String all = options.as(Options.class).getStateShapes();
    if (all == null) {
      return null;
    }
    TreeMap<String, String> parts;
    try {
      TypeReference<TreeMap<String, TreeMap<String, String>>> type = new TypeReference<>() {};
      parts = JSON.readValue(all, type).get(model);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the job's options are its own", e);
    }
    return parts == null ? null : new StateShape(parts);
  }

  /** As a file has it, with a hash of all else in it. */
  public String json() {
    TreeMap<String, String> checked = new TreeMap<>(parts);
    checked.put(CHECK, hash(parts));
    return json(checked);
  }

  private static String hash(TreeMap<String, String> parts) {
    return ContentHash.of(json(parts).getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written", e);
    }
  }

  /** What {@link #json()} gave; null where it is something else, or damaged. */
  public static StateShape ofJson(String json) {
    try {
      TypeReference<TreeMap<String, String>> type = new TypeReference<>() {};
      TreeMap<String, String> parts = JSON.readValue(json, type);
      String check = parts == null ? null : parts.remove(CHECK);
      return check != null && check.equals(hash(parts)) ? new StateShape(parts) : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /**
   * What a job of another shape is told; null where both are the same.
   *
   * @param now the job's
   */
  public String differences(StateShape now) {
    TreeSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(now.parts.keySet());
    boolean sameParts = parts.keySet().equals(now.parts.keySet());
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (name.equals(ORDER) && !sameParts) {
        continue;
      }
      String before = parts.get(name);
      String after = now.parts.get(name);
      if (before == null) {
        found.add(name + " is new");
      } else if (after == null) {
        found.add(name + " was " + shown(before) + ", is not there any more");
      } else if (!before.equals(after)) {
        found.add(
            before.startsWith("#")
                ? name + ": not the same any more"
                : name + " was " + shown(before) + ", is " + shown(after));
      }
    }
    if (found.isEmpty()) {
      return null;
    }
    int more = found.size() - MOST_SHOWN;
    return String.join("; ", found.subList(0, Math.min(MOST_SHOWN, found.size())))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  private static String shown(String value) {
    if (value.startsWith("#")) {
      return "there";
    }
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
  }

  /**
   * Compares what a savepoint has with what a job brings.
   *
   * @throws StopJobException if they differ
   */
  void check(String model, PipelineOptions options) {
    StateShape now = in(options, model);
    String differences = now == null ? null : differences(now);
    if (differences != null) {
      throw new StopJobException(refusal(model, differences));
    }
  }

  /** The message for the user. */
  public static String refusal(String model, String differences) {
    return "--savepointPath: what it holds of "
        + model
        + " was made with other settings: "
        + differences
        + ". Go on with those it was made with, or begin anew: without --savepointPath, with"
        + " another --output";
  }
}
