package io.tidemark.drift;

import io.tidemark.schema.Finding;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Lets a series of findings ring only where k of the last n windows exceeded: the n that end with
 * the window, by time, whether the series has a finding in each or not.
 */
final class PersistenceFn extends DoFn<KV<String, Iterable<Comparison>>, Comparison> {
  private static final long serialVersionUID = 1;

  private final DriftSpec.Persistence rule;
  private final WindowSpec window;
  private final EarlierFindings earlier;
  private final PCollectionView<Iterable<Long>> windowsOfRun;

  private transient Set<Long> run;

  /**
   * @param windowsOfRun windows that are not looked up among the earlier ones
   */
  PersistenceFn(
      DriftSpec.Persistence rule,
      WindowSpec window,
      EarlierFindings earlier,
      PCollectionView<Iterable<Long>> windowsOfRun) {
    this.rule = rule;
    this.window = window;
    this.earlier = earlier;
    this.windowsOfRun = windowsOfRun;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    if (run == null) { // a bounded run has one set of windows
      run = new HashSet<>();
      context.sideInput(windowsOfRun).forEach(run::add);
    }
    String series = context.element().getKey();
    List<Comparison> comparisons = new ArrayList<>();
    Set<Long> exceeded = new HashSet<>();
    for (Comparison comparison : context.element().getValue()) {
      comparisons.add(comparison);
      if (comparison.finding().getExceeded()) {
        exceeded.add(comparison.windowStart());
      }
    }
    for (Comparison comparison : comparisons) {
      context.output(
          comparison.finding().getExceeded()
              ? judge(comparison, count(series, comparison.windowStart(), exceeded), rule)
              : comparison);
    }
  }

  private int count(String series, long last, Set<Long> exceeded) throws IOException {
    int count = 0;
    long start = last;
    for (int back = 0; back < rule.of(); back++) {
      boolean counts =
          run.contains(start) ? exceeded.contains(start) : earlier.exceeded(start, series);
      count += counts ? 1 : 0;
      start = window.startOf(start - 1);
    }
    return count;
  }

  /** The verdict on a comparison that exceeded in so many of the last windows. */
  static Comparison judge(Comparison comparison, int count, DriftSpec.Persistence rule) {
    // Elements belong to the runner: the verdict goes into a copy.
    Finding finding = Finding.newBuilder(comparison.finding()).build();
    boolean persists = count >= rule.windows();
    finding.setAlarm(persists);
    finding.setReason(
        (persists ? "" : "not persistent: ")
            + "in "
            + count
            + " of the last "
            + rule.of()
            + " windows"
            + (persists ? "; " : ", " + rule.windows() + " are needed; ")
            + finding.getReason());
    return new Comparison(
        finding, comparison.windowStart(), comparison.field(), comparison.growth());
  }
}
