package io.tidemark.ingest.format;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.Claims;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.PathTree;
import io.tidemark.ingest.row.RowText;
import io.tidemark.schema.DeadLetter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;

/**
 * Avro container files, block by block and field by field into the row's values: no record is built
 * between, and what is not wanted is skipped. A split holds the blocks that begin in it.
 */
final class AvroReader {

  private final FileSplit split;
  private final Audience audience;

  /** What is made of a record. */
  private record Row(AvroFields fields, PathTree paths, EventAssembler values) {
    static Row of(EventColumns columns, String path) {
      return new Row(
          new AvroFields(columns.time()),
          PathTree.of(columns.columns()),
          new EventAssembler(columns, path));
    }
  }

  AvroReader(FileSplit split, Audience audience) {
    this.split = split;
    this.audience = audience;
  }

  /**
   * A file's schema, after a look at whether the file is whole.
   *
   * @throws IOException if it is no Avro container file, or does not end as one
   */
  static Schema schema(String path) throws IOException {
    try (AvroInput input = new AvroInput(path);
        DataFileReader<Object> file = new DataFileReader<>(input, new GenericDatumReader<>())) {
      long header = file.previousSync();
      if (!Arrays.equals(marker(input, header), marker(input, input.length()))) {
        throw new IOException("it is cut off: it does not end with a block's end");
      }
      return file.getSchema();
    }
  }

  /** The mark that ends a file's header and each of its blocks. */
  private static byte[] marker(AvroInput input, long end) throws IOException {
    byte[] marker = new byte[DataFileConstants.SYNC_SIZE];
    input.seek(end - marker.length);
    int read = 0;
    while (read < marker.length) {
      int count = input.read(marker, read, marker.length - read);
      if (count < 0) {
        throw new EOFException();
      }
      read += count;
    }
    return marker;
  }

  /** Whether a schema has a path, as a name with dots or as the way down nested records. */
  static boolean has(Schema schema, String path) {
    if (schema.getType() != Schema.Type.RECORD) {
      return false;
    }
    Schema node = schema;
    for (String name : path.split("\\.", -1)) {
      Schema record = recordIn(node);
      Schema.Field field = record == null ? null : record.getField(name);
      if (field == null) {
        return false;
      }
      node = field.schema();
    }
    return true;
  }

  private static Schema recordIn(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      for (Schema branch : schema.getTypes()) {
        if (branch.getType() == Schema.Type.RECORD) {
          return branch;
        }
      }
    }
    return schema.getType() == Schema.Type.RECORD ? schema : null;
  }

  void read() throws IOException {
    Claims claims = new Claims(audience.takers().stream().map(Audience.Taker::where).toList());
    Row told = Row.of(claims.asColumns(), split.path());
    List<Row> rows =
        audience.takers().stream().map(each -> Row.of(each.columns(), split.path())).toList();
    try (AvroInput input = new AvroInput(split.path());
        DataFileReader<Object> file = opened(split, input)) {
      AvroBytes decoder = new AvroBytes();
      while (hasBlock(split, input, file)) {
        long block = file.previousSync();
        ByteBuffer bytes = block(split, file, block);
        long records = file.getBlockCount();
        if (records > bytes.remaining() + AvroBytes.EMPTY_ITEMS) {
          String detail = "a block of " + bytes.remaining() + " bytes is to hold " + records;
          throw damaged(split, block, new IOException(detail + " records"));
        }
        decoder.reset(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        for (long i = 0; i < records; i++) {
          decoder.mark();
          List<Integer> takers = claims.always();
          if (takers.size() < rows.size()) {
            decode(file.getSchema(), decoder, told, block);
            takers = claims.of(told.values().event().categories());
          }
          for (int taker : takers) {
            decoder.back();
            decode(file.getSchema(), decoder, rows.get(taker), block);
            hand(rows.get(taker).values(), audience.takers().get(taker), block, i);
          }
          if (takers.isEmpty()) {
            audience.others().unclaimed(1);
          }
        }
        if (decoder.remaining() > 0) {
          throw damaged(split, block, new IOException("a block holds more records than it says"));
        }
      }
    }
  }

  private static DataFileReader<Object> opened(FileSplit split, AvroInput input) {
    try {
      DataFileReader<Object> file = new DataFileReader<>(input, new GenericDatumReader<>());
      if (split.start() > 0) {
        file.sync(split.start());
      }
      return file;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(split, split.start(), e);
    }
  }

  /** Whether another block begins in the split. */
  private static boolean hasBlock(FileSplit split, AvroInput input, DataFileReader<Object> file)
      throws IOException {
    try {
      if (file.hasNext()) {
        return !file.pastSync(split.end());
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(split, file.previousSync(), e);
    }
    // Avro takes a block that is cut off for the end of the file.
    if (!file.pastSync(split.end()) && file.previousSync() != input.length()) {
      throw damaged(split, file.previousSync(), new IOException("the last block is cut off"));
    }
    return false;
  }

  private static ByteBuffer block(FileSplit split, DataFileReader<Object> file, long block) {
    try {
      return file.nextBlock();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(split, block, e);
    }
  }

  private void decode(Schema schema, AvroBytes decoder, Row row, long block) {
    row.values().reset();
    try {
      row.fields().read(schema, row.paths(), decoder, row.values());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(split, block, e);
    }
  }

  private static InputException damaged(FileSplit split, long block, Throwable e) {
    return new InputException(
        split.path()
            + ": is damaged or cut off at or after byte "
            + block
            + ": "
            + DecodeFailure.reason(e));
  }

  private void hand(EventAssembler row, Audience.Taker taker, long block, long index) {
    EventSink sink = taker.sink();
    EventAssembler.Problem problem = row.problem();
    if (problem == null) {
      sink.at(block);
      sink.event(row.event());
      return;
    }
    InferenceEvent event = row.event();
    DeadLetter letter = new DeadLetter();
    letter.setReason(problem.reason());
    letter.setDetail(problem.detail() + ", record " + index + " of the block at this position");
    letter.setSource(split.path());
    letter.setPosition(block);
    letter.setText(RowText.of(event, taker.columns(), taker.redaction()));
    sink.bad(letter);
  }

  /** The columns that a schema has at its top. */
  static List<String> names(Schema schema) {
    List<String> names = new ArrayList<>();
    if (schema.getType() == Schema.Type.RECORD) {
      schema.getFields().forEach(field -> names.add(field.name()));
    }
    return names;
  }
}
