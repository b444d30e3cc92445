package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Carried columns that nobody is ever shown, as there is no key to show or to seal them with: rows
 * that are kept for later runs are without them, so that these can be kept.
 *
 * @param extras their places among the carried columns
 */
public record BlankColumns(List<Integer> extras) implements Serializable {

  public BlankColumns {
    extras = List.copyOf(extras);
  }

  /** Whether rows hold nothing that is hidden once such columns are blank. */
  public static boolean clear(MonitoringSpec spec, Redaction redaction) {
    return !redaction.canSeal() && !StoredWindows.hidesDeclared(spec, redaction);
  }

  /** Those of a spec; none where that would not do. */
  public static BlankColumns of(MonitoringSpec spec, Redaction redaction) {
    List<String> carried = EventLayout.of(spec).extras();
    List<Integer> extras = new ArrayList<>();
    for (int i = 0; i < carried.size(); i++) {
      if (clear(spec, redaction) && redaction.hides(carried.get(i))) {
        extras.add(i);
      }
    }
    return new BlankColumns(extras);
  }

  /** A row without them. */
  public InferenceEvent without(InferenceEvent row) {
    if (extras.isEmpty()) {
      return row;
    }
    String[] kept = row.extras().clone();
    extras.forEach(extra -> kept[extra] = null);
    return row.withExtras(kept);
  }
}
