package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.BlockedColumn;
import io.tidemark.profile.DoubtedRows;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.PeriodAndBefore;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownFile;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.LabelIssue;
import io.tidemark.schema.LabelQuality;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.labelissues.AgreementCounts;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.store.JsonLines;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.beam.sdk.values.KV;

/**
 * Judges the labels of a period and writes what is doubtful. What is written is a function of the
 * rows, so that it is the same again after a failure.
 */
final class JudgePeriod extends PeriodAndBefore<LabelEvidence, JudgedPeriod> {
  private static final long serialVersionUID = 1;

  static final String ISSUES = "label-issues";
  static final String QUALITY = "label-quality";
  static final String QUEUE = "review";
  private static final String PART = "part";

  /**
   * Share of a period's labels that may look wrong: of more it is rather the model that is, such as
   * where what it was trained on has changed.
   */
  private static final double MOST_MISLABELLED = .2;

  JudgePeriod(MonitoringSpec spec, PeriodRun run) {
    super(spec, run);
  }

  @Override
  protected String subject() {
    return "label issues";
  }

  @Override
  protected LabelEvidenceCoder coder() {
    return new LabelEvidenceCoder();
  }

  @Override
  protected LabelEvidence merge(LabelEvidence into, LabelEvidence other) {
    return into.merge(other);
  }

  @Override
  protected StoredWindows<LabelledWindow<LabelEvidence>, Void> stored() {
    return StoredEvidence.windows(spec(), period(), redaction(), output());
  }

  @Override
  protected boolean judges(SortedMap<WindowKey, LabelledWindow<LabelEvidence>> now) {
    return now.values().stream().anyMatch(window -> window.state().labelled() > 0);
  }

  private String folder(String table, long start) {
    return OutputFiles.path(
        WindowFolders.folder(output(), table, spec().model(), ""),
        "period=" + WindowFolders.name(start));
  }

  @Override
  protected Labelled published(long start) throws IOException {
    long rows = 0;
    long before = 0;
    for (byte[] file : WindowFolders.read(folder(QUALITY, start), "jsonl")) {
      try {
        for (LabelQuality each : JsonLines.read(file, LabelQuality.class)) {
          rows += each.getLabelledRows();
          before += each.getLabelledBefore();
        }
      } catch (IOException e) {
        return Labelled.NONE;
      }
    }
    return new Labelled(rows, before);
  }

  @Override
  protected List<JudgedPeriod> judge(
      long start,
      SortedMap<WindowKey, LabelledWindow<LabelEvidence>> now,
      SortedMap<WindowKey, LabelledWindow<LabelEvidence>> before)
      throws IOException {
    MonitoringSpec spec = spec();
    Redaction redaction = redaction();
    LabelRecords records = new LabelRecords(spec, redaction);
    LabelColumns columns = LabelColumns.of(spec, redaction);
    LabelFilter filter = spec.labelIssues().filter();
    Instant end = WindowSpec.instant(period().endOf(start));
    TreeSet<String> versions = new TreeSet<>();
    now.keySet().forEach(key -> versions.add(key.version()));
    List<LabelQuality> quality = new ArrayList<>();
    List<LabelIssue> issues = new ArrayList<>();
    List<KV<String, ReviewRow>> rows = new ArrayList<>();
    AgreementCounts agreement = new AgreementCounts();
    TreeSet<String> suspected = new TreeSet<>(); // versions that rather err themselves
    for (String version : versions) {
      LabelEvidence all = new LabelEvidence(columns.count());
      int windows = 0;
      for (LabelEvidence each : of(version, now)) {
        all.merge(each);
        windows += each.rows() > 0 ? 1 : 0;
      }
      InputSample inputsBefore = new InputSample();
      long labelledBefore = 0;
      for (LabelEvidence each : of(version, before)) {
        inputsBefore.merge(each.inputs());
        labelledBefore += each.labelled();
      }
      if (all.labelled() == 0) {
        continue;
      }
      JudgedLabels judged = JudgedLabels.of(columns, all, inputsBefore, filter);
      agreement.merge(all.conflicting().counts());
      WindowKey key = new WindowKey(spec.model(), version, start);
      quality.add(records.quality(key, end, windows, labelledBefore, filter, judged));
      issues.addAll(records.issues(key, end, judged));
      if (judged.mislabelledShare() > MOST_MISLABELLED) {
        suspected.add(version);
      }
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
    ShownColumns<LabelRecords.Queued> shown =
        records.queue(agreement.rows() > 0).withoutPersonal(queue);
    List<String> blocked = shown.blocked().stream().map(BlockedColumn::name).toList();
    quality.forEach(each -> each.setBlockedColumns(blocked));
    write(QUEUE, start, ShownFile.jsonLines(shown, queue), "jsonl");
    write(QUEUE, start, ShownFile.parquet("review", shown, queue), "parquet");
    write(ISSUES, start, JsonLines.of(issues), "jsonl");
    write(QUALITY, start, JsonLines.of(quality), "jsonl");
    LabelTold told =
        new LabelTold(
            start,
            quality.stream().mapToLong(LabelQuality::getConfidentLearning).sum(),
            quality.stream().mapToLong(LabelQuality::getAmbiguous).sum(),
            quality.stream().mapToLong(LabelQuality::getFlipped).sum(),
            issues.stream().filter(JudgePeriod::isOfSources).count(),
            queue.size(),
            blocked);
    return List.of(
        new JudgedPeriod(
            new WindowKey(spec.model(), "", start), told, doubted(queue, suspected), agreement));
  }

  private static boolean isOfSources(LabelIssue issue) {
    return issue.getKind().equals(Doubt.Kind.CONFLICTING_SOURCES.id());
  }

  /**
   * Those of the queue but for what the model rather errs on itself: where most rows with the same
   * inputs say the same, or where it contradicts more labels than can be wrong. Rows whose sources
   * disagree are disputed, which sets them apart already.
   */
  private DoubtedRows doubted(List<LabelRecords.Queued> queue, Set<String> suspected) {
    DoubtedRows doubted = new DoubtedRows();
    if (!spec().labelIssues().setApart()) {
      return doubted;
    }
    LabelledRow row = new LabelledRow(LabelColumns.of(spec(), redaction()));
    for (LabelRecords.Queued each : queue) {
      List<String> kinds = each.row().kinds();
      if (each.row().action() == Doubt.Action.ACCEPT) {
        continue;
      }
      row.turnTo(each.event());
      if (kinds.contains(Doubt.Kind.AMBIGUOUS.id()) || kinds.contains(Doubt.Kind.FLIPPED.id())) {
        doubted.add(each.version(), row.inputs(), row.label);
      } else if (kinds.contains(Doubt.Kind.CONFIDENT_LEARNING.id())
          && !suspected.contains(each.version())) {
        doubted.add(each.version(), each.name());
      }
    }
    return doubted;
  }

  private static List<LabelEvidence> of(
      String version, SortedMap<WindowKey, LabelledWindow<LabelEvidence>> windows) {
    return windows.entrySet().stream()
        .filter(each -> each.getKey().version().equals(version))
        .map(each -> each.getValue().state())
        .toList();
  }

  private void write(String table, long start, byte[] content, String extension)
      throws IOException {
    WindowFolders.replace(folder(table, start), PART, content, extension);
  }
}
