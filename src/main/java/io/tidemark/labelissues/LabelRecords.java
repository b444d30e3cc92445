package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.event.SourceLabels;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Type;
import io.tidemark.profile.SourceNames;
import io.tidemark.schema.ClassLabels;
import io.tidemark.schema.CorrectionColumns;
import io.tidemark.schema.GivenLabel;
import io.tidemark.schema.LabelAgreement;
import io.tidemark.schema.LabelIssue;
import io.tidemark.schema.LabelQuality;
import io.tidemark.schema.PairFigures;
import io.tidemark.schema.SaidLabel;
import io.tidemark.schema.SourcePair;
import io.tidemark.spec.Field;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.labelissues.AgreementCounts;
import io.tidemark.stats.labelissues.Contradiction;
import io.tidemark.stats.labelissues.InputLabels;
import io.tidemark.stats.labelissues.Kappa;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.stats.labelissues.PairAgreement;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What is written of judged labels, with what the spec hides masked. */
final class LabelRecords {
  private final MonitoringSpec spec;
  private final LabelColumns columns;
  private final Redaction redaction;
  private final SourceNames names;
  private final boolean showsInputs;
  private final boolean showsScores;

  LabelRecords(MonitoringSpec spec, Redaction redaction) {
    this.spec = spec;
    this.columns = LabelColumns.of(spec, redaction);
    this.redaction = redaction;
    this.names = new SourceNames(spec, redaction);
    this.showsInputs = spec.features().stream().noneMatch(redaction::hides);
    this.showsScores =
        spec.fields().stream()
            .noneMatch(
                field ->
                    field.role() == Field.Role.PREDICTION
                        && field.numeric()
                        && redaction.hides(field));
  }

  private String label(String text) {
    return redaction.show("label", text);
  }

  private String rowId(String name) {
    return spec.events().id() == null ? name : redaction.show(spec.events().id(), name);
  }

  private Double score(double value) {
    return showsScores && !Double.isNaN(value) ? (Double) value : null;
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  /** The issues of a period and version, as they were found. */
  List<LabelIssue> issues(WindowKey period, Instant end, JudgedLabels judged) {
    List<LabelIssue> records = new ArrayList<>();
    for (Doubt doubt : judged.doubts()) {
      records.add(issue(period, end, judged, doubt, records.size()));
    }
    return records;
  }

  private LabelIssue issue(
      WindowKey period, Instant end, JudgedLabels judged, Doubt doubt, int place) {
    boolean ofRow = doubt.row() != null;
    boolean flipped = doubt.kind() == Doubt.Kind.FLIPPED;
    String shown = ofRow ? rowId(doubt.subject()) : showsInputs ? doubt.subject() : null;
    String named =
        String.join(
            "\0",
            period.model(),
            period.version(),
            WindowSpec.instant(period.start()).toString(),
            doubt.kind().id(),
            shown == null ? Integer.toString(place) : shown,
            // One id may stand on several rows, where all of a row may be shown.
            ofRow && !redaction.any() ? RowHash.content(doubt.row()).toString() : "");
    Contradiction verdict = doubt.verdict();
    return LabelIssue.newBuilder()
        .setId(ContentHash.named(named.getBytes(StandardCharsets.UTF_8)))
        .setModel(period.model())
        .setModelVersion(period.version())
        .setPeriodStart(WindowSpec.instant(period.start()))
        .setPeriodEnd(end)
        .setRevision(judged.evidence().labelled())
        .setKind(doubt.kind().id())
        .setAction(doubt.action().id())
        .setLabel(label(doubt.label()))
        .setSuggestedLabel(label(doubt.suggested()))
        .setSelfConfidence(score(doubt.selfConfidence()))
        .setNormalizedMargin(score(doubt.normalizedMargin()))
        .setProbabilityWrong(score(doubt.wrong()))
        .setBenefit(
            doubt.kind() == Doubt.Kind.CONFIDENT_LEARNING
                ? score(doubt.benefit())
                : (Double) doubt.benefit())
        .setInput(ofRow ? null : shown)
        .setBefore(flipped ? label(verdict.before()) : null)
        .setAfter(flipped ? label(verdict.after()) : null)
        .setSince(flipped ? WindowSpec.instant(verdict.sinceMicros()) : null)
        .setExceptions(flipped ? (Long) (long) verdict.exceptions() : null)
        .setChance(flipped ? (Double) verdict.chance() : null)
        .setRowCount(ofRow ? 1 : doubt.labels().rows())
        .setDisputed(ofRow ? (doubt.row().disputed() ? 1 : 0) : doubt.labels().disputed())
        .setLabels(ofRow ? ofRow(doubt) : given(doubt.labels()))
        .setReason(doubt.reason())
        .setSources(
            doubt.kind() == Doubt.Kind.CONFLICTING_SOURCES ? said(doubt.row().sources()) : null)
        .setKappa(Double.isNaN(doubt.kappa()) ? null : (Double) doubt.kappa())
        .build();
  }

  /** The row's label, or all that its sources say. */
  private List<GivenLabel> ofRow(Doubt doubt) {
    TreeSet<String> labels = new TreeSet<>(List.of(doubt.label()));
    if (doubt.kind() == Doubt.Kind.CONFLICTING_SOURCES) {
      doubt.row().sources().said().forEach(each -> labels.add(each.label()));
    }
    Instant time = WindowSpec.instant(doubt.row().timeMicros());
    return labels.stream()
        .map(
            each ->
                GivenLabel.newBuilder()
                    .setLabel(label(each))
                    .setRows(1)
                    .setFirst(time)
                    .setLast(time)
                    .setRowIds(List.of(text(rowId(doubt.subject()))))
                    .build())
        .toList();
  }

  private List<SaidLabel> said(SourceLabels sources) {
    return sources.said().stream()
        .map(each -> new SaidLabel(names.shown(each.source()), label(each.label())))
        .toList();
  }

  private List<GivenLabel> given(InputLabels labels) {
    List<GivenLabel> given = new ArrayList<>();
    for (String each : labels.labels()) {
      given.add(
          GivenLabel.newBuilder()
              .setLabel(label(each))
              .setRows(labels.count(each))
              .setFirst(WindowSpec.instant(labels.first(each)))
              .setLast(WindowSpec.instant(labels.last(each)))
              .setRowIds(
                  labels.examples(each).stream().map(this::rowId).map(LabelRecords::text).toList())
              .build());
    }
    return given;
  }

  /**
   * @param windows of the period and version
   * @param before labelled rows of the period before
   */
  LabelQuality quality(
      WindowKey period,
      Instant end,
      int windows,
      long before,
      LabelFilter filter,
      JudgedLabels judged) {
    LabelEvidence evidence = judged.evidence();
    ConfidentModel model = judged.confident();
    long scored = evidence.labelled() - evidence.unscored() - evidence.unknown();
    return LabelQuality.newBuilder()
        .setModel(period.model())
        .setModelVersion(period.version())
        .setPeriodStart(WindowSpec.instant(period.start()))
        .setPeriodEnd(end)
        .setRevision(evidence.labelled())
        .setWindows(windows)
        .setRows(evidence.rows())
        .setLabelledRows(evidence.labelled())
        .setLabelledBefore(before)
        .setDisputedRows(evidence.disputed())
        .setUnscoredRows(evidence.unscored())
        .setUnknownRows(evidence.unknown())
        .setFilter(filter.id())
        .setScoredRows(scored)
        .setSampledRows(evidence.scored().size())
        .setFlaggedRows(model == null ? 0 : model.flagged())
        .setClasses(model == null ? List.of() : classes(model))
        .setMislabelledShare(
            model == null || evidence.scored().size() == 0
                ? null
                : (Double) judged.mislabelledShare())
        .setCorrections(corrections())
        .setInputs(evidence.inputs().distinct())
        .setSampledInputs(judged.inputs())
        .setConfidentLearning(count(judged, Doubt.Kind.CONFIDENT_LEARNING))
        .setAmbiguous(count(judged, Doubt.Kind.AMBIGUOUS))
        .setFlipped(count(judged, Doubt.Kind.FLIPPED))
        .setBlockedColumns(List.of()) // known once the period's queue is
        .setConflictingSources(
            evidence.conflicting().isEmpty()
                ? null
                : (Long) count(judged, Doubt.Kind.CONFLICTING_SOURCES))
        .setAgreement(evidence.conflicting().isEmpty() ? null : agreement(judged))
        .build();
  }

  private LabelAgreement agreement(JudgedLabels judged) {
    AgreementCounts counts = judged.evidence().conflicting().counts();
    return LabelAgreement.newBuilder()
        .setRows(counts.rows())
        .setDisagreeingRows(counts.disagreeing())
        .setDecidedRows(counts.decided())
        .setCutRows(counts.cut())
        .setOtherPairs(counts.before().otherPairs())
        .setPairs(judged.agreement().stream().map(this::pair).toList())
        .build();
  }

  private SourcePair pair(PairAgreement pair) {
    return SourcePair.newBuilder()
        .setFirst(names.shown(pair.first()))
        .setSecond(names.shown(pair.second()))
        .setRows(pair.rows())
        .setOtherRows(pair.others())
        .setBefore(figures(pair.before()))
        .setAfter(figures(pair.after()))
        .build();
  }

  private static PairFigures figures(Kappa kappa) {
    return new PairFigures(
        number(kappa.observed()), number(kappa.value()), number(kappa.low()), number(kappa.high()));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : (Double) value;
  }

  private CorrectionColumns corrections() {
    String id = spec.events().id();
    if (id == null || redaction.hides(id)) {
      return null; // nothing that is shown names a row for the label source
    }
    LabelsSpec labels = spec.labels();
    boolean given = labels != null;
    return CorrectionColumns.newBuilder()
        .setId(given ? labels.id() : id)
        .setValue(given ? labels.value() : "label")
        .setTime(given ? labels.time() : "label_time")
        .setSource(given && labels.source() != null ? labels.source() : "source")
        .setTrusted(given && !labels.trusted().isEmpty() ? labels.trusted().get(0) : null)
        .build();
  }

  static long count(JudgedLabels judged, Doubt.Kind kind) {
    return judged.doubts().stream().filter(doubt -> doubt.kind() == kind).count();
  }

  private List<ClassLabels> classes(ConfidentModel model) {
    List<ClassLabels> classes = new ArrayList<>();
    long[] rows = model.counts().labels();
    for (int given = 0; given < rows.length; given++) {
      List<Long> joint = new ArrayList<>();
      for (int actual = 0; actual < rows.length; actual++) {
        joint.add(model.joint().count(given, actual));
      }
      classes.add(
          ClassLabels.newBuilder()
              .setLabel(label(columns.name(given)))
              .setRows(rows[given])
              .setThreshold(
                  rows[given] == 0 ? null : score(model.counts().thresholds().value(given)))
              .setJoint(joint)
              .build());
    }
    return classes;
  }

  /** A row of the queue with its place in it. */
  record Queued(int rank, String version, ReviewRow row) implements io.tidemark.profile.ShownRow {
    @Override
    public String name() {
      return row.name();
    }

    @Override
    public io.tidemark.event.InferenceEvent event() {
      return row.event();
    }
  }

  /**
   * The columns of the queue: first those that tell what to look at and why, then all that the log
   * has, as in snapshots; a column of the log that is called as one of the first is told by {@code
   * _in_log} behind its name.
   *
   * @param bySource whether some rows of the period have labels of several sources
   */
  ShownColumns<Queued> queue(boolean bySource) {
    ShownColumns<Queued> shown = new ShownColumns<>(spec, redaction);
    shown.add("rank", Type.COUNT, row -> (long) row.rank());
    shown.addName();
    shown.addLabel();
    shown.add("suggested_label", Type.TEXT, row -> label(row.row().suggested()));
    shown.add("action", Type.TEXT, row -> row.row().action().id());
    shown.add("kinds", Type.TEXTS, row -> row.row().kinds());
    shown.add("reason", Type.TEXT, row -> row.row().reason());
    shown.add("benefit", Type.NUMBER, row -> benefit(row.row()));
    shown.add("probability_wrong", Type.NUMBER, row -> score(row.row().wrong()));
    shown.add("self_confidence", Type.NUMBER, row -> score(row.row().selfConfidence()));
    shown.add("normalized_margin", Type.NUMBER, row -> score(row.row().normalizedMargin()));
    shown.add("rows_alike", Type.COUNT, row -> row.row().alike());
    if (bySource) {
      shown.add("sources", Type.TEXTS, row -> sources(row.event().sources()));
    }
    shown.add("model_version", Type.TEXT, Queued::version);
    shown.addLog("_in_log");
    return shown;
  }

  /** What each source says, as far as it may be shown. */
  private List<String> sources(SourceLabels sources) {
    List<String> texts = new ArrayList<>();
    if (sources != null) {
      said(sources)
          .forEach(each -> texts.add(text(each.getSource()) + ": " + text(each.getLabel())));
    }
    return texts;
  }

  private Double benefit(ReviewRow row) {
    boolean ofScores = row.kinds().contains(Doubt.Kind.CONFIDENT_LEARNING.id());
    return ofScores ? score(row.benefit()) : (Double) row.benefit();
  }
}
