package io.tidemark.simulate;

import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.store.ParquetFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A log as Parquet, values written straight to the columns. */
final class ParquetLog extends WriteSupport<LogRow> {
  private final ColumnTree root;
  private RecordConsumer out;

  private ParquetLog(List<Column> columns) {
    this.root = ColumnTree.of(columns);
  }

  static byte[] bytes(List<Column> columns, Iterable<LogRow> rows) {
    return ParquetFiles.bytes(new ParquetLog(columns), rows);
  }

  private MessageType schema() {
    List<Type> fields = new ArrayList<>();
    root.children().forEach(child -> fields.add(type(child)));
    return new MessageType("log", fields);
  }

  private static Type type(ColumnTree node) {
    if (node.isRecord()) {
      Types.GroupBuilder<org.apache.parquet.schema.GroupType> group = Types.optionalGroup();
      node.children().forEach(child -> group.addField(type(child)));
      return group.named(node.name());
    }
    return switch (node.column().type()) {
      case TEXT ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(node.name());
      case NUMBER -> Types.optional(PrimitiveTypeName.DOUBLE).named(node.name());
      case WHOLE -> Types.optional(PrimitiveTypeName.INT64).named(node.name());
      case TIME ->
          Types.optional(PrimitiveTypeName.INT64)
              .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
              .named(node.name());
    };
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.out = recordConsumer;
  }

  @Override
  public void write(LogRow row) {
    out.startMessage();
    writeChildren(root, row.values());
    out.endMessage();
  }

  private void writeChildren(ColumnTree node, Object[] values) {
    List<ColumnTree> children = node.children();
    for (int i = 0; i < children.size(); i++) {
      ColumnTree child = children.get(i);
      if (child.isRecord()) {
        out.startField(child.name(), i);
        out.startGroup();
        writeChildren(child, values);
        out.endGroup();
        out.endField(child.name(), i);
      } else if (values[child.place()] != null) {
        out.startField(child.name(), i);
        writeValue(values[child.place()]);
        out.endField(child.name(), i);
      }
    }
  }

  private void writeValue(Object value) {
    if (value instanceof Double number) {
      out.addDouble(number);
    } else if (value instanceof Long number) {
      out.addLong(number);
    } else {
      out.addBinary(Binary.fromString((String) value));
    }
  }
}
