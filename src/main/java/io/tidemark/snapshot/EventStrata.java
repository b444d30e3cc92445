package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import java.io.Serializable;

/** The kinds of rows that a {@link SamplingReason} chooses among, numbered from 0. */
interface EventStrata extends Serializable {
  int count();

  /** How many strata an event is in at most. */
  int most();

  /**
   * The strata of an event.
   *
   * @param into takes them, from its beginning; holds {@link #most}
   * @return how many they are
   */
  int of(InferenceEvent event, int[] into);
}
