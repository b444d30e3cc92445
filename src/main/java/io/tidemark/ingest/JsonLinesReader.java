package io.tidemark.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.EventColumns.Use;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * JSON lines straight into events: a streaming parse that looks each name up in the tree of
 * declared paths and skips everything else.
 */
final class JsonLinesReader implements EventReader {
  private static final long serialVersionUID = 1;

  /** Longer lines are no rows of a log; they would only cost memory. */
  static final int MAX_LINE = 8 << 20;

  /** How much of a line that is too long a dead letter shows. */
  private static final int SHOWN = 1000;

  private final EventColumns columns;
  private final Redaction redaction;

  /** Made at the first use. A reader is shared by the threads of a process: both or neither. */
  private transient volatile Parsing parsing;

  private record Parsing(JsonFactory factory, PathTree paths) {}

  JsonLinesReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.redaction = redaction;
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    Parsing parsing = parsing();
    EventAssembler row = new EventAssembler(columns, split.path());
    // A split that does not start the file starts a byte early and passes over the line that holds
    // it: that line, or the rest of it, belongs to the split before.
    long start = split.start() == 0 ? 0 : split.start() - 1;
    try (LineReader lines =
        new LineReader(TextInput.open(split.path(), split.gzip(), start), start, MAX_LINE)) {
      if (split.start() > 0 && !lines.next()) {
        return;
      }
      while (lines.next() && lines.offset() < split.end()) {
        readLine(split, parsing, lines, row, sink);
      }
    } catch (TextInput.TruncatedException e) {
      throw new InputException(split.path() + ": " + e.getMessage());
    }
  }

  private Parsing parsing() {
    if (parsing == null) {
      JsonFactory factory =
          JsonFactory.builder()
              .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(MAX_LINE).build())
              .build();
      parsing = new Parsing(factory, PathTree.of(columns.columns()));
    }
    return parsing;
  }

  private void readLine(
      FileSplit split, Parsing parsing, LineReader line, EventAssembler row, EventSink sink) {
    if (line.tooLong()) {
      sink.bad(
          letter(
              split,
              line,
              "line_too_long",
              "a line of " + line.fullLength() + " bytes; at most " + MAX_LINE + " are read"));
      return;
    }
    if (blank(line)) {
      return; // no row, as in every reader of JSON lines
    }
    row.reset();
    try (JsonParser parser =
        parsing.factory().createParser(line.buffer(), line.start(), line.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        sink.bad(letter(split, line, "not_an_object", "the line is no JSON object"));
        return;
      }
      readObject(parser, parsing.paths(), row);
      if (parser.nextToken() != null) {
        sink.bad(letter(split, line, "malformed", "there is more after the JSON object"));
        return;
      }
    } catch (JsonProcessingException e) {
      sink.bad(letter(split, line, "malformed", e.getOriginalMessage()));
      return;
    } catch (IOException e) { // bytes that the parser takes for another encoding
      sink.bad(letter(split, line, "malformed", "not UTF-8"));
      return;
    }
    EventAssembler.Problem problem = row.problem();
    if (problem != null) {
      sink.bad(letter(split, line, problem.reason(), problem.detail()));
    } else {
      sink.at(line.offset());
      sink.event(row.event());
    }
  }

  private static void readObject(JsonParser parser, PathTree node, EventAssembler row)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      PathTree child = node.child(parser.currentName());
      JsonToken value = parser.nextToken();
      if (child == null) {
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT && child.hasChildren()) {
        readObject(parser, child, row);
      } else {
        for (Use use : child.uses()) {
          set(parser, value, use, row);
        }
        parser.skipChildren();
      }
    }
  }

  private static void set(JsonParser parser, JsonToken value, Use use, EventAssembler row)
      throws IOException {
    switch (value) {
      case VALUE_STRING -> row.setText(use, parser.getText());
      case VALUE_NUMBER_INT -> {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          setBig(use, new BigDecimal(parser.getBigIntegerValue()), row);
        } else {
          row.setLong(use, parser.getLongValue());
        }
      }
      case VALUE_NUMBER_FLOAT -> row.setDouble(use, parser.getDoubleValue());
      case VALUE_TRUE -> row.setBoolean(use, true);
      case VALUE_FALSE -> row.setBoolean(use, false);
      case VALUE_NULL -> {} // missing, as if it were not there
      default -> row.setUnusable(use);
    }
  }

  private static void setBig(Use use, BigDecimal value, EventAssembler row) {
    if (use.kind() == EventColumns.Kind.NUMBER) {
      row.setDouble(use, value.doubleValue());
    } else if (use.kind() == EventColumns.Kind.TIME) {
      row.setTime(EventTime.UNREADABLE);
    } else {
      row.setText(use, value.toPlainString());
    }
  }

  private static boolean blank(LineReader line) {
    for (int i = line.start(); i < line.start() + line.length(); i++) {
      if (line.buffer()[i] != ' ' && line.buffer()[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private DeadLetter letter(FileSplit split, LineReader line, String reason, String detail) {
    DeadLetter letter = new DeadLetter();
    letter.setReason(reason);
    letter.setDetail(detail);
    letter.setSource(split.path());
    letter.setPosition(line.offset());
    int shown = line.tooLong() ? Math.min(SHOWN, line.length()) : line.length();
    ByteBuffer bytes = ByteBuffer.wrap(line.buffer(), line.start(), shown);
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
