package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.FieldCells;
import io.tidemark.spec.Field;
import java.util.ArrayList;
import java.util.List;

/** Rows with a value that the baseline does not know, of each categorical feature alike. */
final class NewCategoryReason implements SamplingReason {
  private static final int FACTOR = 2;

  @Override
  public String name() {
    return "new_category";
  }

  @Override
  public long candidates(long share) {
    return FACTOR * share;
  }

  @Override
  public EventStrata strata(Model model) {
    List<FieldCells.Categorical> features = new ArrayList<>();
    for (int i = 0; i < model.layout().fields(); i++) {
      boolean feature = model.layout().layout().fields().get(i).role() == Field.Role.FEATURE;
      if (feature && model.cells(i) instanceof FieldCells.Categorical cells) {
        features.add(cells);
      }
    }
    return new Unknown(features);
  }

  private record Unknown(List<FieldCells.Categorical> features) implements EventStrata {
    Unknown {
      features = List.copyOf(features);
    }

    @Override
    public int count() {
      return features.size();
    }

    @Override
    public int most() {
      return features.size();
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      int found = 0;
      for (int feature = 0; feature < features.size(); feature++) {
        FieldCells.Categorical cells = features.get(feature);
        if (cells.cellOf(event) == cells.cells() - 1) {
          into[found++] = feature;
        }
      }
      return found;
    }
  }

  @Override
  public void allot(Allotment allotment) {
    EvenShares.take(allotment, allotment.rows(), stratum -> true);
  }
}
