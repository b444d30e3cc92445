package io.tidemark.simulate;

import io.tidemark.simulate.LogColumns.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Columns as formats with nested records see them: a column, or a record of columns.
 *
 * @param place of the column's values in a row; -1 for a record
 * @param column null for a record
 */
record ColumnTree(String name, int place, Column column, List<ColumnTree> children) {
  static ColumnTree of(List<Column> columns) {
    ColumnTree root = new ColumnTree("log", -1, null, new ArrayList<>());
    Map<String, ColumnTree> records = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String[] names = columns.get(i).path().split("\\.", -1);
      ColumnTree level = root;
      StringBuilder path = new StringBuilder();
      for (int j = 0; j < names.length - 1; j++) {
        path.append('.').append(names[j]);
        ColumnTree below = records.get(path.toString());
        if (below == null) {
          below = new ColumnTree(names[j], -1, null, new ArrayList<>());
          records.put(path.toString(), below);
          level.children.add(below);
        }
        level = below;
      }
      String last = names[names.length - 1];
      level.children.add(new ColumnTree(last, i, columns.get(i), List.of()));
    }
    return root;
  }

  boolean isRecord() {
    return column == null;
  }
}
