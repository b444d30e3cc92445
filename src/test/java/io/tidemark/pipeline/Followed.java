package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Content;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a followed topic has written so far, while it is being written. */
final class Followed {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> TABLES =
      List.of(
          "statistics",
          "findings",
          "performance",
          "label-coverage",
          "profiles",
          "slices",
          "label-issues",
          "label-quality",
          "acquisition",
          "review",
          "snapshots");

  private Followed() {}

  /**
   * Contents of the tables by window and stage, whatever their files are called, and of snapshots
   * by their names.
   */
  static Map<String, String> tables(Path output) throws Exception {
    return tables(output, TABLES);
  }

  static Map<String, String> tables(Path output, Collection<String> tables) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    for (String table : tables) {
      Path place = output.resolve(table);
      for (Path file : Files.exists(place) ? Cli.files(place) : List.<Path>of()) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") || name.startsWith("manifest-")) {
          continue; // in the making, or not followed by anyone
        }
        boolean snapshot = table.equals("snapshots");
        String stage = snapshot ? name : name.replaceFirst("-.*", "");
        if (table.equals("review")) {
          stage += name.substring(name.lastIndexOf('.')); // it is there in two forms
        }
        String key = output.relativize(file.getParent()) + " " + stage;
        try {
          contents.merge(key, Content.of(Files.readAllBytes(file)), (a, b) -> "several");
        } catch (NoSuchFileException e) {
          contents.put(key, "replaced meanwhile");
        }
      }
    }
    return contents;
  }

  /** Waits for these tables; where they do not come, says which differ. */
  static void until(Path log, Path output, Map<String, String> expected) throws Exception {
    try {
      Servers.until(log, () -> tables(output).equals(expected));
    } catch (AssertionError e) {
      assertThat(tables(output)).as(Servers.text(log)).isEqualTo(expected);
    }
  }

  static Map<String, String> letters(Path table) throws Exception {
    Map<String, String> letters = new TreeMap<>();
    for (Map.Entry<Path, List<String>> file : written(table).entrySet()) {
      for (String line : file.getValue()) {
        JsonNode letter = JSON.readTree(line);
        String place = letter.get("source").asText() + "@" + letter.get("position").asLong();
        String name = file.getKey().getFileName().toString().replaceFirst("-.*", "") + place;
        assertThat(letters.put(name, letter.get("reason").asText())).as("twice").isNull();
      }
    }
    return letters;
  }

  /** All lines of a table, in order, whatever files they are in. */
  static List<String> lines(Path table) throws Exception {
    return written(table).values().stream().flatMap(List::stream).sorted().toList();
  }

  /** Lines of each whole file of a table; all are read again where one went meanwhile. */
  private static Map<Path, List<String>> written(Path table) throws Exception {
    while (true) {
      Map<Path, List<String>> lines = new TreeMap<>();
      try {
        for (Path file : Files.exists(table) ? Cli.files(table) : List.<Path>of()) {
          if (!file.getFileName().toString().startsWith(".")) {
            lines.put(file, Files.readAllLines(file));
          }
        }
        return lines;
      } catch (NoSuchFileException e) {
        // The job has replaced or moved it: what it is now is in the next look.
      }
    }
  }

  /** The record of a model; without children while there is none. */
  static JsonNode record(Path output, String model) throws Exception {
    Path file = output.resolve("runs/following-" + model + ".json");
    return Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
  }

  /** Of a run over files. */
  static JsonNode recordOfFiles(Path output) throws Exception {
    return JSON.readTree(Files.readString(Cli.files(output.resolve("runs")).get(0)));
  }

  /** These numbers of a part of a record; -1: it is not there. */
  static List<Long> counts(JsonNode record, String part, List<String> names) {
    return names.stream().map(name -> record.path(part).path(name).asLong(-1)).toList();
  }

  /** Labels that label nothing, in order: class, id and time. */
  static List<String> unjoined(Path output) throws Exception {
    List<String> labels = new ArrayList<>();
    for (String line : lines(output.resolve("unjoined-labels"))) {
      JsonNode label = JSON.readTree(line);
      // A stream does not know the predictions of labels that are far too late any more.
      String why = label.get("class").asText().replaceFirst("too_late|orphan", "no prediction");
      labels.add(why + " " + label.get("id").asText() + " " + label.get("label_time").asText());
    }
    labels.sort(null);
    return labels;
  }
}
