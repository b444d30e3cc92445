package io.tidemark.slices;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.PeriodAndBefore;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.Slice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.slices.CodedRows;
import io.tidemark.stats.slices.ComparePeriods;
import io.tidemark.stats.slices.ComparedSlice;
import io.tidemark.stats.slices.SliceLine;
import io.tidemark.stats.slices.WeakSlices;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ListCoder;

/** Searches a period's labelled rows for slices, and holds these against the period before. */
final class SearchPeriod
    extends PeriodAndBefore<CodedRowSample, WindowRevision<List<JudgedSlice>>> {
  private static final long serialVersionUID = 1;

  /** With more features no three predicates together are tried, and with still more no two. */
  private static final int MOST_OF_THREE = 64;

  private static final int MOST_OF_TWO = 256;

  private final Broadcast<Fleet<SliceSettings>> settings;

  /** Hash of the baseline of each model version, and of the others under "". */
  private final TreeMap<String, String> baselines;

  SearchPeriod(MonitoringSpec spec, PeriodRun run, Broadcast<Fleet<SliceSettings>> settings) {
    super(spec, run);
    this.settings = settings;
    this.baselines = run.baselines().of(spec().model());
  }

  static WindowRevision.RevisionCoder<List<JudgedSlice>> foundCoder() {
    return WindowRevision.coder(ListCoder.of(new JudgedSlice.JudgedCoder()));
  }

  @Override
  protected String subject() {
    return "slices";
  }

  @Override
  protected CodedRowSampleCoder coder() {
    return new CodedRowSampleCoder(settings);
  }

  @Override
  protected CodedRowSample merge(CodedRowSample into, CodedRowSample other) {
    return into.merge(other);
  }

  @Override
  protected StoredWindows<LabelledWindow<CodedRowSample>, Void> stored() {
    return StoredCodes.windows(spec(), settings, baselines, period(), redaction(), output());
  }

  @Override
  protected CodedRowSample withoutRows(String version) {
    return settings.get().of(spec().model()).newSample(version);
  }

  @Override
  protected boolean judges(SortedMap<WindowKey, LabelledWindow<CodedRowSample>> now) {
    return !now.isEmpty(); // else only the period before has rows
  }

  @Override
  protected Labelled published(long start) throws IOException {
    long labelled = 0;
    long before = 0;
    try {
      for (Slice slice :
          ReadTable.of(Table.SLICES, Slice.class, output(), spec().model()).window(start)) {
        if (slice.getRank() != null && slice.getRank() == 0) {
          labelled += slice.getRowsLabelled();
          before += slice.getBefore() == null ? 0 : slice.getBefore().getSize();
        }
      }
    } catch (DamagedFileException e) {
      return Labelled.NONE;
    }
    return new Labelled(labelled, before);
  }

  @Override
  protected List<WindowRevision<List<JudgedSlice>>> judge(
      long start,
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> now,
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> before) {
    List<WindowRevision<List<JudgedSlice>>> searched = new ArrayList<>();
    for (String version : versions(now)) {
      searched.add(search(start, version, now, before));
    }
    return searched;
  }

  private static TreeSet<String> versions(
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> windows) {
    TreeSet<String> versions = new TreeSet<>();
    windows.keySet().forEach(key -> versions.add(key.version()));
    return versions;
  }

  private WindowRevision<List<JudgedSlice>> search(
      long start,
      String version,
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> now,
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> before) {
    FeatureCodes codes = settings.get().of(spec().model()).codesOf(version);
    int features = codes.features().size();
    int asks = spec().slices().maxPredicates();
    int most = Math.min(asks, features > MOST_OF_TWO ? 1 : features > MOST_OF_THREE ? 2 : 3);
    CodedRowSample sample = sample(version, now);
    CodedRows rows = rows(codes, sample);
    WeakSlices found = line(rows.size(), most).search(rows);
    CodedRowSample sampleBefore = sample(version, before);
    CodedRows rowsBefore = sampleBefore.size() == 0 ? null : rows(codes, sampleBefore);
    List<ComparedSlice> compared =
        new ComparePeriods(size -> line(size, most)).compare(rows, found, rowsBefore);
    WindowKey key = new WindowKey(spec().model(), version, start);
    SliceRecords records =
        new SliceRecords(
            periodRows(key, now, sample, rows),
            rowsBefore == null
                ? null
                : periodRows(
                    key.at(period().startOf(key.start() - 1)), before, sampleBefore, rowsBefore),
            new SliceWords(codes, redaction()),
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
    return SliceLine.forRows(rows, spec().slices().minSupport(), predicates, spec().slices().top());
  }

  private SliceRecords.PeriodRows periodRows(
      WindowKey key,
      SortedMap<WindowKey, LabelledWindow<CodedRowSample>> windows,
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
    for (long start = key.start(); start < end; start = spec().window().endOf(start)) {
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
        over && windows.values().stream().allMatch(LabelledWindow::complete));
  }

  private CodedRowSample sample(
      String version, SortedMap<WindowKey, LabelledWindow<CodedRowSample>> windows) {
    CodedRowSample all = settings.get().of(spec().model()).newSample(version);
    windows.forEach(
        (key, window) -> {
          if (key.version().equals(version)) {
            all.merge(window.state());
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
