package io.tidemark.simulate;

import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.stats.Hash128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** A log as an Avro container file, deflated; every column is a union with null. */
final class AvroLog {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

  private AvroLog() {}

  static byte[] bytes(List<Column> columns, Iterable<LogRow> rows) throws IOException {
    ColumnTree root = ColumnTree.of(columns);
    Schema schema = schema(root, null);
    GenericRecord record = new GenericData.Record(schema);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
      writer.create(schema, out, sync(schema));
      for (LogRow row : rows) {
        fill(root, record, row.values());
        writer.append(record);
      }
    }
    return out.toByteArray();
  }

  /** Avro's own marker between blocks is random; files of equal rows are to be equal. */
  private static byte[] sync(Schema schema) {
    Hash128 hash = Hash128.of(schema.toString().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(DataFileConstants.SYNC_SIZE)
        .putLong(hash.high())
        .putLong(hash.low())
        .array();
  }

  /** Records are named by their whole paths: no two have one name. */
  private static Schema schema(ColumnTree node, String namespace) {
    if (node.isRecord()) {
      String inside = namespace == null ? node.name() : namespace + "." + node.name();
      List<Schema.Field> fields =
          node.children().stream().map(child -> field(child, inside)).toList();
      return Schema.createRecord(node.name(), null, namespace, false, fields);
    }
    return switch (node.column().type()) {
      case TEXT -> Schema.create(Schema.Type.STRING);
      case NUMBER -> Schema.create(Schema.Type.DOUBLE);
      case WHOLE -> Schema.create(Schema.Type.LONG);
      case TIME -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    };
  }

  private static Schema.Field field(ColumnTree node, String namespace) {
    if (!node.name().matches(NAME)) {
      throw new SimulationException(
          "column '"
              + node.name()
              + "' cannot be written as Avro, whose names are letters, digits and underscores;"
              + " set events.format to another format");
    }
    Schema union = Schema.createUnion(Schema.create(Schema.Type.NULL), schema(node, namespace));
    return new Schema.Field(node.name(), union, null, Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static void fill(ColumnTree node, GenericRecord record, Object[] values) {
    List<ColumnTree> children = node.children();
    for (int i = 0; i < children.size(); i++) {
      ColumnTree child = children.get(i);
      if (!child.isRecord()) {
        record.put(i, values[child.place()]);
        continue;
      }
      if (record.get(i) == null) {
        Schema nested = record.getSchema().getFields().get(i).schema().getTypes().get(1);
        record.put(i, new GenericData.Record(nested));
      }
      fill(child, (GenericRecord) record.get(i), values);
    }
  }
}
