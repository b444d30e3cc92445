package io.tidemark.pipeline;

import io.tidemark.drift.DriftContext;
import io.tidemark.event.Redaction;
import io.tidemark.performance.PerformanceContext;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A model, what may be shown of its columns, and what it is held against. */
public record Model(MonitoringSpec spec, Redaction redaction, Baselines baselines) {

  DriftContext drift() {
    return new DriftContext(spec, redaction, baselines);
  }

  PerformanceContext performance() {
    return new PerformanceContext(spec, redaction, baselines);
  }

  /** Hashes of the baselines, as records and manifests have them. */
  List<String> baselineHashes() {
    return baselines.all().stream().map(Baseline::hash).toList();
  }

  /** Hashes by the model version that a baseline is for. */
  TreeMap<String, String> hashesByVersion() {
    TreeMap<String, String> hashes = new TreeMap<>();
    baselines.all().forEach(one -> hashes.put(one.version(), one.hash()));
    return hashes;
  }

  /** The bins that a layout's baseline has of each field, null where it has none. */
  List<FieldBins> references(ProfileLayouts layouts, ProfileLayout layout) {
    Baseline baseline = baseline(layouts, layout);
    List<FieldBins> references = new ArrayList<>();
    for (var field : layout.layout().fields()) {
      int at = baseline == null ? -1 : baseline.indexOf(field.name());
      references.add(at < 0 ? null : baseline.fields().get(at));
    }
    return references;
  }

  /** How often the rows of a layout's baseline are in its cells. */
  CellShares training(ProfileLayouts layouts, ProfileLayout layout) {
    return CellShares.of(baseline(layouts, layout), layout);
  }

  /** Null: the layout has none. */
  private Baseline baseline(ProfileLayouts layouts, ProfileLayout layout) {
    Baseline baseline = null;
    for (Baseline candidate : baselines.all()) {
      baseline =
          layouts.of(layout.model(), candidate.version()).equals(layout) ? candidate : baseline;
    }
    return baseline;
  }

  ProfileLayouts layouts() {
    return baselines.layouts(spec, BaselineFit.valueCapacity(spec, baselines));
  }
}
