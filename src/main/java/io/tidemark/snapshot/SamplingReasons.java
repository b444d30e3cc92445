package io.tidemark.snapshot;

import io.tidemark.spec.SnapshotSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All reasons that rows are chosen for, and those of a model. */
final class SamplingReasons {
  /** In the order of their candidates in a pool: new ones are added behind. */
  static final List<SamplingReason> ALL =
      List.of(
          new BaseReason(),
          new DriftedReason(),
          new ErrorReason(),
          new UncertainReason(),
          new NewCategoryReason());

  /** Those of specs that say nothing of it. */
  private static final Map<String, Double> DEFAULT = Map.of("base", .5, "drifted", .5);

  private SamplingReasons() {}

  private static Map<String, Double> quotas(SnapshotSpec snapshot) {
    return snapshot.quotas().isEmpty() ? DEFAULT : snapshot.quotas();
  }

  /** Those that a spec asks for, in the order of all; the base always is one. */
  static List<SamplingReason> of(SnapshotSpec snapshot) {
    return ALL.stream()
        .filter(reason -> reason == ALL.get(0) || quotas(snapshot).containsKey(reason.name()))
        .toList();
  }

  /** Rows that a reason of a spec may take at most. */
  static int most(SnapshotSpec snapshot, SamplingReason reason) {
    return (int) (quotas(snapshot).getOrDefault(reason.name(), 1.) * snapshot.rows());
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
