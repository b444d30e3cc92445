package io.tidemark.baseline;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.InputCells;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeModel;
import io.tidemark.profile.OutcomeReader;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.SegmentOutcomes;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Grids;
import io.tidemark.stats.performance.Calibration;
import io.tidemark.stats.performance.Calibrator;
import io.tidemark.stats.performance.ClassCalibrator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the second pass gathers outcomes with, from the sampled reference rows that have labels: the
 * calibration of the scores and the partition of the inputs. Fitted on the sample, which is the
 * whole reference up to some hundred thousand rows, because the second pass needs them.
 */
final class LearnOutcomes {
  private static final int LABEL_BINS = 20;

  private LearnOutcomes() {}

  /** Null where no sampled row has a label. */
  static OutcomeLayout from(MonitoringSpec spec, ProfileLayout profile, RowSample sample) {
    if (spec.events().label() == null && spec.labels() == null) {
      return null;
    }
    Dictionary classes = OutcomeModel.classes(spec, profile);
    OutcomeLayout plain =
        OutcomeLayout.of(
            spec, profile, new OutcomeModel(classes, null, null, InputCells.NONE, null));
    OutcomeReader reader = new OutcomeReader(plain);
    WindowOutcomes gathered = new WindowOutcomes(plain);
    List<InferenceEvent> labelled = new ArrayList<>();
    double[] errors = new double[sample.events().size()];
    double[] truths = new double[errors.length];
    for (InferenceEvent event : sample.events()) {
      reader.read(event);
      gathered.add(reader);
      if (reader.labelled()) {
        errors[labelled.size()] = reader.error();
        truths[labelled.size()] = reader.truth();
        labelled.add(event);
      }
    }
    if (labelled.isEmpty()) {
      return null;
    }
    SegmentOutcomes outcomes = gathered.segment(0);
    Calibrator calibrator =
        spec.task() == Task.BINARY ? Calibration.fit(outcomes.binary().byScore()) : null;
    boolean scored = !spec.events().prediction().scores().isEmpty();
    ClassCalibrator classCalibrator =
        spec.task() == Task.MULTICLASS && scored ? ClassCalibrator.fit(outcomes.classes()) : null;
    InputCells partition =
        ChoosePartition.of(plain, labelled, Arrays.copyOf(errors, labelled.size()));
    Grid labels = null;
    if (spec.task() == Task.REGRESSION) {
      double[] sorted = Arrays.copyOf(truths, labelled.size());
      Arrays.sort(sorted);
      labels = Grids.quantile(sorted, LABEL_BINS);
    }
    return OutcomeLayout.of(
        spec, profile, new OutcomeModel(classes, calibrator, classCalibrator, partition, labels));
  }
}
