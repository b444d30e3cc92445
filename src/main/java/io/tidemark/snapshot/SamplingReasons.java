package io.tidemark.snapshot;

import io.tidemark.spec.SnapshotSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All reasons that rows are chosen for, and those of a model. */
final class SamplingReasons {
  /** In the order of their candidates in a pool, and in which they take rows; the base is last. */
  static final List<SamplingReason> ALL =
      List.of(
          new BaseReason(),
          new DriftedReason(),
          new ErrorReason(),
          new UncertainReason(),
          new NewCategoryReason(),
          new WeakSliceReason());

  private SamplingReasons() {}

  /** Those that a spec asks for, in the order of all. */
  static List<SamplingReason> of(SnapshotSpec snapshot) {
    return ALL.stream().filter(reason -> snapshot.reasons().contains(reason.name())).toList();
  }

  /** Those whose candidates a pool keeps, in the order of all. */
  static List<SamplingReason> keeping(SnapshotSpec snapshot) {
    Set<String> kept =
        of(snapshot).stream().map(SamplingReason::candidatesOf).collect(Collectors.toSet());
    return ALL.stream().filter(reason -> kept.contains(reason.name())).toList();
  }

  /** Places of so many reasons in the order in which they take rows: the base gets what is left. */
  static List<Integer> byPrecedence(int reasons) {
    List<Integer> places = new ArrayList<>();
    for (int place = 1; place < reasons; place++) {
      places.add(place);
    }
    places.add(0);
    return places;
  }
}
