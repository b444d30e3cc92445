package io.tidemark.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;

/** The order in which a file has its records, however they came. */
final class RecordOrder {
  private RecordOrder() {}

  static <T extends SpecificRecord> List<T> sorted(Iterable<T> records) {
    List<Line<T>> lines = new ArrayList<>();
    for (T record : records) {
      lines.add(new Line<>(sortKey(record) + id(record), record));
    }
    lines.sort(Comparator.comparing(Line::key));
    List<T> sorted = new ArrayList<>();
    lines.forEach(line -> sorted.add(line.record()));
    return sorted;
  }

  /** What tells records apart that have the same name, such as two alarms of a detector. */
  private static <T extends SpecificRecord> String id(T record) {
    var field = record.getSchema().getField("id");
    return field == null ? "" : record.get(field.pos()).toString();
  }

  /**
   * The texts of a record name it: version, segment, field or kind, subject, method. Where it has a
   * rank, that comes before its name; without one it comes last.
   */
  private static <T extends SpecificRecord> String sortKey(T record) {
    StringBuilder key = new StringBuilder();
    for (var field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (field.name().equals("rank")) {
        int rank = value == null ? Integer.MAX_VALUE : (int) value;
        key.append(String.format(Locale.ROOT, "%010d", rank)).append('\u0000');
      }
      boolean names =
          (value instanceof CharSequence || value instanceof Enum)
              && !field.name().equals("id")
              && !field.name().equals("reason");
      if (names) {
        key.append(value).append('\u0000');
      }
    }
    return key.toString();
  }

  private record Line<T>(String key, T record) {}
}
