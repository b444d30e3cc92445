package io.tidemark.simulate;

import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A format that logs are simulated in.
 *
 * @param typed whether values keep their types, so that none can be of another
 * @param objects whether a row is an object, so that it may be something else
 */
record LogFormat(Format format, Writer writer, boolean typed, boolean objects) {
  private static final List<LogFormat> ALL =
      List.of(
          new LogFormat(Format.PARQUET, ParquetLog::bytes, true, false),
          new LogFormat(Format.AVRO, AvroLog::bytes, true, false),
          new LogFormat(Format.JSONL, JsonLinesLog::bytes, false, true),
          new LogFormat(Format.CSV, CsvLog::bytes, false, false));

  /** Makes a file of rows. */
  interface Writer {
    byte[] bytes(List<Column> columns, Iterable<LogRow> rows) throws IOException;
  }

  /**
   * @throws SimulationException if no log can be simulated in it
   */
  static LogFormat of(Format format) {
    return ALL.stream()
        .filter(one -> one.format == format)
        .findFirst()
        .orElseThrow(
            () ->
                new SimulationException(
                    "no log is simulated in format "
                        + format.name().toLowerCase(Locale.ROOT)
                        + "; leave it out of the spec for Parquet"));
  }
}
