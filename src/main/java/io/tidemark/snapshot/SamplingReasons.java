package io.tidemark.snapshot;

import java.util.ArrayList;
import java.util.List;

/** All reasons that rows are chosen for. */
final class SamplingReasons {
  /** In the order of their candidates in a pool: new ones are added behind. */
  static final List<SamplingReason> ALL = List.of(new BaseReason(), new DriftedReason());

  private SamplingReasons() {}

  /** Places of the reasons in the order in which they take rows: the base gets what is left. */
  static List<Integer> byPrecedence() {
    List<Integer> places = new ArrayList<>();
    for (int place = 1; place < ALL.size(); place++) {
      places.add(place);
    }
    places.add(0);
    return places;
  }
}
