package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.event.Shipped;
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
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The horizons' part of the flow: the windows kept for later runs, and the same tables of each
 * horizon's merged windows.
 */
final class HorizonBranch {
  private final ModelRun model;
  private final MonitoringSpec spec;
  private final Shipped<ProfileLayouts> layouts;
  private final StoredProfiles stored;
  private final String output;

  HorizonBranch(ModelRun model, Shipped<ProfileLayouts> layouts, String output) {
    this.model = model;
    this.spec = model.spec();
    this.layouts = layouts;
    this.output = output;
    this.stored =
        StoredProfiles.allowed(spec, model.redaction())
            ? StoredProfiles.of(spec, model.baselines(), layouts, model.redaction(), output)
            : null;
  }

  /** Keeps windows for later runs, and looks at each horizon. */
  void build(
      String prefix, PCollection<WindowRevision<WindowProfile>> windows, AlertBranch alerts) {
    if (stored != null) {
      windows
          .apply(prefix + "KeepProfiles", KeepProfiles.as(stored))
          .apply(prefix + "WriteProfiles", WriteTable.of(Table.PROFILES, output, spec.model()));
    }
    for (WindowSpec horizon : spec.horizons()) {
      alerts.add(detect(prefix, horizon, model.model(), layouts, stored, windows, output));
    }
  }

  /**
   * The tables of a horizon.
   *
   * @param stored windows of earlier runs, or null
   * @return what rang, once it is written
   */
  static PCollection<Finding> detect(
      String prefix,
      WindowSpec horizon,
      Model model,
      Shipped<ProfileLayouts> layouts,
      StoredProfiles stored,
      PCollection<WindowRevision<WindowProfile>> windows,
      String output) {
    MonitoringSpec spec = model.spec();
    String size = horizon.size();
    PCollectionTuple drift =
        windows
            .apply(
                prefix + "RollUpWindowsTo" + size,
                RollUpWindows.to(horizon, spec.window(), new WindowProfileCoder(layouts), stored))
            .apply(
                prefix + "DetectDriftOver" + size,
                DetectDrift.over(horizon, spec, model.redaction(), model.baselines()));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(
            prefix + "WriteStatisticsOver" + size,
            WriteTable.<Statistic>of(Table.STATISTICS, output, spec.model()).ofHorizon(size));
    return drift
        .get(DetectDrift.FINDINGS)
        .apply(
            prefix + "WriteFindingsOver" + size,
            WriteTable.of(Table.FINDINGS, output, spec.model(), Comparison::finding)
                .ofHorizon(size))
        .apply(prefix + "AlarmsOver" + size, Alarms.of(Comparison::finding));
  }
}
