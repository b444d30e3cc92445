package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.event.Broadcast;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.KeepProfiles;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.RollUpWindows;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The horizons' part of the flow: the windows kept for later runs, and the same tables of each
 * horizon's merged windows.
 */
final class HorizonBranch {
  private final Model model;
  private final MonitoringSpec spec;
  private final Broadcast<ProfileLayouts> layouts;
  private final Optional<StoredProfiles> stored;
  private final String output;

  HorizonBranch(Model model, Broadcast<ProfileLayouts> layouts, String output) {
    this.model = model;
    this.spec = model.spec();
    this.layouts = layouts;
    this.output = output;
    this.stored =
        StoredProfiles.allowed(spec, model.redaction())
            ? Optional.of(
                StoredProfiles.of(spec, model.baselines(), layouts, model.redaction(), output))
            : Optional.empty();
  }

  /**
   * Keeps windows for later runs, and looks at each horizon.
   *
   * @return what rang, once it is written
   */
  List<PCollection<Finding>> detect(PCollection<WindowRevision<WindowProfile>> windows) {
    stored.ifPresent(
        kept ->
            windows
                .apply("KeepProfiles", KeepProfiles.as(kept))
                .apply("WriteProfiles", WriteTable.of(Table.PROFILES, output, spec.model())));
    List<PCollection<Finding>> alarms = new ArrayList<>();
    for (WindowSpec horizon : spec.horizons()) {
      alarms.add(detect(horizon, windows));
    }
    return alarms;
  }

  private PCollection<Finding> detect(
      WindowSpec horizon, PCollection<WindowRevision<WindowProfile>> windows) {
    String size = horizon.size();
    PCollectionTuple drift =
        windows
            .apply(
                "RollUpWindowsTo" + size,
                RollUpWindows.to(
                    horizon, spec.window(), new WindowProfileCoder(layouts), stored.orElse(null)))
            .apply(
                "DetectDriftOver" + size,
                DetectDrift.over(horizon, spec, model.redaction(), model.baselines()));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(
            "WriteStatisticsOver" + size,
            WriteTable.<Statistic>of(Table.STATISTICS, output, spec.model()).ofHorizon(size));
    return drift
        .get(DetectDrift.FINDINGS)
        .apply(
            "WriteFindingsOver" + size,
            WriteTable.of(Table.FINDINGS, output, spec.model(), Comparison::finding)
                .ofHorizon(size))
        .apply("AlarmsOver" + size, Alarms.of(Comparison::finding));
  }
}
