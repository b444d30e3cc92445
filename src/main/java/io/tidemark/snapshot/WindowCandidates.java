package io.tidemark.snapshot;

import io.tidemark.profile.Held;
import io.tidemark.profile.WindowPart;
import java.util.List;

/**
 * What a snapshot needs of one window and model version.
 *
 * @param pool its candidate rows
 * @param drifted what rang in it
 * @param complete whether a run that was asked for the window has read all of it, or a stream has
 *     seen it whole
 */
record WindowCandidates(StratifiedSample pool, List<DriftedField> drifted, boolean complete)
    implements WindowPart<WindowCandidates, List<DriftedField>> {
  long rows() {
    return pool.rows();
  }

  long labelled() {
    return pool.labelled();
  }

  @Override
  public Held held() {
    return new Held(rows(), labelled());
  }

  @Override
  public List<DriftedField> said() {
    return drifted;
  }

  @Override
  public WindowCandidates with(List<DriftedField> others, boolean whole) {
    return new WindowCandidates(pool, others, whole);
  }
}
