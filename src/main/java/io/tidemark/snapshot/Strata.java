package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldReference;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kinds of rows that a snapshot chooses among. Base strata: the label's value × the score's
 * cell, so that rare labels and rare scores are there. Drift strata: each cell of each field, so
 * that whichever field drifts, rows from the cells that grew are at hand.
 */
public final class Strata implements Serializable {
  private static final long serialVersionUID = 1;

  /** Label values with strata of their own; a model with more classes shares the last one. */
  private static final int MOST_LABELS = 20;

  private final int id;
  private final List<FieldCells> fields;
  private final int[] firsts;
  private final LabelCells label;
  private final int labelCells;
  private final int score;
  private final int scoreCells;

  private Strata(int id, List<FieldCells> fields, LabelCells label, int score) {
    this.id = id;
    this.fields = fields;
    this.label = label;
    this.score = score;
    this.labelCells = 1 + Math.min(MOST_LABELS, label.cells());
    this.scoreCells = 1 + (score < 0 ? 0 : (fields.get(score).cells() + 1) / 2);
    this.firsts = new int[fields.size() + 1];
    firsts[0] = labelCells * scoreCells;
    for (int i = 0; i < fields.size(); i++) {
      firsts[i + 1] = firsts[i] + fields.get(i).cells();
    }
  }

  /**
   * @param references the bins of the layout's fields, in its order; null where the baseline has
   *     not the field
   */
  public static Strata of(
      MonitoringSpec spec, ProfileLayout layout, List<FieldReference> references) {
    List<FieldCells> fields = new ArrayList<>();
    LabelCells label = LabelCells.joined(spec);
    int score = -1;
    for (int i = 0; i < layout.fields(); i++) {
      Field field = layout.layout().fields().get(i);
      fields.add(cells(layout, references.get(i), i));
      if (field.role() == Field.Role.LABEL) {
        label = LabelCells.inLog(spec, fields.get(i));
      }
      if (field.role() == Field.Role.PREDICTION && score < 0) {
        score = i;
      }
    }
    return new Strata(layout.id(), fields, label, score);
  }

  private static FieldCells cells(ProfileLayout layout, FieldReference reference, int index) {
    Field field = layout.layout().fields().get(index);
    int slot = layout.layout().slot(index);
    if (!field.numeric()) {
      Dictionary known = layout.dictionaries().get(index);
      return FieldCells.categorical(slot, known);
    }
    Grid grid = reference == null ? null : reference.quantile();
    if (grid == null) {
      return FieldCells.none();
    }
    double[] edges = grid.edges();
    return FieldCells.numeric(slot, Arrays.copyOfRange(edges, 1, edges.length));
  }

  /** That of the layout whose cells these are. */
  int id() {
    return id;
  }

  /** Base strata first, then each field's cells. */
  int count() {
    return firsts[fields.size()];
  }

  int baseCount() {
    return firsts[0];
  }

  int fieldCount() {
    return fields.size();
  }

  int base(InferenceEvent event) {
    int labelCell = Math.min(labelCells - 1, 1 + label.cellOf(event));
    int scoreCell = score < 0 ? 0 : (fields.get(score).cellOf(event) + 2) / 2;
    return labelCell * scoreCells + Math.min(scoreCells - 1, scoreCell);
  }

  /** Whether it is known what the truth was. */
  boolean labelled(InferenceEvent event) {
    return label.labels().has(event);
  }

  /** The event's stratum of a field, or -1. */
  int drift(InferenceEvent event, int field) {
    int cell = fields.get(field).cellOf(event);
    return cell < 0 ? -1 : firsts[field] + cell;
  }

  /** The stratum of a cell of a field. */
  int drift(int field, int cell) {
    return firsts[field] + cell;
  }

  int cells(int field) {
    return fields.get(field).cells();
  }
}
