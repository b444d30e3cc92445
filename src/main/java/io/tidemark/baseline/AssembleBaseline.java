package io.tidemark.baseline;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.Baseline.ReferenceWindow;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.LogSpans;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.ProfileAggregator;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.values.KV;

/** From the windows' profiles to the baseline: their sum, and which of them are whole. */
final class AssembleBaseline {
  private AssembleBaseline() {}

  static Baseline of(
      MonitoringSpec spec,
      String version,
      List<FieldBins> bins,
      ProfileLayout layout,
      Collection<KV<WindowKey, WindowProfile>> profiles,
      WindowCompleteness bounds,
      PerformanceReference performance) {
    TreeMap<Long, WindowProfile> byStart = new TreeMap<>();
    WindowProfile gathered = null;
    for (KV<WindowKey, WindowProfile> profile : profiles) {
      if (profile.getKey().equals(ProfileAggregator.ofTotal(spec.model()))) {
        gathered = profile.getValue();
        continue;
      }
      // Versions of one reference are one baseline.
      byStart
          .computeIfAbsent(profile.getKey().start(), start -> new WindowProfile(layout))
          .merge(profile.getValue());
    }
    WindowProfile total = gathered != null ? gathered : new WindowProfile(layout);
    boolean sum = gathered == null;
    List<ReferenceWindow> windows = new ArrayList<>();
    LogSpans log = LogSpans.over(spec.window());
    byStart.keySet().forEach(log::add);
    byStart.forEach(
        (start, profile) -> {
          if (sum) {
            total.merge(profile);
          }
          long end = spec.window().endOf(start);
          windows.add(new ReferenceWindow(start, end, bounds.whole(start, end, log), profile));
        });
    List<FieldBins> counted = new ArrayList<>();
    for (int i = 0; i < bins.size(); i++) {
      counted.add(withTruncation(bins.get(i), total, i));
    }
    return new Baseline(
        spec.model(),
        version,
        "",
        total.rows(),
        List.copyOf(counted),
        layout,
        total,
        List.copyOf(windows),
        performance);
  }

  /** Values beyond both the dictionary and the count of unknown ones cannot be told apart later. */
  private static FieldBins withTruncation(FieldBins field, WindowProfile total, int index) {
    if (field.field().numeric()) {
      return field;
    }
    boolean truncated = total.state(0, index).categories().unseen().other() > 0;
    return new FieldBins(field.field(), null, null, null, field.dictionary(), truncated);
  }
}
