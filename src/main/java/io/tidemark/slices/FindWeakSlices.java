package io.tidemark.slices;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.TellPeriods;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * From the windows' coded rows to the slices of each period on which the model errs most, held
 * against the period before. Windows that were not read are taken from what earlier runs left; see
 * {@link TellPeriods}.
 */
public final class FindWeakSlices
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The folder of the labelled rows of each window. */
  public static final String CODED_ROWS = StoredCodes.TABLE;

  /** What there is of periods; a model version's slices, by their rank. */
  public static final TupleTag<WindowRevision<List<JudgedSlice>>> FOUND =
      new TupleTag<>("found") {};

  private final transient PeriodRun run;
  private final transient Broadcast<Fleet<SliceSettings>> settings;
  private final transient PCollection<WindowRevision<Void>> windows;

  private FindWeakSlices(
      PeriodRun run,
      Broadcast<Fleet<SliceSettings>> settings,
      PCollection<WindowRevision<Void>> windows) {
    this.run = run;
    this.settings = settings;
    this.windows = windows;
  }

  /**
   * Takes coded rows as a {@link CodedRowAggregator} gathers them, packed by a {@link
   * CodedRowSampleCoder}.
   *
   * @param run of the models whose slices are searched
   * @param windows all there are, those without rows too: how many rows they have, and whether they
   *     are complete
   */
  public static FindWeakSlices of(
      PeriodRun run,
      Broadcast<Fleet<SliceSettings>> settings,
      PCollection<WindowRevision<Void>> windows) {
    return new FindWeakSlices(run, settings, windows);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> rows) {
    return rows.apply(
        "Search",
        TellPeriods.of(
            spec -> new SearchPeriod(spec, run, settings),
            run,
            windows,
            FOUND,
            SearchPeriod.foundCoder()));
  }
}
