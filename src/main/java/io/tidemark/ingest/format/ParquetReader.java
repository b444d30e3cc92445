package io.tidemark.ingest.format;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLayout;
import io.tidemark.event.IdColumn;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.TextColumn;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.BatchClaims;
import io.tidemark.ingest.row.Claims;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Kind;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RowText;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/**
 * Parquet columns straight into batches of events: no record is built between. A column that a file
 * lacks is missing in all its rows, or what the file's path says.
 */
final class ParquetReader {

  private final String path;
  private final Audience audience;
  private final Claims claims;
  private final BatchClaims batchClaims;

  private ParquetReader(FileSplit split, Audience audience) {
    this.path = split.path();
    this.audience = audience;
    this.claims = new Claims(audience.takers().stream().map(Audience.Taker::where).toList());
    this.batchClaims = new BatchClaims(claims, audience.takers().size());
  }

  static void read(FileSplit split, Audience audience) throws IOException {
    new ParquetReader(split, audience).read(split);
  }

  private void read(FileSplit split) throws IOException {
    try (ParquetFile opened = ParquetFile.open(split.path())) {
      ParquetFileReader file = opened.reader();
      MessageType schema = file.getFileMetaData().getSchema();
      Columns columns = new Columns(schema);
      file.setRequestedSchema(ParquetColumns.project(schema, columns.wanted()));
      long first = 0;
      for (int group = 0; group < split.end(); group++) {
        long rows = file.getRowGroups().get(group).getRowCount();
        if (group >= split.start() && rows > 0) {
          readGroup(file, group, columns, first);
        }
        first += rows;
      }
    }
  }

  private void readGroup(ParquetFileReader file, int group, Columns columns, long firstRow)
      throws IOException {
    long done = 0;
    try (PageReadStore pages = open(file, group)) {
      columns.open(pages);
      long rows = pages.getRowCount();
      while (done < rows) {
        int batch = (int) Math.min(ColumnBatch.ROWS, rows - done);
        columns.read(batch);
        hand(columns, batch, firstRow + done);
        done += batch;
      }
    } catch (DamagedException e) {
      throw new InputException(
          path
              + ": is damaged in row group "
              + group
              + ", at or after row "
              + (firstRow + done)
              + ": "
              + e.getMessage());
    }
  }

  private static PageReadStore open(ParquetFileReader file, int group) {
    try {
      return file.readRowGroup(group);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw new DamagedException(null, e);
    }
  }

  /** Says what of a page could not be decoded. */
  private static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedException(ColumnDescriptor column, Throwable cause) {
      super(
          (column == null ? "" : "column " + String.join(".", column.getPath()) + ": ")
              + DecodeFailure.reason(cause),
          cause);
    }
  }

  private void hand(Columns columns, int rows, long firstRow) {
    int unclaimed =
        batchClaims.hand(
            columns.telling(),
            rows,
            (taker, which, count) ->
                hand(
                    audience.takers().get(taker),
                    columns.own.get(taker).batch(),
                    which,
                    count,
                    firstRow));
    if (unclaimed > 0) {
      audience.others().unclaimed(unclaimed);
    }
  }

  /** Sorts the usable rows from the others. */
  private void hand(Audience.Taker taker, EventBatch batch, int[] rows, int wanted, long firstRow) {
    int count = 0;
    for (int i = 0; i < wanted; i++) {
      int row = rows[i];
      if (usable(taker.columns().predictions(), batch, row)) {
        rows[count++] = row;
        continue;
      }
      InferenceEvent event = batch.event(row);
      EventAssembler.Problem problem = problem(taker.columns(), event);
      taker.sink().bad(letter(taker, event, problem, firstRow + row));
    }
    if (count > 0) {
      taker.sink().at(firstRow);
      taker.sink().batch(batch, rows, count);
    }
  }

  /** The same rule as {@link #problem} without building the row. */
  private static boolean usable(List<Use> predictions, EventBatch batch, int row) {
    if (!EventTime.isUsable(batch.times()[row])) {
      return false;
    }
    if (batch.ids() != null && batch.ids().isEmpty(row)) {
      return false;
    }
    for (Use use : predictions) {
      boolean present =
          use.kind() == Kind.NUMBER
              ? !Double.isNaN(batch.numbers()[use.slot()][row])
              : batch.categories()[use.slot()].codes()[row] >= 0;
      if (!present) {
        return false;
      }
    }
    return true;
  }

  private static EventAssembler.Problem problem(EventColumns own, InferenceEvent event) {
    return EventAssembler.problem(
        own,
        event.id() == null || event.id().isEmpty() ? null : event.id(),
        event.timeMicros() != EventTime.MISSING,
        event.timeMicros(),
        event.numbers(),
        event.categories(),
        event.invalid());
  }

  private DeadLetter letter(
      Audience.Taker taker, InferenceEvent event, EventAssembler.Problem problem, long row) {
    DeadLetter letter = new DeadLetter();
    letter.setReason(problem.reason());
    letter.setDetail(problem.detail());
    letter.setSource(path);
    letter.setPosition(row);
    letter.setText(RowText.of(event, taker.columns(), taker.redaction()));
    return letter;
  }

  /** The columns of a file that anyone wants, each decoded once. */
  private final class Columns {
    private final MessageType schema;
    private final Map<Wanted, ColumnBatch> batches = new LinkedHashMap<>();
    private final Map<List<String>, List<ColumnBatch>> byColumn = new LinkedHashMap<>();
    private final List<Own> own = new ArrayList<>();
    private final Own telling;

    /** What a column is decoded to. */
    private record Wanted(List<String> column, Kind kind, ZoneId zone) {}

    Columns(MessageType schema) {
      this.schema = schema;
      audience.takers().forEach(each -> own.add(new Own(each.columns(), this)));
      this.telling = new Own(claims.asColumns(), this);
    }

    /** Null where the file has no such column. */
    private ColumnBatch bound(Use use, EventTime time) {
      ColumnDescriptor column = ParquetColumns.find(schema, use, path);
      if (column == null) {
        return null;
      }
      List<String> name = List.of(column.getPath());
      return batches.computeIfAbsent(
          new Wanted(name, use.kind(), time.zone()),
          any -> {
            ColumnBatch batch = ColumnBatch.of(column, use, time);
            byColumn.computeIfAbsent(name, each -> new ArrayList<>()).add(batch);
            return batch;
          });
    }

    List<ColumnDescriptor> wanted() {
      return batches.values().stream().map(batch -> batch.column).toList();
    }

    void open(PageReadStore pages) {
      for (List<ColumnBatch> uses : byColumn.values()) {
        ColumnDescriptor column = uses.get(0).column;
        try {
          ColumnPages read = new ColumnPages(column, pages.getPageReader(column), uses.size());
          uses.forEach(use -> use.open(new ColumnCursor(read)));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          throw new DamagedException(column, e);
        }
      }
    }

    void read(int rows) {
      for (ColumnBatch batch : batches.values()) {
        try {
          batch.read(rows);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          throw new DamagedException(batch.column, e);
        }
      }
    }

    /** What tells whose a row is. */
    TextColumn[] telling() {
      return telling.batch().categories();
    }
  }

  /** One taker's columns among them, as a batch of events. */
  private final class Own {
    private final EventColumns columns;
    private final TextBatch[] texts;
    private final NumberBatch[] numbers;
    private ColumnBatch ids;
    private TextBatch versions;
    private TimeBatch times;
    private final TextBatch[] extras;
    private final AbsentColumns absent;

    Own(EventColumns columns, Columns file) {
      EventLayout layout = columns.layout();
      this.columns = columns;
      numbers = new NumberBatch[layout.numbers()];
      texts = new TextBatch[layout.categories()];
      extras = new TextBatch[layout.extras().size()];
      absent = new AbsentColumns(columns, path);
      for (Use use : columns.columns()) {
        ColumnBatch batch = file.bound(use, columns.time());
        if (batch != null) {
          bind(use, batch);
        }
      }
    }

    private void bind(Use use, ColumnBatch batch) {
      switch (use.kind()) {
        case NUMBER -> numbers[use.slot()] = (NumberBatch) batch;
        case CATEGORY -> texts[use.slot()] = (TextBatch) batch;
        case EXTRA -> extras[use.slot()] = (TextBatch) batch;
        case ID -> ids = batch;
        case VERSION -> versions = (TextBatch) batch;
        case TIME -> times = (TimeBatch) batch;
      }
    }

    EventBatch batch() {
      double[][] values = new double[numbers.length][];
      boolean[][] invalid = new boolean[numbers.length][];
      for (int i = 0; i < values.length; i++) {
        values[i] = numbers[i] == null ? absent.numbers(i) : numbers[i].values;
        invalid[i] = numbers[i] == null ? absent.invalid(i) : numbers[i].invalid();
      }
      return new EventBatch(
          columns.layout(),
          ids(),
          times == null ? absent.times() : times.values,
          versions == null ? absent.versions() : versions.column(),
          values,
          invalid,
          columns(texts, absent::category),
          columns(extras, absent::extra));
    }

    private IdColumn ids() {
      if (ids == null) {
        return absent.ids();
      }
      return ids instanceof IdBatch bytes ? bytes : ((TextBatch) ids).column();
    }

    private static TextColumn[] columns(TextBatch[] read, IntFunction<TextColumn> absent) {
      TextColumn[] all = new TextColumn[read.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = read[i] == null ? absent.apply(i) : read[i].column();
      }
      return all;
    }
  }
}
