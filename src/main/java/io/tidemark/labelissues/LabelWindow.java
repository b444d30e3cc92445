package io.tidemark.labelissues;

import io.tidemark.profile.Held;
import io.tidemark.profile.WindowPart;

/**
 * What is known of the labels of one window and model version.
 *
 * @param complete whether nothing of the window was cut off
 */
record LabelWindow(LabelEvidence evidence, boolean complete)
    implements WindowPart<LabelWindow, Void> {
  @Override
  public Held held() {
    return new Held(evidence.rows(), evidence.labelled());
  }

  @Override
  public Void said() {
    return null;
  }

  @Override
  public LabelWindow with(Void nothing, boolean whole) {
    return new LabelWindow(evidence, whole);
  }
}
