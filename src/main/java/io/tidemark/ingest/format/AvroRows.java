package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.PathTree;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RowText;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.apache.avro.Schema;

/**
 * Avro records that come one by one, bare or behind the header of Confluent's wire format: a byte 0
 * and a schema id of four bytes, the highest first. A record must take all bytes that there are.
 */
public final class AvroRows implements RecordRows {
  private static final int HEADER = 5;

  private final EventColumns columns;
  private final Redaction redaction;
  private final int header;
  private final Schema schema;
  private final AvroFields fields;
  private final PathTree paths;
  private final AvroBytes in = new AvroBytes();

  public AvroRows(EventColumns columns, Redaction redaction, TopicSchema schema) {
    this.columns = columns;
    this.redaction = redaction;
    this.header = schema.header();
    this.schema = schema.parsed();
    this.fields = new AvroFields(columns.time());
    this.paths = PathTree.of(columns.columns());
  }

  @Override
  public EventAssembler.Problem decode(Bytes bytes, EventAssembler row) {
    if (bytes.tooLong()) {
      String detail = "a value of " + bytes.fullLength() + " bytes; at most " + MAX_LENGTH;
      return new EventAssembler.Problem("line_too_long", detail + " are read");
    }
    if (header == TopicSchema.NONE) {
      String damage = decode(bytes, 0, row);
      return damage == null ? null : malformed(damage + hint(bytes, row));
    }
    if (!hasHeader(bytes)) {
      return malformed("the value does not begin with a header: a byte 0 and a schema id of four");
    }
    int id = ByteBuffer.wrap(bytes.buffer(), bytes.start() + 1, HEADER - 1).getInt();
    if (header != TopicSchema.ANY && header != id) {
      return new EventAssembler.Problem(
          "other_schema", "the header says schema " + id + ", and schema-id is " + header);
    }
    String damage = decode(bytes, HEADER, row);
    return damage == null
        ? null
        : malformed(damage + "; the header says schema " + id + ": is that the schema given?");
  }

  private static EventAssembler.Problem malformed(String detail) {
    return new EventAssembler.Problem("malformed", detail);
  }

  private static boolean hasHeader(Bytes bytes) {
    return bytes.length() >= HEADER && bytes.buffer()[bytes.start()] == 0;
  }

  /** The likeliest mistake, where it is plain. */
  private String hint(Bytes bytes, EventAssembler row) {
    return hasHeader(bytes) && decode(bytes, HEADER, row) == null
        ? "; it can be read behind a header of " + HEADER + " bytes: add &schema-id=any to the URI"
        : "";
  }

  /** Reads the record that begins after so many bytes; says what is wrong, or null. */
  private String decode(Bytes bytes, int after, EventAssembler row) {
    row.reset();
    in.reset(bytes.buffer(), bytes.start() + after, bytes.length() - after);
    try {
      fields.read(schema, paths, in, row);
    } catch (IOException e) {
      return DecodeFailure.reason(e);
    }
    return in.remaining() == 0 ? null : "bytes left behind the record: " + in.remaining();
  }

  /** A row that can be decoded is shown as one of a file is, another as its bytes. */
  @Override
  public DeadLetter letter(Bytes value, String reason, String detail) {
    DeadLetter letter = value.letter(reason, detail);
    EventAssembler row = new EventAssembler(columns, "");
    if (decode(value, row) == null) {
      letter.setText(RowText.of(row.event(), columns, redaction));
    } else if (!redaction.any()) {
      int start = value.start();
      byte[] shown = Arrays.copyOfRange(value.buffer(), start, start + value.shown());
      letter.setBase64(Base64.getEncoder().encodeToString(shown));
    }
    return letter;
  }
}
