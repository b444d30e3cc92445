package io.tidemark.simulate;

import io.tidemark.simulate.Planted.Kind;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.PredictionSpec;
import java.util.Arrays;
import java.util.List;

/** Makes the rows of one log, each from its number alone. */
final class RowSource {
  /** Sources of further tries lie beyond the numbers of rows. */
  static final long MOST_ROWS = 1L << 40;

  private static final double NEVER_LABELLED = .05;
  private static final int ID_DIGITS = 12;

  private final MonitoringSpec spec;
  private final Timeline timeline;
  private final Features features;
  private final Outcomes outcomes;
  private final LogColumns columns;
  private final RowKinds kinds;
  private final Draws draws;
  private final String idPrefix;

  /** By window: the share of the other classes' rows that a prior shift leaves. */
  private final double[] kept;

  private final double[] turned;
  private final double[] flipped;
  private final List<Planted> slices;

  /**
   * @param stream reference or events: no value is shared between them
   * @param planted nothing for the reference
   */
  RowSource(
      MonitoringSpec spec,
      long seed,
      String stream,
      Timeline timeline,
      Features features,
      List<Planted> planted,
      RowKinds kinds) {
    this.spec = spec;
    this.timeline = timeline;
    this.features = features;
    this.outcomes = Outcomes.of(spec);
    this.columns = LogColumns.of(spec, features.numeric());
    this.kinds = kinds;
    this.draws = new Draws(seed, stream + " outcomes");
    this.idPrefix = stream.charAt(0) + "-";
    int windows = timeline.windows();
    this.kept = Planted.sizes(planted, Planted.LABEL, Kind.PRIOR_SHIFT, windows);
    Arrays.setAll(kept, window -> StrictMath.exp(-kept[window]));
    this.turned = Planted.sizes(planted, Planted.LABEL, Kind.CONCEPT_DRIFT, windows);
    this.flipped = Planted.sizes(planted, Planted.LABEL, Kind.LABEL_FLIPS, windows);
    this.slices = planted.stream().filter(each -> each.kind() == Kind.WEAK_SLICE).toList();
  }

  LogColumns columns() {
    return columns;
  }

  /** A row to be made again and again. */
  Row row() {
    return features.row(outcomes.outputs());
  }

  Tally tally() {
    return new Tally(timeline.windows(), outcomes.groups().size());
  }

  void count(Row row, Tally tally) {
    tally.count(row, outcomes);
  }

  void make(long number, Row row) {
    row.kind = kinds.of(number);
    boolean copy = row.kind == RowKind.COPY || row.kind == RowKind.CONFLICT;
    row.number = copy ? number - 1 : number;
    row.window = timeline.windowOf(row.number);
    row.time = timeline.timeOf(row.number, row.window);
    row.labelled = row.kind == RowKind.GOOD && draws.uniform(number, 2) >= NEVER_LABELLED;
    boolean faulty = row.labelled && !kinds.areClean();
    row.fault = faulty ? LabelFault.at(draws.uniform(number, 10)) : LabelFault.NONE;
    drawUntilKept(row);
    if (turned[row.window] > 0 && draws.uniform(row.number, 6) < turned[row.window]) {
      row.truth = outcomes.turned(row.scores, row.truth);
    }
    turnInSlices(row);
    boolean flips = flipped[row.window] > 0 && draws.uniform(row.number, 13) < flipped[row.window];
    row.label = flips ? outcomes.turned(row.scores, row.truth) : row.truth;
    if (row.kind == RowKind.CONFLICT) {
      outcomes.nudge(row.scores);
    }
  }

  /** Of several slices that a row is in, the one that turns the most rows says whether it turns. */
  private void turnInSlices(Row row) {
    double most = 0;
    for (Planted slice : slices) {
      boolean within = true;
      for (int i = 0; i < slice.predicates(); i++) {
        within &= row.categories[i] == 0;
      }
      most = within ? Math.max(most, slice.at(row.window)) : most;
    }
    if (most > 0 && draws.uniform(row.number, 12) < most) {
      row.truth = outcomes.turned(row.scores, row.truth);
    }
  }

  /**
   * Under a prior shift rows of the other classes are drawn anew with some probability, whatever
   * their inputs: so P(y) changes and P(x|y) stays.
   */
  private void drawUntilKept(Row row) {
    double wave = timeline.wave(row.time);
    row.source = row.number;
    while (true) {
      features.draw(row, wave);
      outcomes.score(row.scores);
      row.truth = outcomes.truth(row.scores, draws, row.source);
      if (kept[row.window] == 1
          || outcomes.group(row.truth) == outcomes.favoured()
          || draws.uniform(row.source, 8) < kept[row.window]) {
        return;
      }
      row.source += MOST_ROWS;
    }
  }

  /** Puts the row's values in the order of the columns; null is missing. */
  void show(Row row, Object[] values) {
    EventsSpec events = spec.events();
    features.show(row, columns, values);
    outcomes.predict(row.scores, columns, values);
    columns.set(values, events.label(), outcomes.shown(row.label));
    columns.set(values, events.id(), id(row.number));
    columns.set(values, events.time(), row.time);
    columns.set(values, events.modelVersion(), "v1");
    if (spec.snapshot() != null) {
      for (String column : spec.snapshot().columns()) {
        columns.set(values, column, text(column, row.number));
      }
    }
    spoil(row.kind, values);
  }

  private String id(long row) {
    String digits = Long.toString(row);
    return idPrefix + "0".repeat(Math.max(0, ID_DIGITS - digits.length())) + digits;
  }

  /** Some of it as people write: what a CSV file has to quote. */
  private static String text(String column, long row) {
    String plain = column + " of row " + row;
    return row % 16 == 0 ? plain + ", \"as is\"" : plain;
  }

  private void spoil(RowKind kind, Object[] values) {
    switch (kind) {
      case NO_ID -> columns.set(values, spec.events().id(), null);
      case NO_TIME -> columns.set(values, spec.events().time(), null);
      case BAD_TIME -> columns.set(values, spec.events().time(), "yesterday");
      case NO_PREDICTION -> {
        PredictionSpec prediction = spec.events().prediction();
        columns.set(values, prediction.score(), null);
        columns.set(values, prediction.value(), null);
        prediction.scores().values().forEach(column -> columns.set(values, column, null));
        if (prediction.score() == null) {
          columns.set(values, prediction.label(), null);
        }
      }
      default -> {}
    }
  }

  /** Puts the label of a row for a source of its own in the order of the labels' columns. */
  void showLabel(Row row, LogColumns labels, Object[] values) {
    double wait = Math.min(.9, -StrictMath.log(1 - draws.uniform(row.number, 3)) / 8);
    boolean late = row.fault == LabelFault.TOO_LATE;
    showLabel(row, late ? 1 + Math.max(.01, wait) : wait, labels, values);
  }

  /** Whether labels are flipped in any window. */
  boolean flips() {
    return Arrays.stream(flipped).anyMatch(share -> share > 0);
  }

  /** The id of a row that is shown with a label that is not its truth; null of others. */
  String flippedId(long number, Row row) {
    make(number, row);
    boolean shown =
        spec.events().label() != null || (row.labelled && row.fault != LabelFault.TOO_LATE);
    return row.kind == RowKind.GOOD && shown && row.label != row.truth ? id(row.number) : null;
  }

  /** Puts what is planted beside the label of a row. */
  void showFault(Row row, LogColumns labels, Object[] values) {
    // After any label and within the horizon.
    showLabel(row, .9 + .1 * draws.uniform(row.number, 11), labels, values);
    switch (row.fault) {
      case CONFLICTING -> {
        double other = outcomes.turned(row.scores, row.label);
        labels.set(values, spec.labels().value(), outcomes.shown(other));
      }
      case ORPHAN -> labels.set(values, spec.labels().id(), "orphan-" + id(row.number));
      case NO_VALUE -> labels.set(values, spec.labels().value(), null);
      default -> {}
    }
  }

  private void showLabel(Row row, double wait, LogColumns labels, Object[] values) {
    LabelsSpec source = spec.labels();
    long delay = (long) (wait * source.horizon().toMillis()) * 1000;
    labels.set(values, source.id(), id(row.number));
    labels.set(values, source.time(), row.time + delay);
    labels.set(values, source.value(), outcomes.shown(row.label));
    labels.set(values, source.source(), "simulated");
  }
}
