package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What stages want of a log's rows.
 *
 * @param profile of each window; waits for no label
 * @param revised change as labels come
 * @param last wanted once, when nothing can change a window any more
 * @param shown each labelled outcome, once
 * @param augmented of rows that are not of the log, by period
 */
record Aggregates(
    WindowAggregate<?> profile,
    List<WindowAggregate<?>> revised,
    List<AggregateOutput<WindowKey, ?>> last,
    List<Shown<?>> shown,
    List<AggregateOutput<WindowKey, ?>> augmented) {

  /** Labelled outcomes in the order of their labels. */
  record Shown<S>(
      AggregateOutput<ModelVersion, S> output, RangedAggregator<ModelVersion, S> fold) {}

  static Aggregates of(WindowAggregate<?> profile) {
    return new Aggregates(
        profile, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** All of them that are of the log, for one that ends. */
  List<AggregateOutput<?, ?>> all() {
    List<AggregateOutput<?, ?>> all = new ArrayList<>();
    all.add(profile.fold());
    revised.forEach(each -> all.add(each.fold()));
    all.addAll(last);
    shown.forEach(each -> all.add(each.output()));
    return all;
  }
}
