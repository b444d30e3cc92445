package io.tidemark.slices;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.CompletePeriod;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.Reach;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.Slice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.slices.CodedRows;
import io.tidemark.stats.slices.ComparePeriods;
import io.tidemark.stats.slices.ComparedSlice;
import io.tidemark.stats.slices.SliceLine;
import io.tidemark.stats.slices.WeakSlices;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;

/**
 * Searches a period's labelled rows for slices, and holds these against the period before. Windows
 * of both that earlier runs have read are completed from what they left. A period of which a run
 * has read nothing is searched again where something of the period before has come.
 *
 * @param baselines hash of the baseline of each model version, and of the others under ""
 * @param asked which windows the run can speak for
 */
record SearchPeriod(
    MonitoringSpec spec,
    Broadcast<Fleet<SliceSettings>> settings,
    Redaction redaction,
    TreeMap<String, String> baselines,
    String output,
    Reach asked)
    implements PeriodStage<Void, SearchPeriod.Searched> {

  /** With more features no three predicates together are tried, and with still more no two. */
  private static final int MOST_OF_THREE = 64;

  private static final int MOST_OF_TWO = 256;

  /**
   * What there is of a period.
   *
   * @param found of one model version; null: nothing is written
   * @param stays why what is there stays as it is; null: it does not
   */
  record Searched(String model, WindowRevision<List<JudgedSlice>> found, String stays) {

    /** Model, found, why it stays. */
    static final class SearchedCoder extends StatelessCoder<Searched> {
      private static final long serialVersionUID = 1;
      private static final NullableCoder<WindowRevision<List<JudgedSlice>>> FOUND =
          NullableCoder.of(foundCoder());
      private static final NullableCoder<String> TEXT = NullableCoder.of(StringUtf8Coder.of());

      @Override
      public void encode(Searched searched, OutputStream out) throws IOException {
        StringUtf8Coder.of().encode(searched.model, out);
        FOUND.encode(searched.found, out);
        TEXT.encode(searched.stays, out);
      }

      @Override
      public Searched decode(InputStream in) throws IOException {
        return new Searched(StringUtf8Coder.of().decode(in), FOUND.decode(in), TEXT.decode(in));
      }
    }
  }

  static WindowRevision.RevisionCoder<List<JudgedSlice>> foundCoder() {
    return WindowRevision.coder(ListCoder.of(new JudgedSlice.JudgedCoder()));
  }

  @Override
  public WindowSpec window() {
    return spec.window();
  }

  @Override
  public WindowSpec period() {
    return spec.period();
  }

  @Override
  public boolean looksBack() {
    return true;
  }

  @Override
  public void keep(
      Iterable<KV<WindowKey, byte[]>> states, SortedMap<WindowKey, WindowRevision<Void>> judged)
      throws IOException {
    stored().keep(own(merged(states), judged), judged, asked);
  }

  private StoredWindows<CodedWindow, Void> stored() {
    return StoredCodes.windows(spec, settings, baselines, period(), redaction, output);
  }

  private TreeMap<WindowKey, CodedRowSample> merged(Iterable<KV<WindowKey, byte[]>> states)
      throws IOException {
    CodedRowSampleCoder coder = new CodedRowSampleCoder(settings);
    TreeMap<WindowKey, CodedRowSample> merged = new TreeMap<>();
    for (KV<WindowKey, byte[]> each : states) {
      CodedRowSample sample = MergeStates.unpack(coder, each.getValue());
      merged.merge(each.getKey(), sample, CodedRowSample::merge);
    }
    return merged;
  }

  /** With windows that are known to have no rows. */
  private TreeMap<WindowKey, CodedWindow> own(
      SortedMap<WindowKey, CodedRowSample> samples,
      SortedMap<WindowKey, WindowRevision<Void>> judged) {
    TreeMap<WindowKey, CodedWindow> own = new TreeMap<>();
    samples.forEach(
        (key, sample) -> {
          WindowRevision<Void> revision = judged.get(key);
          own.put(key, new CodedWindow(sample, revision != null && revision.complete()));
        });
    judged.forEach(
        (key, revision) -> {
          if (revision.revision() == 0) {
            CodedRowSample none = settings.get().of(spec.model()).newSample(key.version());
            own.putIfAbsent(key, new CodedWindow(none, revision.complete()));
          }
        });
    return own;
  }

  @Override
  public List<Searched> close(
      WindowKey period,
      Iterable<KV<WindowKey, byte[]>> states,
      SortedMap<WindowKey, WindowRevision<Void>> judged,
      Set<WindowKey> whole,
      Reach reach)
      throws IOException {
    long start = period.start();
    TreeMap<WindowKey, CodedRowSample> samples = new TreeMap<>();
    TreeMap<WindowKey, CodedRowSample> samplesBefore = new TreeMap<>();
    merged(states)
        .forEach((key, sample) -> (key.start() < start ? samplesBefore : samples).put(key, sample));
    TreeMap<WindowKey, CodedWindow> read = own(samples, judged);
    TreeMap<WindowKey, CodedWindow> readBefore = own(samplesBefore, new TreeMap<>());
    StoredWindows<CodedWindow, Void> stored = stored();
    CompletePeriod complete = new CompletePeriod(spec.window(), asked, reach);
    TreeMap<WindowKey, CodedWindow> kept = stored.read(start);
    TreeMap<WindowKey, CodedWindow> now = complete.complete(read, kept);
    if (now.isEmpty()) {
      return List.of(); // only the period before has rows
    }
    long startBefore = period().startOf(start - 1);
    TreeMap<WindowKey, CodedWindow> before =
        complete.complete(readBefore, stored.read(startBefore));
    Totals totals = Totals.of(now, before);
    Totals published = published(start);
    boolean less =
        published.labelled > totals.labelled
            && published.labelled > Totals.labelled(kept); // else windows say which are less
    boolean lessBefore =
        published.labelled >= totals.labelled
            && published.before > totals.before
            && readBefore.keySet().stream().noneMatch(key -> covers(reach, key.start()));
    if ((less || lessBefore) && !reach.covers(start, period().endOf(start))) {
      return List.of(new Searched(spec.model(), null, stays(start, published, totals)));
    }
    if (!read.isEmpty()) {
      stored.write(now);
    }
    List<Searched> searched = new ArrayList<>();
    for (String version : versions(now)) {
      searched.add(new Searched(spec.model(), search(period, version, now, before), null));
    }
    return searched;
  }

  private static TreeSet<String> versions(SortedMap<WindowKey, CodedWindow> windows) {
    TreeSet<String> versions = new TreeSet<>();
    windows.keySet().forEach(key -> versions.add(key.version()));
    return versions;
  }

  /** Labelled rows of a period, and how many of the period before it is held against. */
  private record Totals(long labelled, long before) {
    static Totals of(
        SortedMap<WindowKey, CodedWindow> now, SortedMap<WindowKey, CodedWindow> before) {
      return new Totals(labelled(now), labelled(before));
    }

    private static long labelled(SortedMap<WindowKey, CodedWindow> windows) {
      return windows.values().stream().mapToLong(each -> each.held().labelled()).sum();
    }
  }

  /** What the table below the output was made of. What is damaged is written anew. */
  private Totals published(long start) throws IOException {
    long labelled = 0;
    long before = 0;
    try {
      for (Slice slice :
          ReadTable.of(Table.SLICES, Slice.class, output, spec.model()).window(start)) {
        if (slice.getRank() != null && slice.getRank() == 0) {
          labelled += slice.getRowsLabelled();
          before += slice.getBefore() == null ? 0 : slice.getBefore().getSize();
        }
      }
    } catch (DamagedFileException e) {
      return new Totals(0, 0);
    }
    return new Totals(labelled, before);
  }

  private boolean covers(Reach reach, long window) {
    return reach.covers(window, spec.window().endOf(window));
  }

  private String stays(long start, Totals published, Totals totals) {
    return "slices of "
        + spec.model()
        + " from "
        + WindowSpec.instant(start)
        + " to "
        + WindowSpec.instant(period().endOf(start))
        + " stay as they are: this run has "
        + totals.labelled
        + " labelled rows of that period and "
        + totals.before
        + " of the one before, "
        + published.labelled
        + " and "
        + published.before
        + " are there";
  }

  private WindowRevision<List<JudgedSlice>> search(
      WindowKey period,
      String version,
      SortedMap<WindowKey, CodedWindow> now,
      SortedMap<WindowKey, CodedWindow> before) {
    FeatureCodes codes = settings.get().of(spec.model()).codesOf(version);
    int features = codes.features().size();
    int asks = spec.slices().maxPredicates();
    int most = Math.min(asks, features > MOST_OF_TWO ? 1 : features > MOST_OF_THREE ? 2 : 3);
    CodedRowSample sample = sample(version, now);
    CodedRows rows = rows(codes, sample);
    WeakSlices found = line(rows.size(), most).search(rows);
    CodedRowSample sampleBefore = sample(version, before);
    CodedRows rowsBefore = sampleBefore.size() == 0 ? null : rows(codes, sampleBefore);
    List<ComparedSlice> compared =
        new ComparePeriods(size -> line(size, most)).compare(rows, found, rowsBefore);
    WindowKey key = new WindowKey(spec.model(), version, period.start());
    SliceRecords records =
        new SliceRecords(
            periodRows(key, now, sample, rows),
            rowsBefore == null
                ? null
                : periodRows(
                    key.at(period().startOf(key.start() - 1)), before, sampleBefore, rowsBefore),
            new SliceWords(codes, redaction),
            found,
            most,
            most < asks);
    List<JudgedSlice> judged = new ArrayList<>();
    judged.add(records.all(compared));
    for (int i = 0; i < compared.size(); i++) {
      ComparedSlice slice = compared.get(i);
      judged.add(records.of(slice, slice.named() == null ? null : i + 1));
    }
    boolean complete = judged.get(0).slice().getComplete();
    return new WindowRevision<>(key, sample.labelled(), complete, judged);
  }

  private SliceLine line(int rows, int predicates) {
    return SliceLine.forRows(rows, spec.slices().minSupport(), predicates, spec.slices().top());
  }

  private SliceRecords.PeriodRows periodRows(
      WindowKey key,
      SortedMap<WindowKey, CodedWindow> windows,
      CodedRowSample sample,
      CodedRows rows) {
    long end = period().endOf(key.start());
    TreeSet<Long> starts = new TreeSet<>();
    TreeSet<Long> withRows = new TreeSet<>();
    windows.forEach(
        (window, part) -> {
          starts.add(window.start());
          if (part.held().rows() > 0 && window.version().equals(key.version())) {
            withRows.add(window.start());
          }
        });
    boolean over = true;
    for (long start = key.start(); start < end; start = spec.window().endOf(start)) {
      over &= starts.contains(start);
    }
    return new SliceRecords.PeriodRows(
        key,
        end,
        rows.kind(),
        sample.labelled(),
        rows.size(),
        rows.meanError(),
        withRows.size(),
        over,
        over && windows.values().stream().allMatch(CodedWindow::complete));
  }

  private CodedRowSample sample(String version, SortedMap<WindowKey, CodedWindow> windows) {
    CodedRowSample all = settings.get().of(spec.model()).newSample(version);
    windows.forEach(
        (key, window) -> {
          if (key.version().equals(version)) {
            all.merge(window.sample());
          }
        });
    return all;
  }

  private static CodedRows rows(FeatureCodes codes, CodedRowSample sample) {
    CodedRows.Builder builder = CodedRows.builder(codes.kind(), codes.counts());
    sample.addTo(builder);
    return builder.build();
  }
}
