package io.tidemark.ingest.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.spec.WindowSpec;

/** A decoded row as a JSON object of its declared columns, for dead letters of binary formats. */
public final class RowText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RowText() {}

  public static String of(InferenceEvent event, EventColumns columns, Redaction redaction) {
    ObjectNode row = JSON.createObjectNode();
    for (Use use : columns.columns()) {
      String name =
          use.field() < 0 ? use.path() : columns.layout().fields().get(use.field()).name();
      boolean hidden = redaction.hides(use.path()) || redaction.hides(name);
      if (hidden) {
        row.put(
            use.path(),
            redaction.show(redaction.hides(use.path()) ? use.path() : name, text(event, use)));
      } else if (use.kind() == EventColumns.Kind.NUMBER
          && Double.isFinite(event.numbers()[use.slot()])) {
        row.put(use.path(), event.numbers()[use.slot()]);
      } else {
        row.put(use.path(), text(event, use));
      }
    }
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static String text(InferenceEvent event, Use use) {
    return switch (use.kind()) {
      case ID -> event.id();
      case VERSION -> event.version();
      case NUMBER -> ValueText.of(event.numbers()[use.slot()]);
      case CATEGORY -> event.categories()[use.slot()];
      case EXTRA -> event.extras()[use.slot()];
      case TIME ->
          event.timeMicros() == EventTime.MISSING || event.timeMicros() == EventTime.UNREADABLE
              ? null
              : WindowSpec.instant(event.timeMicros()).toString();
    };
  }
}
