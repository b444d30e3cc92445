package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.snapshot.StratifiedSample.Candidate;

/**
 * A labelled row that was made or collected on request.
 *
 * @param candidate the row in the form of the log's
 * @param request the id of the request that it answers; null: it says none
 */
record AugmentedRow(Candidate candidate, String request) implements Comparable<AugmentedRow> {
  InferenceEvent event() {
    return candidate.event();
  }

  @Override
  public int compareTo(AugmentedRow other) {
    int order = candidate.compareTo(other.candidate);
    return order != 0
        ? order
        : (request == null ? "" : request).compareTo(other.request == null ? "" : other.request);
  }
}
