package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Finds the declared paths in a Parquet schema. */
final class ParquetColumns {
  private ParquetColumns() {}

  /** The column of a path, or null: the file has none. */
  static ColumnDescriptor find(MessageType schema, Use use, String file) {
    if (schema.containsField(use.path())) {
      return leaf(schema, new String[] {use.path()}, use, file);
    }
    String[] names = use.path().split("\\.", -1);
    GroupType group = schema;
    for (int i = 0; i < names.length; i++) {
      if (!group.containsField(names[i])) {
        return null;
      }
      Type type = group.getType(names[i]);
      if (i == names.length - 1) {
        return leaf(schema, names, use, file);
      }
      if (type.isPrimitive()) {
        return null;
      }
      group = type.asGroupType();
    }
    return null;
  }

  private static ColumnDescriptor leaf(MessageType schema, String[] path, Use use, String file) {
    if (!schema.getType(path).isPrimitive()) {
      throw new InputException(
          file + ": column " + use.path() + " is a record or list; name a single value in it");
    }
    ColumnDescriptor column = schema.getColumnDescription(path);
    if (column.getMaxRepetitionLevel() > 0) {
      throw new InputException(
          file + ": column " + use.path() + " is repeated; a row must have one value of it");
    }
    return column;
  }

  /** The columns that a schema has at its top. */
  static List<String> names(MessageType schema) {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  /** Only the columns asked for, so that nothing else is read from disk. */
  static MessageType project(MessageType schema, List<ColumnDescriptor> columns) {
    Set<String> wanted = new HashSet<>();
    for (ColumnDescriptor column : columns) {
      wanted.add(String.join("\0", column.getPath()));
    }
    return new MessageType(schema.getName(), keep(schema, "", wanted));
  }

  private static List<Type> keep(GroupType group, String prefix, Set<String> wanted) {
    List<Type> kept = new ArrayList<>();
    for (Type type : group.getFields()) {
      String path = prefix + type.getName();
      if (type.isPrimitive()) {
        if (wanted.contains(path)) {
          kept.add(type);
        }
        continue;
      }
      List<Type> below = keep(type.asGroupType(), path + "\0", wanted);
      if (!below.isEmpty()) {
        kept.add(type.asGroupType().withNewFields(below));
      }
    }
    return kept;
  }
}
