package io.tidemark.ingest.row;

import io.tidemark.schema.DeadLetter;

/** Rows whose bytes come one by one, wherever from. Not for several threads at once. */
public interface RecordRows {
  /** Longer rows are no rows of a log; they would only cost memory. */
  int MAX_LENGTH = 8 << 20;

  /** How much of a row that is too long a dead letter shows. */
  int SHOWN = 1000;

  /** Reads a row's values; says why it is none, or null. */
  EventAssembler.Problem decode(Bytes bytes, EventAssembler row);

  /** Hands the row over, as an event or a dead letter. */
  default void read(Bytes bytes, EventAssembler row, EventSink sink) {
    EventAssembler.Problem problem = decode(bytes, row);
    problem = problem == null ? row.problem() : problem;
    if (problem != null) {
      sink.bad(letter(bytes, problem.reason(), problem.detail()));
    } else {
      sink.at(bytes.position());
      sink.event(row.event());
    }
  }

  /** The row as a dead letter, with what may be shown of it. */
  public DeadLetter letter(Bytes row, String reason, String detail);

  /**
   * The bytes of a row and where they stand.
   *
   * @param source file or topic, as dead letters name it
   * @param position in it
   * @param fullLength of the row, which may be longer than what is held of it
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
  record Bytes(
      String source, long position, byte[] buffer, int start, int length, long fullLength) {
    public boolean tooLong() {
      return fullLength > MAX_LENGTH;
    }

    /** How many of the bytes a dead letter shows. */
    public int shown() {
      return tooLong() ? Math.min(SHOWN, length) : length;
    }

    /** A letter that says where the row stands and nothing of what is in it. */
    public DeadLetter letter(String reason, String detail) {
      DeadLetter letter = new DeadLetter();
      letter.setReason(reason);
      letter.setDetail(detail);
      letter.setSource(source);
      letter.setPosition(position);
      return letter;
    }
  }
}
