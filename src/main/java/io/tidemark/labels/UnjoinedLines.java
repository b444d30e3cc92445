package io.tidemark.labels;

import io.tidemark.event.LabelRows.Row;
import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.schema.UnjoinedLabel;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.JsonLines;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Labels that label nothing, as a person may read them. */
final class UnjoinedLines {
  private UnjoinedLines() {}

  /**
   * @param redaction of the label source's columns
   */
  static byte[] of(
      List<LabelFate> unjoined, LabelsSpec columns, Redaction redaction, JoinRule rule) {
    Iterable<UnjoinedLabel> lines =
        () -> {
          Iterator<LabelFate> each = unjoined.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return each.hasNext();
            }

            @Override
            public UnjoinedLabel next() {
              return line(each.next(), columns, redaction, rule);
            }
          };
        };
    return JsonLines.of(lines);
  }

  private static UnjoinedLabel line(
      LabelFate unjoined, LabelsSpec columns, Redaction redaction, JoinRule rule) {
    Row label = unjoined.label();
    String value = rule.numeric() ? ValueText.of(label.number()) : label.value();
    String source = label.source().isEmpty() ? null : label.source();
    return new UnjoinedLabel(
        unjoined.kind().name().toLowerCase(Locale.ROOT),
        redaction.show(columns.id(), new String(label.id(), StandardCharsets.UTF_8)),
        redaction.show(columns.value(), value),
        WindowSpec.instant(label.timeMicros()),
        source == null ? null : redaction.show(columns.source(), source),
        label.file(),
        label.position(),
        unjoined.detail());
  }
}
