package io.tidemark.ingest;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLayout;
import io.tidemark.event.IdColumn;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.TextColumn;
import io.tidemark.ingest.EventColumns.Kind;
import io.tidemark.ingest.EventColumns.Use;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
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
final class ParquetReader implements EventReader {
  private static final long serialVersionUID = 1;

  private final EventColumns columns;
  private final Redaction redaction;
  private final List<Use> predictions;

  ParquetReader(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.redaction = redaction;
    this.predictions = columns.predictions();
  }

  @Override
  public void read(FileSplit split, EventSink sink) throws IOException {
    try (ParquetFile opened = ParquetFile.open(split.path())) {
      ParquetFileReader file = opened.reader();
      MessageType schema = file.getFileMetaData().getSchema();
      Row row = new Row(schema, split.path());
      file.setRequestedSchema(ParquetColumns.project(schema, row.wanted()));
      long first = 0;
      for (int group = 0; group < split.end(); group++) {
        long rows = file.getRowGroups().get(group).getRowCount();
        if (group >= split.start() && rows > 0) {
          readGroup(file, group, row, split.path(), first, sink);
        }
        first += rows;
      }
    }
  }

  private void readGroup(
      ParquetFileReader file, int group, Row row, String path, long firstRow, EventSink sink)
      throws IOException {
    long done = 0;
    try (PageReadStore pages = open(file, group)) {
      row.open(pages);
      long rows = pages.getRowCount();
      while (done < rows) {
        int batch = (int) Math.min(ColumnBatch.ROWS, rows - done);
        row.read(batch);
        hand(row.batch(), batch, path, firstRow + done, sink);
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

  /** Sorts the usable rows from the others. */
  private void hand(EventBatch batch, int rows, String path, long firstRow, EventSink sink) {
    int[] usable = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (usable(batch, row)) {
        usable[count++] = row;
        continue;
      }
      InferenceEvent event = batch.event(row);
      EventAssembler.Problem problem = problem(event);
      sink.bad(letter(event, problem, path, firstRow + row));
    }
    if (count > 0) {
      sink.at(firstRow);
      sink.batch(batch, usable, count);
    }
  }

  /** The same rule as {@link #problem} without building the row. */
  private boolean usable(EventBatch batch, int row) {
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

  private EventAssembler.Problem problem(InferenceEvent event) {
    return EventAssembler.problem(
        columns,
        event.id() == null || event.id().isEmpty() ? null : event.id(),
        event.timeMicros() != EventTime.MISSING,
        event.timeMicros(),
        event.numbers(),
        event.categories(),
        event.invalid());
  }

  private DeadLetter letter(
      InferenceEvent event, EventAssembler.Problem problem, String path, long row) {
    DeadLetter letter = new DeadLetter();
    letter.setReason(problem.reason());
    letter.setDetail(problem.detail());
    letter.setSource(path);
    letter.setPosition(row);
    letter.setText(RowText.of(event, columns, redaction));
    return letter;
  }

  /** The columns of a file that are wanted, and the batch that they are decoded into. */
  private final class Row {
    private final List<ColumnBatch> batches = new ArrayList<>();
    private final Map<List<String>, List<ColumnBatch>> byColumn = new LinkedHashMap<>();
    private final TextBatch[] texts;
    private final NumberBatch[] numbers;
    private ColumnBatch ids;
    private TextBatch versions;
    private TimeBatch times;
    private final TextBatch[] extras;
    private final AbsentColumns absent;

    Row(MessageType schema, String path) {
      EventLayout layout = columns.layout();
      numbers = new NumberBatch[layout.numbers()];
      texts = new TextBatch[layout.categories()];
      extras = new TextBatch[layout.extras().size()];
      absent = new AbsentColumns(columns, path);
      for (Use use : columns.columns()) {
        ColumnDescriptor column = ParquetColumns.find(schema, use, path);
        if (column != null) {
          bind(use, column);
        }
      }
    }

    private void bind(Use use, ColumnDescriptor column) {
      ColumnBatch batch = ColumnBatch.of(column, use, columns.time());
      batches.add(batch);
      byColumn.computeIfAbsent(List.of(column.getPath()), path -> new ArrayList<>()).add(batch);
      switch (use.kind()) {
        case NUMBER -> numbers[use.slot()] = (NumberBatch) batch;
        case CATEGORY -> texts[use.slot()] = (TextBatch) batch;
        case EXTRA -> extras[use.slot()] = (TextBatch) batch;
        case ID -> ids = batch;
        case VERSION -> versions = (TextBatch) batch;
        case TIME -> times = (TimeBatch) batch;
      }
    }

    List<ColumnDescriptor> wanted() {
      return batches.stream().map(batch -> batch.column).toList();
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
      for (ColumnBatch batch : batches) {
        try {
          batch.read(rows);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          throw new DamagedException(batch.column, e);
        }
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

    private TextColumn[] columns(TextBatch[] read, IntFunction<TextColumn> absent) {
      TextColumn[] all = new TextColumn[read.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = read[i] == null ? absent.apply(i) : read[i].column();
      }
      return all;
    }
  }
}
