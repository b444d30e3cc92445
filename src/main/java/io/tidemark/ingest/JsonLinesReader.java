package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import java.io.IOException;

/** Lines of JSON objects. */
final class JsonLinesReader implements EventReader {
  private static final long serialVersionUID = 1;

  private final EventColumns columns;
  private final JsonRows rows;

  JsonLinesReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.rows = new JsonRows(columns, redaction);
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    EventAssembler row = new EventAssembler(columns, split.path());
    RecordRows records = Envelope.NONE.around(rows);
    // A split that does not start the file starts a byte early and passes over the line that holds
    // it: that line, or the rest of it, belongs to the split before.
    long start = split.start() == 0 ? 0 : split.start() - 1;
    try (LineReader lines =
        new LineReader(
            TextInput.open(split.path(), split.gzip(), start), start, JsonRows.MAX_LENGTH)) {
      if (split.start() > 0 && !lines.next()) {
        return;
      }
      while (lines.next() && lines.offset() < split.end()) {
        if (lines.tooLong() || !blank(lines)) { // a blank one is no row, as in every reader
          records.read(bytes(split, lines), row, sink);
        }
      }
    } catch (TextInput.TruncatedException e) {
      throw new InputException(split.path() + ": " + e.getMessage());
    }
  }

  private static RecordRows.Bytes bytes(FileSplit split, LineReader line) {
    long full = line.tooLong() ? line.fullLength() : line.length();
    return new RecordRows.Bytes(
        split.path(), line.offset(), line.buffer(), line.start(), line.length(), full);
  }

  private static boolean blank(LineReader line) {
    for (int i = line.start(); i < line.start() + line.length(); i++) {
      if (line.buffer()[i] != ' ' && line.buffer()[i] != '\t') {
        return false;
      }
    }
    return true;
  }
}
