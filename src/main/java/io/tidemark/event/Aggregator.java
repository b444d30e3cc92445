package io.tidemark.event;

import java.io.Serializable;
import java.util.function.BiConsumer;

/**
 * Something that is gathered from events: profiles, samples, candidate rows. The same fold runs
 * inside a file scan (batch) and behind a stream's decoder, where it gathers a bundle's rows before
 * anything is shuffled. Never one element a row: that costs more than all the counting.
 *
 * @param <K> what the gathered states are keyed by; begins with the model
 * @param <S> a mergeable state; merging must not depend on order
 */
public interface Aggregator<K, S> extends Serializable {

  /** Whether it gathers anything of a model's rows. */
  default boolean wants(String model) {
    return true;
  }

  /**
   * Starts on an empty state; called once a bundle and model.
   *
   * @param model whose rows are gathered
   */
  Accumulator<K, S> start(String model);

  /** A bundle's worth of states. Not thread-safe. */
  interface Accumulator<K, S> {
    /**
     * @param windowStart of the event's window, microseconds since the epoch
     */
    void add(InferenceEvent event, long windowStart);

    /**
     * Adds some rows of a batch, all of one window and model version.
     *
     * @param rows indices into the batch, ascending
     * @param from first of them that is meant
     * @param to end of them, exclusive
     * @param windowStart of the rows' window, microseconds since the epoch
     */
    default void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      for (int i = from; i < to; i++) {
        add(batch.event(rows[i]), windowStart);
      }
    }

    /** Hands out what was gathered and forgets it. */
    void drainTo(BiConsumer<K, S> out);
  }
}
