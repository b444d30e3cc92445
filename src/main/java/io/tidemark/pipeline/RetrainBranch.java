package io.tidemark.pipeline;

import io.tidemark.alerts.Alert;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.retrain.DecideRetraining;
import io.tidemark.retrain.Trigger;
import io.tidemark.schema.Finding;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The part of the flow behind snapshots that says when to train again. */
final class RetrainBranch {
  private final Fleet<MonitoringSpec> specs;

  /**
   * @param specs of the models that ask
   */
  RetrainBranch(Fleet<MonitoringSpec> specs) {
    this.specs = specs;
  }

  /** Whether a spec asks when to train again. */
  static boolean applies(MonitoringSpec spec) {
    return spec.retrain() != null && SnapshotBranch.applies(spec);
  }

  /**
   * @param curated what {@link CurateSnapshot} tells
   * @param times when nothing more can change a window of a stream
   * @param alarms what rang, once it is written
   * @return that models are to be trained again, once it is written
   */
  PCollection<Alert> decide(
      PCollectionTuple curated,
      Fleet<WindowTiming> times,
      List<PCollection<Finding>> alarms,
      String output) {
    return curated
        .get(CurateSnapshot.PUBLISHED)
        .apply(
            "DecideRetraining",
            DecideRetraining.of(specs, times, PCollectionList.of(alarms), output))
        .apply("AlertsOfRetraining", ParDo.of(new AlertFn()))
        .setCoder(new Alert.AlertCoder());
  }

  private static final class AlertFn extends DoFn<Trigger, Alert> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Trigger trigger, OutputReceiver<Alert> out) {
      out.output(
          new Alert(
              trigger.id(),
              trigger.model(),
              trigger.start(),
              trigger.end(),
              trigger.labelled(),
              "retrain, period from " + WindowSpec.instant(trigger.start()),
              trigger.text()));
    }
  }
}
