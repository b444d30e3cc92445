package io.tidemark.ingest.row;

import java.io.Serializable;

/**
 * What stands around rows in the bytes of a record, such as the body of a request to a model
 * server: the step between bytes and rows. It knows no columns; what is inside is left to the
 * format's decoder.
 */
public interface Envelope extends Serializable {
  /** A record is a row. */
  Envelope NONE = (record, inside) -> inside.row(record);

  /** Takes the envelope off. */
  void open(RecordRows.Bytes record, Inside inside);

  /** What is found in it, any number of either. */
  interface Inside {
    /** The bytes of a row, in the format of the source. */
    void row(RecordRows.Bytes bytes);

    /** A record, or part of it, that holds no row, and why. */
    void bad(String reason, String detail);
  }
}
