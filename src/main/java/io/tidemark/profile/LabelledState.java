package io.tidemark.profile;

/** What a stage gathers of a window's rows and their labels. */
public interface LabelledState {
  /** Rows seen. */
  long rows();

  /** Rows seen that have a label. */
  long labelled();
}
