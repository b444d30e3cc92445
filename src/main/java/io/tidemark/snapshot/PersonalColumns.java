package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.PlainText;
import io.tidemark.stats.personal.PersonalKind;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** What a manifest says of the columns that show nothing because of personal data, in words. */
public final class PersonalColumns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String REMEDY =
      ". Mask or exclude it (snapshot.mask, snapshot.exclude), or allow it"
          + " (snapshot.allow_personal)";

  private PersonalColumns() {}

  /**
   * A line of warning for each of the snapshot's columns that is blocked, with what to do.
   *
   * @param manifest path of one that is published
   */
  public static List<String> warnings(String manifest) throws IOException {
    List<String> lines = new ArrayList<>();
    Optional<byte[]> content = OutputFiles.read(manifest);
    if (content.isPresent()) {
      JsonNode fields = JSON.readTree(content.get());
      for (JsonNode column : fields.path(Manifest.PERSONAL)) {
        lines.add(
            "the snapshot of "
                + PlainText.of(fields.path("model").asText())
                + " from "
                + fields.path("period_start").asText()
                + " shows nothing of column "
                + PlainText.of(column.path("column").asText())
                + ": among its values is what looks like "
                + kinds(column)
                + REMEDY
                + (isFeature(fields, column)
                    ? ". It is a feature: until then nothing can be trained on it"
                    : ""));
      }
    }
    return lines;
  }

  /** What a column's values look like: 3 e-mail addresses and 1 phone number. */
  static String kinds(JsonNode column) {
    StringJoiner words = new StringJoiner(" and ");
    for (PersonalKind kind : PersonalKind.values()) {
      long rows = column.path("kinds").path(kind.id()).asLong();
      if (rows > 0) {
        words.add(kind.counted(rows));
      }
    }
    return words.toString();
  }

  /** Whether the model has the column as a feature. */
  static boolean isFeature(JsonNode manifest, JsonNode column) {
    for (JsonNode each : manifest.path("schema")) {
      if (each.path("name").equals(column.path("column"))) {
        return each.path("role").asText().equals("feature");
      }
    }
    return false;
  }
}
