package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.FieldCells;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The kinds of rows that a snapshot chooses among: those of each reason, of one model version. */
public final class Strata implements Serializable {
  private static final long serialVersionUID = 1;

  private final String model;
  private final int id;
  private final List<EventStrata> ofReasons;
  private final List<FieldCells> cells;
  private final EventLabels labels;

  private Strata(
      String model,
      int id,
      List<EventStrata> ofReasons,
      List<FieldCells> cells,
      EventLabels labels) {
    this.model = model;
    this.id = id;
    this.ofReasons = ofReasons;
    this.cells = cells;
    this.labels = labels;
  }

  /**
   * @param references the bins of the layout's fields, in its order; null where the baseline has
   *     not the field
   */
  public static Strata of(MonitoringSpec spec, ProfileLayout layout, List<FieldBins> references) {
    SamplingReason.Model model = new SamplingReason.Model(spec, layout, references);
    List<EventStrata> ofReasons = new ArrayList<>();
    SamplingReasons.keeping(spec.snapshot()).forEach(reason -> ofReasons.add(reason.strata(model)));
    List<FieldCells> cells = new ArrayList<>();
    for (int i = 0; i < layout.fields(); i++) {
      cells.add(model.cells(i));
    }
    return new Strata(spec.model(), layout.id(), ofReasons, cells, EventLabels.of(spec));
  }

  /** Whose rows they are. */
  String model() {
    return model;
  }

  /** That of the layout whose cells these are. */
  int id() {
    return id;
  }

  /** In the order of {@link SamplingReasons#keeping}. */
  List<EventStrata> ofReasons() {
    return ofReasons;
  }

  /** Of each field of the layout. */
  List<FieldCells> cells() {
    return cells;
  }

  /** Whether it is known what the truth was. */
  boolean labelled(InferenceEvent event) {
    return labels.has(event);
  }
}
