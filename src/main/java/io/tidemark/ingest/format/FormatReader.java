package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * An input format: all that a run has to know of it. Registered in {@link FormatReaders}.
 * Stateless.
 */
public interface FormatReader {
  /** Its name in specs. */
  Format format();

  /** Its name in sentences. */
  String title();

  /** Ends of the names of its files, with the dot; small, and without a further {@code .gz}. */
  List<String> suffixes();

  /**
   * Looks at a file: which pieces it is read in, and what it lacks.
   *
   * @param gzip whether its name ends with {@code .gz}
   * @throws InputException if it cannot be read, or no row of it could be used
   */
  FilePlan plan(MatchResult.Metadata file, boolean gzip, EventColumns columns);

  /** Reads a piece once, and hands each row to those who want it. */
  void read(FileSplit split, Audience audience) throws IOException;

  /**
   * What decodes rows whose bytes come one by one, as a topic's values do, for one thread.
   *
   * @param schema of the topic; null: it names none
   * @throws InputException if the format is one of files alone
   */
  default RecordRows decoder(EventColumns columns, Redaction redaction, TopicSchema schema) {
    throw new InputException("values of a topic can't be " + title());
  }
}
