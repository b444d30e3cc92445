package io.tidemark.ingest.scan;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.EventReader;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.FormatReaders;
import io.tidemark.ingest.format.ShownPath;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.io.Serializable;

/** Reads pieces of a log, files of each format and topics alike. */
public final class Readers implements Serializable {
  private static final long serialVersionUID = 1;

  private final EventColumns columns;
  private final Redaction redaction;

  /** Reads all rows, each as it is read for a model alone. */
  public Readers(EventColumns columns, Redaction redaction) {
    this.columns = columns;
    this.redaction = redaction;
  }

  public EventReader of(FileSplit split) {
    return (each, sink) -> read(each, Audience.of(columns, redaction, sink));
  }

  /** Of files, with their paths as they are. */
  public EventReader of(Format format) {
    return (each, sink) ->
        FormatReaders.of(format).read(each, Audience.of(columns, redaction, sink));
  }

  /** Reads a piece once, and hands each row to those who want it. */
  public static void read(FileSplit split, Audience audience) throws IOException {
    ShownPath.guarded(
        split,
        audience,
        shown -> {
          if (split.topic() != null) {
            KafkaReader.read(split, shown);
          } else {
            FormatReaders.of(split.format()).read(split, shown);
          }
        });
  }
}
