package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.CompletePeriod;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.Reach;
import io.tidemark.profile.ShownFile;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.LabelIssue;
import io.tidemark.schema.LabelQuality;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.store.JsonLines;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;

/**
 * Judges the labels of a period and writes what is doubtful. Windows that earlier runs have read
 * are completed from what they left. A period of which a run has read nothing is judged again where
 * something of the period before has come. What is written is a function of the rows, so that it is
 * the same again after a failure.
 *
 * @param asked which windows the run can speak for
 */
record JudgePeriod(MonitoringSpec spec, Redaction redaction, String output, Reach asked)
    implements PeriodStage<Void, JudgePeriod.Judged> {

  static final String ISSUES = "label-issues";
  static final String QUALITY = "label-quality";
  static final String QUEUE = "review";
  private static final String PART = "part";

  /**
   * What became of a period.
   *
   * @param told null: nothing is written
   * @param stays why what is there stays as it is; null: it does not
   */
  record Judged(String model, LabelTold told, String stays) {

    /** In the order of the fields. */
    static final class JudgedCoder extends StatelessCoder<Judged> {
      private static final long serialVersionUID = 1;
      private static final NullableCoder<LabelTold> TOLD =
          NullableCoder.of(new LabelTold.ToldCoder());
      private static final NullableCoder<String> TEXT = NullableCoder.of(StringUtf8Coder.of());

      @Override
      public void encode(Judged judged, OutputStream out) throws IOException {
        StringUtf8Coder.of().encode(judged.model, out);
        TOLD.encode(judged.told, out);
        TEXT.encode(judged.stays, out);
      }

      @Override
      public Judged decode(InputStream in) throws IOException {
        return new Judged(StringUtf8Coder.of().decode(in), TOLD.decode(in), TEXT.decode(in));
      }
    }
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

  private StoredWindows<LabelWindow, Void> stored() {
    return StoredEvidence.windows(spec, period(), redaction, output);
  }

  @Override
  public void keep(
      Iterable<KV<WindowKey, byte[]>> states, SortedMap<WindowKey, WindowRevision<Void>> judged)
      throws IOException {
    stored().keep(own(merged(states), judged), judged, asked);
  }

  private static TreeMap<WindowKey, LabelEvidence> merged(Iterable<KV<WindowKey, byte[]>> states)
      throws IOException {
    LabelEvidenceCoder coder = new LabelEvidenceCoder();
    TreeMap<WindowKey, LabelEvidence> merged = new TreeMap<>();
    for (KV<WindowKey, byte[]> each : states) {
      LabelEvidence evidence = MergeStates.unpack(coder, each.getValue());
      merged.merge(each.getKey(), evidence, LabelEvidence::merge);
    }
    return merged;
  }

  private static TreeMap<WindowKey, LabelWindow> own(
      SortedMap<WindowKey, LabelEvidence> evidence,
      SortedMap<WindowKey, WindowRevision<Void>> judged) {
    TreeMap<WindowKey, LabelWindow> own = new TreeMap<>();
    evidence.forEach(
        (key, each) -> {
          WindowRevision<Void> revision = judged.get(key);
          own.put(key, new LabelWindow(each, revision != null && revision.complete()));
        });
    return own;
  }

  @Override
  public List<Judged> close(
      WindowKey period,
      Iterable<KV<WindowKey, byte[]>> states,
      SortedMap<WindowKey, WindowRevision<Void>> judged,
      Set<WindowKey> whole,
      Reach reach)
      throws IOException {
    long start = period.start();
    TreeMap<WindowKey, LabelEvidence> evidence = merged(states);
    TreeMap<WindowKey, LabelEvidence> evidenceBefore = new TreeMap<>();
    evidence.forEach(
        (key, each) -> {
          if (key.start() < start) {
            evidenceBefore.put(key, each);
          }
        });
    evidence.keySet().removeAll(evidenceBefore.keySet());
    TreeMap<WindowKey, LabelWindow> read = own(evidence, judged);
    CompletePeriod complete = new CompletePeriod(spec.window(), asked, reach);
    TreeMap<WindowKey, LabelWindow> kept = stored().read(start);
    TreeMap<WindowKey, LabelWindow> now = complete.complete(read, kept);
    if (labelled(now) == 0) {
      if (!read.isEmpty()) {
        stored().write(now);
      }
      return List.of(); // there is nothing to judge
    }
    TreeMap<WindowKey, LabelWindow> readBefore = own(evidenceBefore, new TreeMap<>());
    TreeMap<WindowKey, LabelWindow> before =
        complete.complete(readBefore, stored().read(period().startOf(start - 1)));
    long[] published = published(start);
    boolean less = published[0] > labelled(now) && published[0] > labelled(kept);
    boolean lessBefore =
        published[0] >= labelled(now)
            && published[1] > labelled(before)
            && readBefore.keySet().stream().noneMatch(key -> covers(reach, key.start()));
    if ((less || lessBefore) && !reach.covers(start, period().endOf(start))) {
      String stays = stays(start, published, labelled(now), labelled(before));
      return List.of(new Judged(spec.model(), null, stays));
    }
    if (!read.isEmpty()) {
      stored().write(now);
    }
    return List.of(judge(start, now, before));
  }

  private boolean covers(Reach reach, long window) {
    return reach.covers(window, spec.window().endOf(window));
  }

  private static long labelled(SortedMap<WindowKey, LabelWindow> windows) {
    return windows.values().stream().mapToLong(each -> each.held().labelled()).sum();
  }

  private String folder(String table, long start) {
    return OutputFiles.path(
        WindowFolders.folder(output, table, spec.model(), ""),
        "period=" + WindowFolders.name(start));
  }

  /**
   * Labelled rows that what is below the output was made of, of the period and of the one before.
   * What is damaged is written anew.
   */
  private long[] published(long start) throws IOException {
    long[] rows = new long[2];
    for (byte[] file : WindowFolders.read(folder(QUALITY, start), "jsonl")) {
      try {
        for (LabelQuality each : JsonLines.read(file, LabelQuality.class)) {
          rows[0] += each.getLabelledRows();
          rows[1] += each.getLabelledBefore();
        }
      } catch (IOException e) {
        return new long[2];
      }
    }
    return rows;
  }

  private String stays(long start, long[] published, long labelled, long before) {
    return "label issues of "
        + spec.model()
        + " from "
        + WindowSpec.instant(start)
        + " to "
        + WindowSpec.instant(period().endOf(start))
        + " stay as they are: this run has "
        + labelled
        + " labelled rows of that period and "
        + before
        + " of the one before, "
        + published[0]
        + " and "
        + published[1]
        + " are there";
  }

  private Judged judge(
      long start, SortedMap<WindowKey, LabelWindow> now, SortedMap<WindowKey, LabelWindow> before)
      throws IOException {
    LabelRecords records = new LabelRecords(spec, redaction);
    LabelColumns columns = LabelColumns.of(spec, redaction);
    LabelFilter filter = spec.labelIssues().filter();
    Instant end = WindowSpec.instant(period().endOf(start));
    TreeSet<String> versions = new TreeSet<>();
    now.keySet().forEach(key -> versions.add(key.version()));
    List<LabelQuality> quality = new ArrayList<>();
    List<LabelIssue> issues = new ArrayList<>();
    List<KV<String, ReviewRow>> rows = new ArrayList<>();
    for (String version : versions) {
      LabelEvidence all = new LabelEvidence(columns.count());
      int windows = 0;
      for (LabelWindow each : of(version, now)) {
        all.merge(each.evidence());
        windows += each.held().rows() > 0 ? 1 : 0;
      }
      InputSample inputsBefore = new InputSample();
      long labelledBefore = 0;
      for (LabelWindow each : of(version, before)) {
        inputsBefore.merge(each.evidence().inputs());
        labelledBefore += each.held().labelled();
      }
      if (all.labelled() == 0) {
        continue;
      }
      JudgedLabels judged = JudgedLabels.of(columns, all, inputsBefore, filter);
      WindowKey key = new WindowKey(spec.model(), version, start);
      quality.add(records.quality(key, end, windows, labelledBefore, filter, judged));
      issues.addAll(records.issues(key, end, judged));
      judged.queue().forEach(row -> rows.add(KV.of(version, row)));
    }
    rows.sort(
        Comparator.comparingDouble((KV<String, ReviewRow> row) -> row.getValue().benefit())
            .reversed()
            .thenComparing(KV::getKey)); // those of one version are in order
    List<LabelRecords.Queued> queue = new ArrayList<>();
    int most = Math.min(rows.size(), spec.labelIssues().queue());
    for (KV<String, ReviewRow> row : rows.subList(0, most)) {
      queue.add(new LabelRecords.Queued(queue.size() + 1, row.getKey(), row.getValue()));
    }
    issues.sort(
        Comparator.comparing(LabelIssue::getModelVersion)
            .thenComparing(LabelIssue::getKind)
            .thenComparing(LabelIssue::getId));
    write(QUEUE, start, ShownFile.jsonLines(records.queue(), queue), "jsonl");
    write(QUEUE, start, ShownFile.parquet("review", records.queue(), queue), "parquet");
    write(ISSUES, start, JsonLines.of(issues), "jsonl");
    write(QUALITY, start, JsonLines.of(quality), "jsonl");
    LabelTold told =
        new LabelTold(
            start,
            quality.stream().mapToLong(LabelQuality::getConfidentLearning).sum(),
            quality.stream().mapToLong(LabelQuality::getAmbiguous).sum(),
            quality.stream().mapToLong(LabelQuality::getFlipped).sum(),
            queue.size());
    return new Judged(spec.model(), told, null);
  }

  private static List<LabelWindow> of(String version, SortedMap<WindowKey, LabelWindow> windows) {
    return windows.entrySet().stream()
        .filter(each -> each.getKey().version().equals(version))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void write(String table, long start, byte[] content, String extension)
      throws IOException {
    WindowFolders.replace(folder(table, start), PART, content, extension);
  }
}
