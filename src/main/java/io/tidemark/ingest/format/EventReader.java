package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventSink;
import java.io.IOException;
import java.io.Serializable;

/** Reads the rows of a split in one format. */
public interface EventReader extends Serializable {
  void read(FileSplit split, EventSink sink) throws IOException;
}
