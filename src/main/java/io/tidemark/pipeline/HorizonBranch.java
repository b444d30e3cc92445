package io.tidemark.pipeline;

import io.tidemark.drift.DetectDrift;
import io.tidemark.drift.DetectDriftOver;
import io.tidemark.event.Shipped;
import io.tidemark.profile.KeepProfiles;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WriteByWindow;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
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

  void build(
      String prefix,
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> windows,
      AlertBranch alerts) {
    if (stored != null) {
      windows
          .apply(prefix + "KeepProfiles", KeepProfiles.as(stored))
          .apply(
              prefix + "WriteProfiles",
              WriteByWindow.avro(output, StoredProfiles.TABLE, spec.model()));
    }
    for (WindowSpec horizon : spec.horizons()) {
      build(prefix, horizon, windows, alerts);
    }
  }

  private void build(
      String prefix,
      WindowSpec horizon,
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> windows,
      AlertBranch alerts) {
    String size = horizon.size();
    PCollectionTuple drift =
        windows.apply(
            prefix + "DetectDriftOver" + size,
            DetectDriftOver.horizon(
                horizon,
                spec,
                model.redaction(),
                model.baselines(),
                new WindowProfileCoder(layouts),
                stored));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(
            prefix + "WriteStatisticsOver" + size,
            WriteByWindow.<Statistic>parquet(output, "statistics", spec.model()).ofHorizon(size));
    PCollection<KV<Long, Finding>> findings =
        drift
            .get(DetectDrift.FINDINGS)
            .apply(prefix + "FindingsByWindowOver" + size, MapElements.via(new ByWindow()))
            .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Finding.class)));
    PCollection<Long> written =
        findings.apply(
            prefix + "WriteFindingsOver" + size,
            WriteByWindow.<Finding>jsonLines(output, "findings", spec.model()).ofHorizon(size));
    alerts.add("DriftOver" + size, findings, written);
  }
}
