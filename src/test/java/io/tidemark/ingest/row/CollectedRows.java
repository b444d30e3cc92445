package io.tidemark.ingest.row;

import io.tidemark.event.InferenceEvent;
import io.tidemark.schema.DeadLetter;
import java.util.ArrayList;
import java.util.List;

/** What a reader hands over, kept. */
public final class CollectedRows implements EventSink {
  public final List<InferenceEvent> events = new ArrayList<>();
  public final List<DeadLetter> bad = new ArrayList<>();

  @Override
  public void event(InferenceEvent event) {
    events.add(event);
  }

  @Override
  public void bad(DeadLetter letter) {
    bad.add(letter);
  }
}
