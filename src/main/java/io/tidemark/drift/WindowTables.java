package io.tidemark.drift;

import io.tidemark.profile.Baselines;
import io.tidemark.profile.StatisticRows;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Statistic;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.KV;

/**
 * What a window's profile gives: rows of the statistics table, and comparisons. Not thread-safe.
 */
final class WindowTables {
  private final Baselines baselines;
  private final StatisticRows statistics;
  private final CompareWindow comparer;

  WindowTables(DriftContext context) {
    this.baselines = context.baselines();
    this.statistics = new StatisticRows(context.spec(), context.redaction());
    this.comparer = new CompareWindow(context.spec(), context.redaction(), baselines);
  }

  /**
   * @param complete whether nothing of the window was cut off or is not there yet
   */
  void write(WindowKey key, WindowProfile profile, boolean complete, MultiOutputReceiver out) {
    for (Statistic row : statistics(key, profile, complete)) {
      out.get(DetectDrift.STATISTICS).output(KV.of(key.start(), row));
    }
    for (Comparison comparison : comparer.compare(key, profile, complete)) {
      out.get(DetectDrift.FINDINGS).output(comparison);
    }
  }

  List<Statistic> statistics(WindowKey key, WindowProfile profile, boolean complete) {
    return statistics.of(key, profile, baselines.of(key.version()), complete);
  }

  List<Comparison> comparisons(WindowKey key, WindowProfile profile, boolean complete) {
    return comparer.compare(key, profile, complete);
  }
}
