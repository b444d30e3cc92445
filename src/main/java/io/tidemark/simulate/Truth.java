package io.tidemark.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.simulate.Planted.Kind;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was planted where, and the counts that a monitor run must come to. */
final class Truth {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final MonitoringSpec spec;
  private final SimulationOptions options;
  private final SimulationPlan plan;
  private final ObjectNode truth = JSON.createObjectNode();

  private Truth(MonitoringSpec spec, SimulationOptions options, SimulationPlan plan) {
    this.spec = spec;
    this.options = options;
    this.plan = plan;
  }

  static String of(
      MonitoringSpec spec,
      SimulationOptions options,
      SimulationPlan plan,
      Tally reference,
      Tally events) {
    Truth truth = new Truth(spec, options, plan);
    truth.add(reference, events);
    try {
      return JSON.writeValueAsString(truth.truth) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private void add(Tally reference, Tally events) {
    truth.put("model", spec.model());
    truth.put("seed", options.seed());
    addPart(truth.putObject("reference"), plan.before(), reference);
    addPart(truth.putObject("events"), plan.after(), events);
    truth.putArray("planted");
    plan.planted().forEach(this::addPlanted);
    truth.putArray("stationary");
    spec.features().stream()
        .map(Field::name)
        .filter(this::stationary)
        .forEach(truth.withArray("stationary")::add);
    addFlipped();
    addSeasonality();
    if (!plan.correlated().isEmpty()) {
      ObjectNode correlation = truth.putObject("correlation");
      correlation.put("rho", options.correlation());
      correlation.set("factors", JSON.valueToTree(plan.correlated()));
    }
    if (options.sharpness() != 1) {
      truth.put("sharpness", options.sharpness());
    }
    addExpected(events);
  }

  private void addPart(ObjectNode part, Timeline timeline, Tally tally) {
    part.put("from", time(timeline.start(0)));
    part.put("to", time(timeline.start(timeline.windows())));
    part.put("windows", timeline.windows());
    part.put("rows", options.rows());
    Outcomes outcomes = Outcomes.of(spec);
    List<String> groups = outcomes.groups();
    for (int window = 0; window < timeline.windows(); window++) {
      ObjectNode each = part.withArray("by_window").addObject();
      each.put("from", time(timeline.start(window)));
      each.put("to", time(timeline.start(window + 1)));
      each.put("profiled", tally.rows[window]);
      ObjectNode truths = each.putObject("truths");
      for (int group = 0; group < groups.size(); group++) {
        truths.put(groups.get(group), tally.groups[window][group]);
      }
      if (outcomes.classes()) {
        each.put("correct", tally.right[window]);
      }
    }
  }

  private void addPlanted(Planted change) {
    ObjectNode planted = truth.withArray("planted").addObject();
    planted.put("field", change.field());
    planted.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
    planted.put("from", time(plan.after().start(change.from())));
    planted.put("to", time(plan.after().start(change.to())));
    planted.put("size", change.size());
    planted.put("value", change.value());
    planted.put("pattern", change.pattern().name().toLowerCase(Locale.ROOT));
    if (change.pattern() != Pattern.SUDDEN) {
      for (int window = change.from(); window < change.to(); window++) {
        planted
            .withArray("by_window")
            .addObject()
            .put("from", time(plan.after().start(window)))
            .put("size", change.at(window));
      }
    }
  }

  /** A prior shift moves every input that the truth depends on. */
  private boolean stationary(String feature) {
    return !feature.equals(plan.seasonal())
        && plan.planted().stream()
            .noneMatch(
                change -> change.kind() == Kind.PRIOR_SHIFT || change.field().equals(feature));
  }

  /** Ids of the rows whose label is wrong. */
  private void addFlipped() {
    if (!plan.events().flips()) {
      return;
    }
    ArrayNode ids = truth.putArray("flipped_labels");
    Row row = plan.events().row();
    for (long number = 0; number < options.rows(); number++) {
      String id = plan.events().flippedId(number, row);
      if (id != null) {
        ids.add(id);
      }
    }
  }

  private void addSeasonality() {
    Seasonality cycle = options.seasonality();
    if (cycle == Seasonality.NONE) {
      return;
    }
    truth
        .putObject("seasonality")
        .put("cycle", cycle.name().toLowerCase(Locale.ROOT))
        .put("period", cycle.period.toString())
        .put("begin", cycle == Seasonality.DAILY ? "midnight UTC" : "Monday, midnight UTC")
        .put("wave", "-cos(2 pi t / period)")
        .put("amplitude", options.amplitude())
        .put("field", plan.seasonal());
  }

  private void addExpected(Tally events) {
    long bad = 0;
    ObjectNode expected = truth.putObject("expected_rows");
    ObjectNode reasons = truth.putObject("expected_dead_letters");
    for (Map.Entry<RowKind, Long> kind : events.kinds.entrySet()) {
      if (kind.getKey().reason != null) {
        bad += kind.getValue();
        reasons.put(kind.getKey().reason, kind.getValue());
      }
    }
    long copies = events.kinds.getOrDefault(RowKind.COPY, 0L);
    long conflicts = events.kinds.getOrDefault(RowKind.CONFLICT, 0L);
    expected.put("read", options.rows());
    expected.put("profiled", options.rows() - copies - conflicts - bad);
    expected.put("duplicate", copies + conflicts);
    expected.put("conflicting_duplicate", conflicts);
    expected.put("dead_lettered", bad);
    if (spec.labels() != null) {
      addExpectedLabels(events, options.rows() - copies - conflicts - bad);
    }
  }

  private void addExpectedLabels(Tally events, long profiled) {
    long labelled = events.labels.values().stream().mapToLong(Long::longValue).sum();
    long rows = labelled;
    for (Map.Entry<LabelFault, Long> fault : events.labels.entrySet()) {
      rows += fault.getKey().isRow() ? fault.getValue() : 0;
    }
    long late = events.labels.getOrDefault(LabelFault.TOO_LATE, 0L);
    truth.put("expected_labels", rows);
    ObjectNode classes = truth.putObject("expected_label_classes");
    boolean inLog = spec.events().label() != null;
    long duplicate = events.labels.getOrDefault(LabelFault.DUPLICATE, 0L);
    classes.put("read", rows);
    // What the log says itself comes before every label of the source.
    classes.put("joined", inLog ? 0 : labelled - late);
    classes.put("duplicate", inLog ? labelled - late + duplicate : duplicate);
    classes.put("conflicting", events.labels.getOrDefault(LabelFault.CONFLICTING, 0L));
    classes.put("orphan", events.labels.getOrDefault(LabelFault.ORPHAN, 0L));
    classes.put("too_late", late);
    classes.put("dead_lettered", events.labels.getOrDefault(LabelFault.NO_VALUE, 0L));
    ObjectNode predictions = truth.putObject("expected_predictions");
    predictions.put("labelled", inLog ? profiled : labelled - late);
    predictions.put("unlabelled", inLog ? 0 : profiled - labelled + late);
    predictions.put("disputed", events.labels.getOrDefault(LabelFault.CONFLICTING, 0L));
  }

  private static String time(long micros) {
    return WindowSpec.instant(micros).toString();
  }
}
