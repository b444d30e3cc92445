package io.tidemark.local;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.values.WindowedValue;

/** Elements that wait for the step that takes them; several threads may add. */
final class Collected {
  private List<WindowedValue<?>> elements = new ArrayList<>();

  synchronized void add(WindowedValue<?> element) {
    elements.add(element);
  }

  /** Hands the elements out and forgets them. */
  synchronized List<WindowedValue<?>> take() {
    List<WindowedValue<?>> taken = elements;
    elements = List.of();
    return taken;
  }
}
