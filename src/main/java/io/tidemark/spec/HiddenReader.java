package io.tidemark.spec;

import java.util.List;
import java.util.Set;

/**
 * What of a model may be hidden: {@code snapshot.mask} and {@code snapshot.exclude}; and what is
 * shown whatever it looks like: {@code snapshot.allow_personal}.
 */
final class HiddenReader {
  private final SpecNode node;
  private final EventsSpec events;
  private final LabelsSpec labels;
  private final List<Field> fields;
  private final ColumnNames names;

  HiddenReader(SpecNode node, List<Field> fields, EventsSpec events, LabelsSpec labels) {
    this.node = node;
    this.events = events;
    this.labels = labels;
    this.fields = fields;
    this.names = new ColumnNames(events, labels, fields);
  }

  /** Notes columns that outputs cannot do without, under whatever name they are to be hidden. */
  void check(String key, List<String> columns, List<String> segments) {
    for (String column : columns) {
      Set<String> all = names.all(List.of(column));
      String problem = problem(key, all, segments);
      if (problem != null) {
        node.problem(key, column + problem);
      }
    }
  }

  private String problem(String key, Set<String> column, List<String> segments) {
    boolean excluded = key.equals("exclude");
    String version = events.modelVersion();
    if (version != null && column.contains(version)) {
      return " is the model version, which names the folders and rows of every output: leave it out"
          + " of "
          + key
          + ", or log a code in its place";
    }
    if (events.time() != null && column.contains(events.time())) {
      return " is the event time, which every output is ordered by: leave it out of " + key;
    }
    if (labels != null && labels.time() != null && column.contains(labels.time())) {
      return " is the time of labels, which decides what they count for: leave it out of " + key;
    }
    if (excluded && events.id() != null && column.contains(events.id())) {
      return " names the rows and cannot be left out; mask it";
    }
    if (excluded && segments.stream().anyMatch(column::contains)) {
      return " names the segments of every table and cannot be left out; mask it, or take it out of"
          + " segments";
    }
    boolean classes =
        column.contains("label")
            || (events.prediction().label() != null && column.contains("prediction.label"));
    if (classes && !events.prediction().scores().isEmpty()) {
      return " holds classes, and events.prediction.scores makes their names those of fields in"
          + " every output: leave it out of "
          + key
          + ", or log codes in place of classes";
    }
    return null;
  }

  /** Notes columns that are to be masked and left out, under whatever names. */
  void checkDisjoint(List<String> mask, List<String> exclude) {
    Set<String> masked = names.all(mask);
    for (String column : exclude) {
      if (masked.contains(column)) {
        node.problem("exclude", column + " is masked as well; choose one");
      }
    }
  }

  /**
   * Notes columns that are never looked through for personal data, or are not shown anyway.
   *
   * @param carried columns that are declared in {@code snapshot.columns} alone
   */
  void checkAllowed(
      List<String> allowed, List<String> carried, List<String> mask, List<String> exclude) {
    Set<String> masked = names.all(mask);
    Set<String> excluded = names.all(exclude);
    for (String column : allowed) {
      boolean text =
          fields.stream()
              .anyMatch(
                  field ->
                      events.freeText(field)
                          && (field.name().equals(column) || field.path().equals(column)));
      String problem =
          masked.contains(column) || excluded.contains(column)
              ? " is masked or excluded as well; choose one"
              : text || carried.contains(column)
                  ? null
                  : " is no free text, which columns of snapshot.columns and categorical features"
                      + " are; nothing else is looked through for personal data";
      if (problem != null) {
        node.problem("allow_personal", column + problem);
      }
    }
  }
}
