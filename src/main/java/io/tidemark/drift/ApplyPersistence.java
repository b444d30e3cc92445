package io.tidemark.drift;

import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.spec.MonitoringSpec;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Lets findings ring only where k of the last n windows exceeded their thresholds. Windows that are
 * not in the run count as earlier runs under the same output have stored them, so that scheduled
 * runs ring as one run over all windows does.
 */
final class ApplyPersistence extends PTransform<PCollection<Comparison>, PCollection<Comparison>> {
  private static final long serialVersionUID = 1;

  private final transient MonitoringSpec spec;
  private final transient String output;
  private final transient PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> run;

  private ApplyPersistence(
      MonitoringSpec spec,
      String output,
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> run) {
    this.spec = spec;
    this.output = output;
    this.run = run;
  }

  /**
   * @param run the windows whose findings this run writes
   */
  static ApplyPersistence of(
      MonitoringSpec spec,
      String output,
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> run) {
    return new ApplyPersistence(spec, output, run);
  }

  @Override
  public PCollection<Comparison> expand(PCollection<Comparison> findings) {
    // Stored findings of these are about to be replaced, so they must not be looked at.
    PCollectionView<Iterable<Long>> rewritten =
        run.apply(
                "StartOfWindow",
                MapElements.into(TypeDescriptors.longs()).via(window -> window.getKey().start()))
            .setCoder(VarLongCoder.of())
            .apply("WindowsOfRun", Distinct.create())
            .apply("ViewWindows", View.asIterable());
    return findings
        .apply(
            "NameSeries",
            WithKeys.<String, Comparison>of(comparison -> Series.of(comparison.finding()))
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), new Comparison.ComparisonCoder()))
        .apply("GroupBySeries", GroupByKey.create())
        .apply(
            "LookBack",
            ParDo.of(
                    new PersistenceFn(
                        spec.drift().persistence(),
                        spec.window(),
                        new EarlierFindings(output, spec.model()),
                        rewritten))
                .withSideInputs(rewritten))
        .setCoder(new Comparison.ComparisonCoder());
  }
}
