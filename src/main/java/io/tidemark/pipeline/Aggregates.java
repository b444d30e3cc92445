package io.tidemark.pipeline;

import io.tidemark.event.RangedFold;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.StreamFold;
import java.util.ArrayList;
import java.util.List;

/**
 * What stages want of a log's rows.
 *
 * @param profile of each window; waits for no label
 * @param revised change as labels come
 * @param last wanted once, when nothing can change a window any more
 * @param shown each labelled outcome, once
 */
record Aggregates(
    StreamFold<?> profile,
    List<StreamFold<?>> revised,
    List<FoldOutput<WindowKey, ?>> last,
    List<Shown<?>> shown) {

  /** Labelled outcomes in the order of their labels. */
  record Shown<S>(FoldOutput<String, S> output, RangedFold<String, S> fold) {}

  static Aggregates of(StreamFold<?> profile) {
    return new Aggregates(profile, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** All of them, for a log that ends. */
  List<FoldOutput<?, ?>> all() {
    List<FoldOutput<?, ?>> all = new ArrayList<>();
    all.add(profile.fold());
    revised.forEach(each -> all.add(each.fold()));
    all.addAll(last);
    shown.forEach(each -> all.add(each.output()));
    return all;
  }
}
