package io.tidemark.ingest.row;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.schema.DeadLetter;

/** Takes the rows of a split, in the order they stand there. */
public interface EventSink {
  /**
   * Says where the next event, or the first row of the next batch's whole, stands in its file: the
   * position that a dead letter would have.
   */
  default void at(long position) {}

  void event(InferenceEvent event);

  /**
   * Takes usable rows of a batch.
   *
   * @param rows indices into the batch, ascending
   * @param count how many of them are meant; the array is the sink's to change
   */
  default void batch(EventBatch batch, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      event(batch.event(rows[i]));
    }
  }

  void bad(DeadLetter letter);
}
