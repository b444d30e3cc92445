package io.tidemark.profile;

/**
 * What is known of the labelled rows of one window and model version.
 *
 * @param complete whether nothing of the window was cut off
 */
public record LabelledWindow<S extends LabelledState>(S state, boolean complete)
    implements WindowPart<LabelledWindow<S>, Void> {
  @Override
  public Held held() {
    return new Held(state.rows(), state.labelled());
  }

  @Override
  public Void said() {
    return null;
  }

  @Override
  public LabelledWindow<S> with(Void nothing, boolean whole) {
    return new LabelledWindow<>(state, whole);
  }
}
