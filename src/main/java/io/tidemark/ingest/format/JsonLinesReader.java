package io.tidemark.ingest.format;

import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.Envelope;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.ingest.row.RecordTakers;
import java.io.IOException;

/** Lines of JSON objects. */
final class JsonLinesReader {
  private JsonLinesReader() {}

  static void read(FileSplit split, Audience audience) throws IOException {
    RecordTakers takers = new RecordTakers(Envelope.NONE, audience, split.path(), JsonRows::new);
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
          takers.read(bytes(split, lines));
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
