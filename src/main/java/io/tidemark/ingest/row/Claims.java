package io.tidemark.ingest.row;

import io.tidemark.event.EventLayout;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.spec.Where;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Which of several takers want a row, by what stands in the columns that tell whose rows are. */
public final class Claims {
  private final List<String> columns;
  private final List<Where> takers = new ArrayList<>();

  /** Takers by what the first of their columns must hold. */
  private final Map<Integer, Map<String, List<Integer>>> byFirst = new TreeMap<>();

  /** Those that want every row. */
  private final List<Integer> always = new ArrayList<>();

  public Claims(List<Where> takers) {
    TreeSet<String> names = new TreeSet<>();
    takers.forEach(each -> names.addAll(each.columns().keySet()));
    this.columns = List.copyOf(names);
    for (Where each : takers) {
      int taker = this.takers.size();
      this.takers.add(each);
      if (each.columns().isEmpty()) {
        always.add(taker);
        continue;
      }
      Map<String, List<Integer>> first =
          byFirst.computeIfAbsent(
              columns.indexOf(each.columns().firstKey()), column -> new HashMap<>());
      for (String value : each.columns().firstEntry().getValue()) {
        first.computeIfAbsent(value, any -> new ArrayList<>()).add(taker);
      }
    }
  }

  /** The columns that tell, in the order of what is given for a row. */
  List<String> columns() {
    return columns;
  }

  /** Those columns alone, as an event's categories; whatever else a row lacks. */
  public EventColumns asColumns() {
    List<Field> fields = new ArrayList<>();
    List<EventColumns.Use> uses = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String path = columns.get(i);
      fields.add(new Field(path, path, FieldType.CATEGORICAL, Field.Role.FEATURE));
      uses.add(new EventColumns.Use(path, EventColumns.Kind.CATEGORY, i, i, false));
    }
    return EventColumns.of(EventLayout.of(fields, List.of()), uses);
  }

  /** Which columns decide first, one after the other. */
  Iterable<Integer> firstColumns() {
    return byFirst.keySet();
  }

  /** Takers that want every row, by their number. */
  public List<Integer> always() {
    return always;
  }

  /** Takers that may want rows with a value in one of {@link #firstColumns()}. */
  List<Integer> byFirst(int column, String value) {
    return value == null ? List.of() : byFirst.get(column).getOrDefault(value, List.of());
  }

  /**
   * Whether a taker's other columns agree.
   *
   * @param values of the row, by column; null where it has none
   */
  boolean agrees(int taker, IntFunction<String> values) {
    boolean first = true;
    for (Map.Entry<String, TreeSet<String>> each : takers.get(taker).columns().entrySet()) {
      if (!first) {
        String value = values.apply(columns.indexOf(each.getKey()));
        if (value == null || !each.getValue().contains(value)) {
          return false;
        }
      }
      first = false;
    }
    return true;
  }

  /**
   * The takers of a row, by their number.
   *
   * @param values of the row, by column; null where it has none
   */
  public List<Integer> of(String[] values) {
    List<Integer> all = new ArrayList<>(always);
    for (int column : byFirst.keySet()) {
      for (int taker : byFirst(column, values[column])) {
        if (agrees(taker, other -> values[other])) {
          all.add(taker);
        }
      }
    }
    return all;
  }
}
