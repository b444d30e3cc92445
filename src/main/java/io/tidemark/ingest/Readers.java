package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import io.tidemark.spec.Format;
import java.io.Serializable;

/** A reader a format, all for the same columns. */
final class Readers implements Serializable {
  private static final long serialVersionUID = 1;

  private final Redaction redaction;
  private final EventReader parquet;
  private final EventReader jsonLines;
  private final EventReader avro;
  private final EventReader csv;
  private final EventReader kafka;

  Readers(EventColumns columns, Redaction redaction) {
    this.redaction = redaction;
    this.parquet = new ParquetReader(columns, redaction);
    this.jsonLines = new JsonLinesReader(columns, redaction);
    this.avro = new AvroReader(columns, redaction);
    this.csv = new CsvReader(columns, redaction);
    this.kafka = new KafkaReader(columns, redaction);
  }

  EventReader of(FileSplit split) {
    return split.topic() != null ? kafka : ShownPath.in(of(split.format()), split, redaction);
  }

  /** Of files. */
  EventReader of(Format format) {
    return switch (format) {
      case PARQUET -> parquet;
      case JSONL -> jsonLines;
      case AVRO -> avro;
      case CSV -> csv;
    };
  }
}
