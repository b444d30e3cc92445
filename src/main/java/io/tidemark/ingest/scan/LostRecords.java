package io.tidemark.ingest.scan;

import io.tidemark.ingest.row.InputException;
import io.tidemark.schema.DeadLetter;

/**
 * Records that went away before they were read.
 *
 * @param source topic and partition, as dead letters name them
 * @param from first offset
 * @param count how many offsets; 1 where nobody knows
 * @param what happened, for messages
 */
public record LostRecords(String source, long from, long count, String what) {
  /** The reason of their dead letter. */
  private static final String REASON = "lost";

  /** By retention, or by hand. */
  public static LostRecords deleted(String source, long from, long begin) {
    return new LostRecords(
        source,
        from,
        begin - from,
        "the records of offsets "
            + from
            + " to "
            + (begin - 1)
            + " were deleted before they were read, by retention or by hand");
  }

  /** Another topic has the name now. */
  public static LostRecords madeAnew(String source, long from) {
    return new LostRecords(
        source,
        from,
        1,
        "the topic was deleted and made anew; what the one before held from offset "
            + from
            + " on is lost");
  }

  /** The partition ends before what was read of it. */
  public static LostRecords cutOff(String source, long read, long end) {
    return new LostRecords(
        source,
        end,
        1,
        "it was read up to offset "
            + (read - 1)
            + " and is another one from offset "
            + end
            + " on: records were cut off, or the topic was made anew");
  }

  /** Ends a run over what a topic holds; says how to go on. */
  InputException end() {
    return new InputException(
        source + ": " + what + ". Run again, or add lost=skip to the URI to go on without them");
  }

  /** Ends a job; says how to go on. */
  public StopJobException stop(String option) {
    return new StopJobException(
        source
            + ": "
            + what
            + ". To go on with what there is, add lost=skip to the URI of "
            + option
            + " and start from the job's last checkpoint or savepoint with --savepointPath; or"
            + " begin anew, with another --output");
  }

  /** Stands in for all of them. */
  public DeadLetter letter() {
    DeadLetter letter = new DeadLetter();
    letter.setReason(REASON);
    letter.setDetail(what);
    letter.setSource(source);
    letter.setPosition(from);
    return letter;
  }
}
