package io.tidemark.slices;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.ClosePeriods;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.PeriodStage;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the windows' coded rows to the slices of each period on which the model errs most, held
 * against the period before. Windows that were not read are taken from what earlier runs left.
 *
 * <p>A bounded run searches the periods of its windows, and those after, at its end; a stream each
 * period once, when nothing can change its rows any more.
 */
public final class FindWeakSlices
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The folder of the labelled rows of each window. */
  public static final String CODED_ROWS = StoredCodes.TABLE;

  /** What there is of periods; a model version's slices, by their rank. */
  public static final TupleTag<WindowRevision<List<JudgedSlice>>> FOUND =
      new TupleTag<>("found") {};

  /** Why slices that are there stay as they are, in words, by model. */
  public static final TupleTag<KV<String, String>> STAYS = new TupleTag<>("stays") {};

  private final transient Fleet<PeriodStage<Void, SearchPeriod.Searched>> stages;
  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<Void>> windows;

  private FindWeakSlices(
      Fleet<PeriodStage<Void, SearchPeriod.Searched>> stages,
      PeriodRun run,
      PCollection<WindowRevision<Void>> windows) {
    this.stages = stages;
    this.run = run;
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
    return new FindWeakSlices(
        run.specs()
            .map(
                spec ->
                    new SearchPeriod(
                        spec,
                        settings,
                        run.redactions().of(spec.model()),
                        run.baselines().of(spec.model()),
                        run.output(),
                        run.reach().of(spec.model()))),
        run,
        windows);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> rows) {
    boolean followed = rows.isBounded() == PCollection.IsBounded.UNBOUNDED;
    PCollectionTuple told =
        rows.apply(
                "Search",
                ClosePeriods.of(
                    stages,
                    run,
                    windows,
                    WindowRevision.coder(VoidCoder.of()),
                    new SearchPeriod.Searched.SearchedCoder()))
            .apply(
                "TellSearched",
                ParDo.of(new TellFn(followed)).withOutputTags(FOUND, TupleTagList.of(STAYS)));
    told.get(FOUND).setCoder(SearchPeriod.foundCoder());
    told.get(STAYS).setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    return told;
  }

  private static final class TellFn
      extends DoFn<SearchPeriod.Searched, WindowRevision<List<JudgedSlice>>> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(FindWeakSlices.class);

    private final boolean followed;

    /**
     * @param followed without end: nobody is told at the end what stays
     */
    TellFn(boolean followed) {
      this.followed = followed;
    }

    @ProcessElement
    public void process(@Element SearchPeriod.Searched searched, MultiOutputReceiver out) {
      if (searched.found() != null) {
        out.get(FOUND).output(searched.found());
      }
      if (searched.stays() != null) {
        if (followed) {
          LOG.warn("{}", searched.stays());
        }
        out.get(STAYS).output(KV.of(searched.model(), searched.stays()));
      }
    }
  }
}
