package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.format.CsvRecords.Cell;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.ByteText;
import io.tidemark.ingest.row.Claims;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RedactedJson;
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
final class CsvReader {

  /** How much of a record that is too long a dead letter shows. */
  private static final int SHOWN = 1000;

  private final FileSplit split;
  private final Audience audience;

  private List<String> header;
  private CsvRecords records;

  /**
   * What is made of a row.
   *
   * @param uses of its cells, in the order of the header
   */
  private record Row(EventColumns columns, List<List<Use>> uses, EventAssembler values) {}

  CsvReader(FileSplit split, Audience audience) {
    this.split = split;
    this.audience = audience;
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

  void read() throws IOException {
    try (CsvRecords opened = records(split.path(), split.gzip())) {
      records = opened;
      header = header(split.path(), records);
      Claims claims = new Claims(audience.takers().stream().map(Audience.Taker::where).toList());
      Row told = row(claims.asColumns());
      List<Row> rows = audience.takers().stream().map(each -> row(each.columns())).toList();
      while (records.next()) {
        EventAssembler.Problem problem = problem();
        if (problem != null) {
          unreadable(claims, problem);
          continue;
        }
        List<Integer> takers = claims.always();
        if (takers.size() < rows.size()) {
          fill(told);
          takers = claims.of(told.values().event().categories());
        }
        for (int taker : takers) {
          fill(rows.get(taker));
          hand(rows.get(taker), audience.takers().get(taker));
        }
        if (takers.isEmpty()) {
          audience.others().unclaimed(1);
        }
      }
    } catch (TextInput.TruncatedException e) {
      throw new InputException(split.path() + ": " + e.getMessage());
    }
  }

  private Row row(EventColumns columns) {
    Map<String, List<Use>> byPath = new HashMap<>();
    for (Use use : columns.columns()) {
      byPath.computeIfAbsent(use.path(), path -> new ArrayList<>()).add(use);
    }
    return new Row(
        columns,
        header.stream().map(name -> byPath.getOrDefault(name, List.of())).toList(),
        new EventAssembler(columns, split.path()));
  }

  /** Why a record is no row, or null. */
  private EventAssembler.Problem problem() {
    if (records.tooLong()) {
      return new EventAssembler.Problem(
          "line_too_long",
          "a record of "
              + records.fullLength()
              + " bytes; at most "
              + JsonRows.MAX_LENGTH
              + " are read");
    }
    if (records.problem() != null) {
      return malformed(records.problem());
    }
    List<Cell> cells = records.cells();
    if (cells.size() != header.size()) {
      return malformed(CountText.of(cells.size(), "cell") + "; the header has " + header.size());
    }
    return ByteText.isUtf8(records.bytes(), 0, records.bytes().length)
        ? null
        : malformed("not UTF-8");
  }

  private static EventAssembler.Problem malformed(String detail) {
    return new EventAssembler.Problem("malformed", detail);
  }

  private void fill(Row row) {
    row.values().reset();
    List<Cell> cells = records.cells();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      if (!row.uses().get(i).isEmpty() && cell.start() < cell.end()) {
        String text = ByteText.ofText(text(records.bytes(), cell));
        for (Use use : row.uses().get(i)) {
          row.values().setUntyped(use, text);
        }
      }
    }
  }

  private void hand(Row row, Audience.Taker taker) {
    EventAssembler.Problem problem = row.values().problem();
    if (problem != null) {
      taker.sink().bad(letter(problem, row.columns(), taker.redaction()));
    } else {
      taker.sink().at(records.offset());
      taker.sink().event(row.values().event());
    }
  }

  private void unreadable(Claims claims, EventAssembler.Problem problem) {
    for (int each : claims.always()) {
      Audience.Taker taker = audience.takers().get(each);
      taker.sink().bad(letter(problem, taker.columns(), taker.redaction()));
    }
    if (claims.always().isEmpty()) {
      audience.others().unreadable(letter(problem, claims.asColumns(), audience.ofAll()));
    }
  }

  private static String text(byte[] bytes, Cell cell) {
    String text =
        new String(bytes, cell.start(), cell.end() - cell.start(), StandardCharsets.UTF_8);
    return cell.quoted() && text.indexOf('"') >= 0 ? text.replace("\"\"", "\"") : text;
  }

  private DeadLetter letter(
      EventAssembler.Problem problem, EventColumns columns, Redaction redaction) {
    DeadLetter letter = new DeadLetter();
    letter.setReason(problem.reason());
    letter.setDetail(problem.detail());
    letter.setSource(split.path());
    letter.setPosition(records.offset());
    byte[] bytes = records.bytes();
    if (records.tooLong()) {
      bytes = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN));
    }
    if (redaction.any()) {
      letter.setText(redacted(columns, redaction));
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
  private String redacted(EventColumns columns, Redaction redaction) {
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
