package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.KeepProfiles;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.RollUpWindows;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The horizons' part of the flow: the windows kept for later runs, and the same tables of each
 * horizon's merged windows.
 */
final class HorizonBranch {
  private final Fleet<Model> models;
  private final Broadcast<ProfileLayouts> layouts;
  private final Fleet<StoredProfiles> stored;
  private final String output;

  /**
   * @param models that have horizons
   */
  HorizonBranch(Fleet<Model> models, Broadcast<ProfileLayouts> layouts, String output) {
    this.models = models;
    this.layouts = layouts;
    this.output = output;
    this.stored =
        models.mapped(
            own ->
                StoredProfiles.allowed(own.spec(), own.redaction())
                    ? Optional.of(
                        StoredProfiles.of(
                            own.spec(), own.baselines(), layouts, own.redaction(), output))
                    : Optional.empty());
  }

  /**
   * Keeps windows for later runs, and looks at each horizon.
   *
   * @return what rang, once it is written
   */
  List<PCollection<Finding>> detect(PCollection<WindowRevision<WindowProfile>> windows) {
    windows
        .apply("KeepProfiles", KeepProfiles.as(stored))
        .apply("WriteProfiles", WriteTable.of(Table.PROFILES, output));
    TreeSet<String> sizes = new TreeSet<>();
    models.all().forEach(own -> own.spec().horizons().forEach(each -> sizes.add(each.size())));
    List<PCollection<Finding>> alarms = new ArrayList<>();
    for (String size : sizes) {
      alarms.add(detect(size, windows));
    }
    return alarms;
  }

  private PCollection<Finding> detect(
      String size, PCollection<WindowRevision<WindowProfile>> windows) {
    Fleet<Model> own = models.keep((model, each) -> each.spec().horizon(size).isPresent());
    PCollectionTuple drift =
        windows
            .apply(
                "RollUpWindowsTo" + size,
                RollUpWindows.to(
                    size, own.map(Model::spec), new WindowProfileCoder(layouts), stored))
            .apply("DetectDriftOver" + size, DetectDrift.over(size, own.map(Model::drift)));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(
            "WriteStatisticsOver" + size,
            WriteTable.<Statistic>of(Table.STATISTICS, output).ofHorizon(size));
    return drift
        .get(DetectDrift.FINDINGS)
        .apply(
            "WriteFindingsOver" + size,
            WriteTable.of(Table.FINDINGS, output, Comparison::finding).ofHorizon(size))
        .apply("AlarmsOver" + size, Alarms.of(own.models(), Comparison::finding));
  }
}
