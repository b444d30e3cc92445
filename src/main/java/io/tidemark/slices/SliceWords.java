package io.tidemark.slices;

import io.tidemark.event.Redaction;
import io.tidemark.profile.CellWords;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.schema.SlicePredicate;
import io.tidemark.spec.Field;
import io.tidemark.stats.slices.Conjunction;
import java.util.ArrayList;
import java.util.List;

/** What the codes of slices stand for, as it may be shown. */
final class SliceWords {
  private final List<FeatureCodes.Coded> features;
  private final CellWords words;

  SliceWords(FeatureCodes codes, Redaction redaction) {
    this.features = codes.features();
    List<Field> fields = new ArrayList<>();
    List<FieldCells> cells = new ArrayList<>();
    for (FeatureCodes.Coded feature : features) { // by their place, which ascends
      while (fields.size() < feature.place()) {
        fields.add(null); // of no slice
        cells.add(null);
      }
      fields.add(feature.field());
      cells.add(feature.cells());
    }
    this.words = new CellWords(fields, cells, redaction);
  }

  /** Names no two slices alike. */
  String of(Conjunction slice) {
    return words.of(cells(slice));
  }

  List<FieldCell> cells(Conjunction slice) {
    return slice.predicates().stream()
        .map(each -> features.get(each.feature()).cell(each.code()))
        .toList();
  }

  List<SlicePredicate> predicates(Conjunction slice) {
    return words.predicates(cells(slice));
  }
}
