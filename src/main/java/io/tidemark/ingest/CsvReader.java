package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.CsvRecords.Cell;
import io.tidemark.ingest.EventColumns.Use;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.CountText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CSV with a header line, UTF-8. An empty cell is missing.
 *
 * <p>CSV has no types, so the text of categorical fields and labels is brought to the one form that
 * typed files have ({@link ValueText#ofUntyped}). Versions and carried columns stay as they are
 * written.
 *
 * <p>A file is read in one piece: where a line begins inside quotes cannot be told from its middle.
 */
final class CsvReader implements EventReader {
  private static final long serialVersionUID = 1;

  /** How much of a record that is too long a dead letter shows. */
  private static final int SHOWN = 1000;

  private final EventColumns columns;
  private final Redaction redaction;

  CsvReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.redaction = redaction;
  }

  /**
   * The names in a file's header.
   *
   * @throws InputException if there is none, or a name is there twice
   */
  static List<String> header(String path, boolean gzip) throws IOException {
    try (CsvRecords records = records(path, gzip)) {
      return header(path, records);
    }
  }

  private static CsvRecords records(String path, boolean gzip) throws IOException {
    InputStream in = TextInput.open(path, gzip, 0);
    return new CsvRecords(in, JsonRows.MAX_LENGTH);
  }

  private static List<String> header(String path, CsvRecords records) throws IOException {
    if (!records.next() || records.problem() != null || records.tooLong()) {
      throw new InputException(path + ": has no header line with the columns' names");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Cell cell : records.cells()) {
      String name = text(records.bytes(), cell);
      if (!cell.quoted() && name.indexOf('\r') >= 0) {
        throw new InputException(
            path + ": its lines end with carriage returns alone; end them with line feeds");
      }
      if (!seen.add(name) && !name.isEmpty()) {
        throw new InputException(path + ": has two columns named " + name);
      }
      names.add(name);
    }
    return names;
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    try (CsvRecords records = records(split.path(), split.gzip())) {
      List<String> header = header(split.path(), records);
      List<List<Use>> uses = uses(header);
      EventAssembler row = new EventAssembler(columns, split.path());
      while (records.next()) {
        readRecord(split, records, header, uses, row, sink);
      }
    } catch (TextInput.TruncatedException e) {
      throw new InputException(split.path() + ": " + e.getMessage());
    }
  }

  private List<List<Use>> uses(List<String> header) {
    Map<String, List<Use>> byPath = new HashMap<>();
    for (Use use : columns.columns()) {
      byPath.computeIfAbsent(use.path(), path -> new ArrayList<>()).add(use);
    }
    return header.stream().map(name -> byPath.getOrDefault(name, List.of())).toList();
  }

  private void readRecord(
      FileSplit split,
      CsvRecords records,
      List<String> header,
      List<List<Use>> uses,
      EventAssembler row,
      EventSink sink) {
    if (records.tooLong()) {
      String detail =
          "a record of "
              + records.fullLength()
              + " bytes; at most "
              + JsonRows.MAX_LENGTH
              + " are read";
      sink.bad(letter(split, records, header, "line_too_long", detail));
      return;
    }
    if (records.problem() != null) {
      sink.bad(letter(split, records, header, "malformed", records.problem()));
      return;
    }
    List<Cell> cells = records.cells();
    if (cells.size() != header.size()) {
      String detail = CountText.of(cells.size(), "cell") + "; the header has " + header.size();
      sink.bad(letter(split, records, header, "malformed", detail));
      return;
    }
    if (!ByteText.isUtf8(records.bytes(), 0, records.bytes().length)) {
      sink.bad(letter(split, records, header, "malformed", "not UTF-8"));
      return;
    }
    row.reset();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      if (!uses.get(i).isEmpty() && cell.start() < cell.end()) {
        String text = ByteText.ofText(text(records.bytes(), cell));
        for (Use use : uses.get(i)) {
          row.setUntyped(use, text);
        }
      }
    }
    EventAssembler.Problem problem = row.problem();
    if (problem != null) {
      sink.bad(letter(split, records, header, problem.reason(), problem.detail()));
    } else {
      sink.at(records.offset());
      sink.event(row.event());
    }
  }

  private static String text(byte[] bytes, Cell cell) {
    String text =
        new String(bytes, cell.start(), cell.end() - cell.start(), StandardCharsets.UTF_8);
    return cell.quoted() && text.indexOf('"') >= 0 ? text.replace("\"\"", "\"") : text;
  }

  private DeadLetter letter(
      FileSplit split, CsvRecords records, List<String> header, String reason, String detail) {
    DeadLetter letter = new DeadLetter();
    letter.setReason(reason);
    letter.setDetail(detail);
    letter.setSource(split.path());
    letter.setPosition(records.offset());
    byte[] bytes = records.bytes();
    if (records.tooLong()) {
      bytes = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN));
    }
    if (redaction.any()) {
      letter.setText(redacted(records, header));
    } else if (ByteText.isUtf8(bytes, 0, bytes.length)) {
      letter.setText(new String(bytes, StandardCharsets.UTF_8));
    } else {
      letter.setBase64(new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1));
    }
    return letter;
  }

  /**
   * The declared columns as a JSON object, hidden ones as they may be shown; null where cells
   * cannot be told apart. An undeclared column may hold a copy of what is hidden.
   */
  private String redacted(CsvRecords records, List<String> header) {
    List<Cell> cells = records.cells();
    if (records.tooLong() || records.problem() != null || cells.size() != header.size()) {
      return null;
    }
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      row.put(header.get(i), text(records.bytes(), cells.get(i)));
    }
    return RedactedJson.of(row, columns, redaction);
  }
}
