package io.tidemark.simulate;

import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.PredictionSpec;
import java.util.ArrayList;
import java.util.List;

/** Which rows of a log are copies of the row before or unusable. */
final class RowKinds {
  private static final double FAULTY = .005;
  private static final double COPIES = .01;
  private static final double CONFLICTS = .011;

  private final Timeline timeline;
  private final Draws draws;
  private final boolean deduplicate;
  private final boolean scored;

  /** Empty: every row is good. */
  private final List<RowKind> faults;

  private RowKinds(Timeline timeline, Draws draws, MonitoringSpec spec, List<RowKind> faults) {
    PredictionSpec prediction = spec.events().prediction();
    this.timeline = timeline;
    this.draws = draws;
    this.deduplicate = spec.events().deduplicate();
    this.scored =
        prediction.score() != null || prediction.value() != null || !prediction.scores().isEmpty();
    this.faults = faults;
  }

  static RowKinds clean(MonitoringSpec spec, Timeline timeline, Draws draws) {
    return new RowKinds(timeline, draws, spec, List.of());
  }

  /** Faults that the format can hold, and that a reader can pass over to the next row. */
  static RowKinds faulty(MonitoringSpec spec, Format format, Timeline timeline, Draws draws) {
    List<RowKind> faults = new ArrayList<>();
    LogFormat log = LogFormat.of(format);
    if (!log.typed()) {
      faults.add(RowKind.BROKEN);
    }
    if (log.objects()) {
      faults.add(RowKind.NOT_AN_OBJECT);
    }
    if (!log.typed()) {
      faults.add(RowKind.BAD_TIME);
    }
    faults.add(RowKind.NO_TIME);
    faults.add(RowKind.NO_PREDICTION);
    if (spec.events().id() != null) {
      faults.add(RowKind.NO_ID);
    }
    return new RowKinds(timeline, draws, spec, faults);
  }

  boolean areClean() {
    return faults.isEmpty();
  }

  RowKind of(long row) {
    if (faults.isEmpty()) {
      return RowKind.GOOD;
    }
    RowKind own = own(row);
    if (own != RowKind.COPY && own != RowKind.CONFLICT) {
      return own;
    }
    boolean copyable =
        row > 0
            && own(row - 1) == RowKind.GOOD
            && timeline.windowOf(row) == timeline.windowOf(row - 1);
    return copyable ? own : RowKind.GOOD;
  }

  private RowKind own(long row) {
    double u = draws.uniform(row, 0);
    if (u < FAULTY) {
      return faults.get((int) (u / FAULTY * faults.size()));
    }
    if (!deduplicate || u >= CONFLICTS) {
      return RowKind.GOOD;
    }
    // Without a score there is nothing that a copy could say differently.
    return u < COPIES || !scored ? RowKind.COPY : RowKind.CONFLICT;
  }
}
