package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import io.tidemark.spec.Format;
import java.io.Serializable;
import java.util.EnumMap;

/** A reader a format, all for the same columns. */
final class Readers implements Serializable {
  private static final long serialVersionUID = 1;

  private final Redaction redaction;
  private final EnumMap<Format, EventReader> files = new EnumMap<>(Format.class);
  private final EventReader kafka;

  Readers(EventColumns columns, Redaction redaction) {
    this.redaction = redaction;
    FormatReaders.ALL.forEach(one -> files.put(one.format(), one.reader(columns, redaction)));
    this.kafka = new KafkaReader(columns, redaction);
  }

  EventReader of(FileSplit split) {
    return split.topic() != null ? kafka : ShownPath.in(of(split.format()), split, redaction);
  }

  /** Of files. */
  EventReader of(Format format) {
    return files.get(format);
  }
}
