package io.tidemark.slices;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.slices.ErrorKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What rows of one layout are coded by: of each feature a code a cell of the baseline's bins or
 * values, and a last one for rows without a readable value.
 *
 * @param id of the layout, among the model's
 */
record FeatureCodes(String model, int id, ErrorKind kind, List<Coded> features)
    implements Serializable {
  /** What a column of codes can hold, less the code of what is missing. */
  private static final int MOST_CELLS = (1 << 16) - 1;

  /**
   * A feature.
   *
   * @param place among the layout's fields
   */
  record Coded(Field field, int place, int slot, FieldCells cells) implements Serializable {
    int codes() {
      return Math.min(cells.cells(), MOST_CELLS) + 1;
    }

    /** What a code stands for. */
    FieldCell cell(int code) {
      if (code == codes() - 1) {
        return new FieldCell(place, FieldCell.MISSING);
      }
      return new FieldCell(place, code == codes() - 2 ? cells.cells() - 1 : code);
    }

    private int code(String text, double number) {
      int cell = cells.cellOf(text, number);
      return cell < 0 ? codes() - 1 : Math.min(cell, codes() - 2);
    }
  }

  FeatureCodes {
    features = List.copyOf(features);
  }

  /**
   * @param references the bins of the layout's fields, in its order; features without bins are in
   *     no slice
   */
  static FeatureCodes of(MonitoringSpec spec, ProfileLayout layout, List<FieldBins> references) {
    List<Coded> features = new ArrayList<>();
    for (int i = 0; i < layout.fields(); i++) {
      Field field = layout.layout().fields().get(i);
      FieldBins bins = references.get(i);
      boolean wanted =
          field.role() == Field.Role.FEATURE
              && (spec.slices().features().isEmpty()
                  || spec.slices().features().contains(field.name()))
              && bins != null
              && (!field.numeric() || bins.quantile() != null);
      if (wanted) {
        features.add(new Coded(field, i, layout.layout().slot(i), FieldCells.of(layout, bins, i)));
      }
    }
    ErrorKind kind = spec.task() == Task.REGRESSION ? ErrorKind.LOSS : ErrorKind.MISTAKE;
    return new FeatureCodes(layout.model(), layout.id(), kind, features);
  }

  int[] counts() {
    return features.stream().mapToInt(Coded::codes).toArray();
  }

  void of(InferenceEvent row, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      Coded feature = features.get(i);
      codes[i] =
          feature.field().numeric()
              ? feature.code(null, row.numbers()[feature.slot()])
              : feature.code(row.categories()[feature.slot()], Double.NaN);
    }
  }

  void of(EventBatch rows, int row, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      Coded feature = features.get(i);
      codes[i] =
          feature.field().numeric()
              ? feature.code(null, rows.numbers()[feature.slot()][row])
              : feature.code(rows.categories()[feature.slot()].text(row), Double.NaN);
    }
  }
}
