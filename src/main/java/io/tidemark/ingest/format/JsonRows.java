package io.tidemark.ingest.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.ByteText;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.PathTree;
import io.tidemark.ingest.row.PlainJson;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RedactedJson;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * JSON objects straight into events, wherever their bytes come from: a streaming parse that looks
 * each name up in the tree of declared paths and skips everything else. Plain objects, such as logs
 * are made of, are read by {@link PlainJson}, twice as fast.
 */
public final class JsonRows implements RecordRows, Serializable {
  private static final long serialVersionUID = 1;

  private final EventColumns columns;
  private final Redaction redaction;
  private final boolean plainFirst;

  /** Made at the first use. A reader is shared by the threads of a process: both or neither. */
  private transient volatile Parsing parsing;

  private record Parsing(JsonFactory factory, PathTree paths, ThreadLocal<PlainJson> plain) {}

  public JsonRows(EventColumns columns, Redaction redaction) {
    this(columns, redaction, true);
  }

  private JsonRows(EventColumns columns, Redaction redaction, boolean plainFirst) {
    this.columns = columns;
    this.redaction = redaction;
    this.plainFirst = plainFirst;
  }

  /** The same, by the parser that knows all of JSON alone. */
  public JsonRows withoutPlain() {
    return new JsonRows(columns, redaction, false);
  }

  private Parsing parsing() {
    if (parsing == null) {
      JsonFactory factory =
          JsonFactory.builder()
              .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
              .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER) // exact as the JDK's, and faster
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(MAX_LENGTH).build())
              .build();
      PathTree paths = PathTree.of(columns.columns());
      parsing = new Parsing(factory, paths, ThreadLocal.withInitial(() -> new PlainJson(paths)));
    }
    return parsing;
  }

  @Override
  public EventAssembler.Problem decode(Bytes bytes, EventAssembler row) {
    Parsing using = parsing();
    if (bytes.tooLong()) {
      return new EventAssembler.Problem(
          "line_too_long",
          "a line of " + bytes.fullLength() + " bytes; at most " + MAX_LENGTH + " are read");
    }
    row.reset();
    if (plainFirst) {
      if (using.plain().get().read(bytes.buffer(), bytes.start(), bytes.length(), row)) {
        return null;
      }
      row.reset();
    }
    try (JsonParser parser =
        using.factory().createParser(bytes.buffer(), bytes.start(), bytes.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new EventAssembler.Problem("not_an_object", "the line is no JSON object");
      }
      readObject(parser, using.paths(), row);
      if (parser.nextToken() != null) {
        return malformed("there is more after the JSON object");
      }
      // The parser takes several forms of a character for one.
      if (!ByteText.isUtf8(bytes.buffer(), bytes.start(), bytes.length())) {
        return malformed("not UTF-8");
      }
    } catch (JsonProcessingException e) {
      return malformed(fault(e));
    } catch (IOException e) { // bytes that the parser takes for another encoding
      return malformed("not UTF-8");
    }
    return null;
  }

  private static EventAssembler.Problem malformed(String detail) {
    return new EventAssembler.Problem("malformed", detail);
  }

  /** The parser quotes what it met, which may be a hidden column's value. */
  private String fault(JsonProcessingException e) {
    if (!redaction.any()) {
      return e.getOriginalMessage();
    }
    return e.getLocation() == null
        ? "no JSON"
        : "no JSON: the fault is at byte " + e.getLocation().getColumnNr() + " of the line";
  }

  private static void readObject(JsonParser parser, PathTree node, EventAssembler row)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      PathTree child = node.child(name);
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && child != null && child.hasChildren()) {
        readObject(parser, child, row);
        continue;
      }
      if (child != null) {
        for (int i = 0; i < child.uses().size(); i++) {
          set(parser, value, child.uses().get(i), row);
        }
      }
      if (value.isStructStart()) {
        parser.skipChildren();
      }
    }
  }

  private static void set(JsonParser parser, JsonToken value, Use use, EventAssembler row)
      throws IOException {
    switch (value) {
      case VALUE_STRING -> row.setText(use, ByteText.ofText(parser.getText()));
      case VALUE_NUMBER_INT -> {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          row.setDecimal(use, new BigDecimal(parser.getBigIntegerValue()));
        } else {
          row.setLong(use, parser.getLongValue());
        }
      }
      case VALUE_NUMBER_FLOAT -> {
        if (use.isText()) {
          row.setDecimal(use, parser.getDoubleValue(), parser.getText());
        } else {
          row.setDouble(use, parser.getDoubleValue());
        }
      }
      case VALUE_TRUE -> row.setBoolean(use, true);
      case VALUE_FALSE -> row.setBoolean(use, false);
      case VALUE_NULL -> {} // missing, as if it were not there
      default -> row.setUnusable(use);
    }
  }

  @Override
  public DeadLetter letter(Bytes row, String reason, String detail) {
    DeadLetter letter = row.letter(reason, detail);
    ByteBuffer bytes = ByteBuffer.wrap(row.buffer(), row.start(), row.shown());
    if (redaction.any()) {
      letter.setText(RedactedJson.of(bytes, columns, redaction));
      return letter;
    }
    try {
      letter.setText(StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString());
    } catch (CharacterCodingException e) {
      letter.setBase64(
          StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes)).toString());
    }
    return letter;
  }
}
