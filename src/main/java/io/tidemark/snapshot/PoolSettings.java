package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.profile.BlankColumns;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * How a model's candidate rows are pooled.
 *
 * @param strata by the id of a version's layout
 * @param training how often the baseline's rows are in each cell, likewise
 * @param bounds a pool's bound for the strata of each reason
 * @param blanks columns that candidates are without
 */
public record PoolSettings(
    String model,
    ProfileLayouts layouts,
    TreeMap<Integer, Strata> strata,
    TreeMap<Integer, CellShares> training,
    List<Integer> bounds,
    BlankColumns blanks,
    long seed)
    implements Serializable {

  private static final int LEAST = 200;

  /** The reasons that a model's pools keep candidates for, in their order. */
  public static List<String> kept(SnapshotSpec snapshot) {
    return SamplingReasons.keeping(snapshot).stream().map(SamplingReason::name).toList();
  }

  /** References of a layout's fields, in its order. */
  public interface References extends Serializable {
    List<FieldBins> of(ProfileLayout layout);
  }

  /** How often a baseline's rows are in the cells of a layout. */
  public interface Training extends Serializable {
    CellShares of(ProfileLayout layout);
  }

  public static PoolSettings of(
      MonitoringSpec spec,
      ProfileLayouts layouts,
      References references,
      Training training,
      Redaction redaction) {
    TreeMap<Integer, Strata> strata = new TreeMap<>();
    TreeMap<Integer, CellShares> shares = new TreeMap<>();
    for (ProfileLayout layout : layouts.all()) {
      strata.put(layout.id(), Strata.of(spec, layout, references.of(layout)));
      shares.put(layout.id(), training.of(layout));
    }
    long share =
        Math.max(
            1, spec.snapshot().rows() / windowsInPeriod(spec.window(), spec.snapshot().period()));
    return new PoolSettings(
        spec.model(),
        layouts,
        strata,
        shares,
        SamplingReasons.keeping(spec.snapshot()).stream()
            .map(reason -> (int) Math.max(LEAST, reason.candidates(share)))
            .toList(),
        StoredPools.clear(spec, redaction)
            ? BlankColumns.of(spec, redaction)
            : new BlankColumns(List.of()),
        spec.snapshot().seed());
  }

  private static long windowsInPeriod(WindowSpec window, WindowSpec period) {
    long start = period.startOf(WindowSpec.micros(period.origin()));
    long end = period.endOf(start);
    long windows = 0;
    for (long at = window.startOf(start); at < end && windows < 10_000; at = window.endOf(at)) {
      windows++;
    }
    return Math.max(1, windows);
  }

  /** The kinds of rows of a version. */
  Strata strataOf(String version) {
    return strata.get(layouts.of(model, version).id());
  }

  StratifiedSample newPool(String version) {
    return new StratifiedSample(strataOf(version), bounds, seed);
  }
}
