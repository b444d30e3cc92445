package io.tidemark.snapshot;

import java.util.List;

/**
 * What a snapshot needs of one window and model version.
 *
 * @param pool its candidate rows
 * @param drifted what rang in it
 * @param complete whether a run that was asked for the window has read all of it
 */
record WindowCandidates(RowPool pool, List<DriftedField> drifted, boolean complete) {
  long rows() {
    return pool.rows();
  }

  long labelled() {
    return pool.labelled();
  }

  WindowCandidates with(List<DriftedField> others, boolean whole) {
    return new WindowCandidates(pool, others, whole);
  }
}
