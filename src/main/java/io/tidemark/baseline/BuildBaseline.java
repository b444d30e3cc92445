package io.tidemark.baseline;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventLayout;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.PerformanceReference;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowProfile;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;

/**
 * Builds a baseline in two passes over the reference rows: {@link #sample()} gathers what the bins
 * are chosen from, {@link #bins} chooses them, and {@link #assemble} puts the file together from
 * the windows' profiles that the second pass gathers over them.
 */
public final class BuildBaseline implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int LEAST_VALUES = 4;

  private final MonitoringSpec spec;
  private final EventLayout layout;

  private BuildBaseline(MonitoringSpec spec) {
    this.spec = spec;
    this.layout = EventLayout.of(spec.fields(), List.of());
  }

  public static BuildBaseline of(MonitoringSpec spec) {
    return new BuildBaseline(spec);
  }

  /** What the first pass gathers. */
  public Aggregator<Integer, RowSample> sample() {
    return new SampleAggregator(EventLayout.of(spec));
  }

  public Coder<RowSample> sampleCoder() {
    return new RowSampleCoder(EventLayout.of(spec));
  }

  /** How the first pass's samples are merged to one. */
  public MergeStates.Merge<RowSample> mergeSamples() {
    return RowSample::merge;
  }

  private boolean needsFineBins() {
    return spec.fields().stream().anyMatch(field -> spec.drift().needsFineBins(field.name()));
  }

  /** The bins of every field, from a merged sample. */
  public List<FieldBins> bins(RowSample sample) {
    return ChooseBins.from(sample, needsFineBins());
  }

  /**
   * Over what the second pass counts.
   *
   * @param rows of the reference, from the first pass
   */
  public ProfileLayouts layouts(List<FieldBins> bins, long rows) {
    List<Integer> segments = new ArrayList<>();
    for (String segment : spec.segments()) {
      int field = layout.indexOf(segment);
      if (bins.get(field).dictionary().size() <= ProfileLayout.MAX_SEGMENTS_OF_A_FIELD) {
        segments.add(field);
      }
    }
    // Preset nannyml compares small baselines by their values, and their windows too.
    boolean exact = needsFineBins() && rows < Baseline.EXACT_ROWS;
    int values = exact ? Baseline.EXACT_ROWS : LEAST_VALUES;
    int totalValues = Math.max(values, comparedValues());
    ProfileLayout windows =
        Baseline.layout(
            spec.model(), 0, layout, bins, segments, values, ProfileLayout.UNSEEN_VALUES);
    return values == totalValues
        ? ProfileLayouts.single(windows)
        : ProfileLayouts.withTotal(windows, windows.withValues(1, totalValues));
  }

  /** Whether the second pass has to gather all rows together besides, with more of their values. */
  public boolean gathersTotal(ProfileLayouts layouts) {
    return layouts.all().size() > 1;
  }

  private int comparedValues() {
    boolean needed =
        spec.fields().stream()
            .anyMatch(field -> field.numeric() && spec.drift().needsValues(field.name()));
    return needed ? ProfileLayout.comparedValues(layout.numbers()) : 0;
  }

  /** How the second pass gathers outcomes; null where the sample has no label. */
  public OutcomeLayout outcomes(ProfileLayouts layouts, RowSample sample) {
    return LearnOutcomes.from(spec, layouts.of(spec.model(), ""), sample);
  }

  /**
   * The baseline of these windows.
   *
   * @param outcomes how the windows' outcomes were gathered, or null: they were not
   */
  public Baseline assemble(
      String version,
      List<FieldBins> bins,
      ProfileLayouts layouts,
      Collection<KV<WindowKey, WindowProfile>> profiles,
      WindowCompleteness bounds,
      OutcomeLayout outcomes,
      Collection<KV<WindowKey, WindowOutcomes>> windows) {
    PerformanceReference performance =
        outcomes == null ? null : MeasureReference.of(outcomes, windows);
    return AssembleBaseline.of(
        spec, version, bins, layouts.of(spec.model(), ""), profiles, bounds, performance);
  }
}
