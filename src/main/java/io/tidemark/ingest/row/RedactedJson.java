package io.tidemark.ingest.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.stats.NumberText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A bad line as it may be shown where the spec hides columns: taken apart and put together again
 * from the declared columns alone, or nothing if it cannot be taken apart. An undeclared column may
 * hold a copy of what is hidden, so it is left out as well.
 */
public final class RedactedJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RedactedJson() {}

  public static String of(ByteBuffer line, EventColumns columns, Redaction redaction) {
    JsonNode row;
    try {
      row = JSON.readTree(line.array(), line.position(), line.remaining());
    } catch (IOException e) {
      return null;
    }
    if (row == null || !row.isObject()) {
      return null;
    }
    return of(row, false, columns, redaction);
  }

  /** A row of texts by the columns' paths. */
  public static String of(Map<String, String> row, EventColumns columns, Redaction redaction) {
    ObjectNode node = JSON.createObjectNode();
    row.forEach(node::put);
    return of(node, true, columns, redaction);
  }

  private static String of(
      JsonNode row, boolean untyped, EventColumns columns, Redaction redaction) {
    ObjectNode shown = JSON.createObjectNode();
    for (Use use : columns.columns()) {
      JsonNode value = row.get(use.path());
      if (value == null) {
        value = row.at("/" + use.path().replace('.', '/'));
      }
      String name = use.field() < 0 ? null : columns.layout().fields().get(use.field()).name();
      boolean hidden = redaction.hides(use.path()) || (name != null && redaction.hides(name));
      if (!hidden) {
        // what is nested may hold a copy of what is hidden
        shown.set(use.path(), value.isValueNode() || !redaction.anyDeclared() ? value : null);
      } else {
        String key = redaction.hides(use.path()) ? use.path() : name;
        shown.put(
            use.path(), value.isNull() ? null : redaction.show(key, text(value, use, untyped)));
      }
    }
    try {
      return JSON.writeValueAsString(shown);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was read can be written", e);
    }
  }

  /** The text that the value has as a part of an event, so that it is masked as it is there. */
  private static String text(JsonNode value, Use use, boolean untyped) {
    String text =
        value.isNumber() ? NumberText.of(value.asText()) : ByteText.ofText(value.asText());
    return switch (use.kind()) {
      case ID -> NumberText.ofName(text);
      case NUMBER -> ValueText.ofUntyped(text);
      case CATEGORY -> untyped ? ValueText.ofUntyped(text) : text;
      default -> text;
    };
  }
}
