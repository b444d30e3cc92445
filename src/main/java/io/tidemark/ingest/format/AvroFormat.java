package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.fs.MatchResult;

/** Avro container files, by ranges of bytes; records of a topic by the schema that it names. */
public final class AvroFormat implements FormatReader {
  @Override
  public Format format() {
    return Format.AVRO;
  }

  @Override
  public String title() {
    return "Avro";
  }

  @Override
  public List<String> suffixes() {
    return List.of(".avro");
  }

  @Override
  public void read(FileSplit split, Audience audience) throws IOException {
    new AvroReader(split, audience).read();
  }

  @Override
  public RecordRows decoder(EventColumns columns, Redaction redaction, TopicSchema schema) {
    return new AvroRows(columns, redaction, schema);
  }

  @Override
  public FilePlan plan(MatchResult.Metadata file, boolean gzip, EventColumns columns) {
    String path = file.resourceId().toString();
    Schema schema;
    try {
      schema = AvroReader.schema(path);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      FileKind.refuseOther(path, "Avro");
      throw new InputException(path + ": not readable as Avro: " + DecodeFailure.reason(e));
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new InputException(
          path
              + ": its values are of Avro's type "
              + schema.getType().getName()
              + ", not records; write a record a row, with a field a column");
    }
    return new FilePlan(FilePlan.bytes(file, Format.AVRO), absent(path, schema, columns), -1, null);
  }

  /**
   * Declared columns that records of a schema do not have.
   *
   * @param place where the records stand, for messages
   * @throws InputException if none of them could be used
   */
  public static Set<String> absent(String place, Schema schema, EventColumns columns) {
    Set<String> absent = FilePlan.absent(place, columns, use -> AvroReader.has(schema, use.path()));
    FilePlan.refuse(place, columns, absent, AvroReader.names(schema));
    return absent;
  }
}
