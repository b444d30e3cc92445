package io.tidemark.profile;

import io.tidemark.event.InferenceEvent;

/** A row of a log that is written out, see {@link ShownColumns}. */
public interface ShownRow {
  /** Its id, or its content's hash. */
  String name();

  InferenceEvent event();
}
