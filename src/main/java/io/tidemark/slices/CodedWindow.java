package io.tidemark.slices;

import io.tidemark.profile.Held;
import io.tidemark.profile.WindowPart;

/**
 * What the search needs of one window and model version.
 *
 * @param complete whether nothing of the window was cut off
 */
record CodedWindow(CodedRowSample sample, boolean complete)
    implements WindowPart<CodedWindow, Void> {
  @Override
  public Held held() {
    return new Held(sample.rows(), sample.labelled());
  }

  @Override
  public Void said() {
    return null;
  }

  @Override
  public CodedWindow with(Void nothing, boolean whole) {
    return new CodedWindow(sample, whole);
  }
}
