package io.tidemark.labelissues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.Golden;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.SourceLabels;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Held;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.StoredLabelEvidence;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of labels: a function of the rows, in any order, and its stored form. */
class LabelEvidenceTest {
  private static final String BINARY =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
      features: {x: numeric, c: categorical}
      window: {size: P1D}
      """;

  private static final WindowKey WINDOW = new WindowKey("m", "", 0);

  @TempDir Path output;

  private static MonitoringSpec spec(String text) {
    return SpecReader.read("test", text);
  }

  private static InferenceEvent row(
      String id, long time, double score, double x, String c, String label) {
    return new InferenceEvent(
        id, time, "", new double[] {x, score}, new String[] {c, label}, null, new String[0]);
  }

  private static LabelEvidence gathered(List<InferenceEvent> rows) {
    var evidence =
        new LabelEvidenceAggregator(Fleet.one("m", spec(BINARY)), Fleet.one("m", Redaction.none()))
            .start("m");
    rows.forEach(row -> evidence.add(row, 0));
    Map<WindowKey, LabelEvidence> all = new TreeMap<>();
    evidence.drainTo(all::put);
    return all.get(WINDOW);
  }

  private static byte[] bytes(LabelEvidence evidence) {
    return MergeStates.pack(new LabelEvidenceCoder(), evidence);
  }

  private static List<InferenceEvent> rows(int count) {
    Random random = new Random(3);
    List<InferenceEvent> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double score = random.nextInt(20) == 0 ? Double.NaN : random.nextInt(11) / 10.;
      rows.add(
          row(
              "i" + random.nextInt(count), // some ids stand on several rows
              random.nextInt(50),
              score,
              random.nextInt(6),
              random.nextInt(9) == 0 ? null : "c" + random.nextInt(4),
              random.nextInt(10) == 0 ? null : Integer.toString(random.nextInt(2))));
    }
    return rows;
  }

  @Test
  void anyPartsInAnyOrderAreTheSame() throws IOException {
    List<InferenceEvent> rows = rows(400);
    byte[] whole = bytes(gathered(rows));
    Random random = new Random(4);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(rows, random);
      int cut = random.nextInt(rows.size() - 1) + 1;
      LabelEvidence one = gathered(rows.subList(0, cut));
      LabelEvidence other = gathered(rows.subList(cut, rows.size()));
      byte[] sent = bytes(other);
      LabelEvidence read = MergeStates.unpack(new LabelEvidenceCoder(), sent);
      assertThat(bytes(read)).isEqualTo(sent);
      assertThat(bytes(one.merge(read))).isEqualTo(whole);
    }
  }

  private static final String BY_SOURCE =
      BINARY + "labels: {id: i, value: y, time: k, source: by, horizon: P1D, trusted: [boss]}\n";

  /** Who says what of a row, in the order of names; a name of the boss decides. */
  private static InferenceEvent said(InferenceEvent row, String... each) {
    List<SourceLabels.Said> said = new ArrayList<>();
    InferenceEvent.TrustedLabel decided = null;
    for (String one : each) {
      String[] parts = one.split("=");
      said.add(new SourceLabels.Said(parts[0], parts[1]));
      decided = parts[0].equals("boss") ? new InferenceEvent.TrustedLabel(parts[1], 9) : decided;
    }
    return row.withLabel(row.categories()[1], 1, true)
        .withTrusted(decided)
        .withSources(new SourceLabels(said, false));
  }

  private static List<InferenceEvent> rowsBySource(int count) {
    Random random = new Random(6);
    List<InferenceEvent> rows = new ArrayList<>();
    for (InferenceEvent row : rows(count)) {
      String own = row.categories()[1];
      if (own != null && random.nextInt(3) > 0) {
        String other = random.nextInt(4) == 0 ? (own.equals("1") ? "0" : "1") : own;
        rows.add(
            random.nextInt(3) > 0
                ? said(row, "ann=" + own, "bob=" + other)
                : said(row, "ann=" + own, "bob=" + other, "boss=" + other));
      } else {
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void anyPartsInAnyOrderAreTheSameOfSeveralSources() throws IOException {
    List<InferenceEvent> rows = rowsBySource(300);
    byte[] whole = bytes(gathered(rows));
    Random random = new Random(4);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(rows, random);
      int cut = random.nextInt(rows.size() - 1) + 1;
      byte[] sent = bytes(gathered(rows.subList(cut, rows.size())));
      LabelEvidence read = MergeStates.unpack(new LabelEvidenceCoder(), sent);
      assertThat(bytes(read)).isEqualTo(sent);
      assertThat(bytes(gathered(rows.subList(0, cut)).merge(read))).isEqualTo(whole);
    }
    for (int length = 0; length < whole.length; length += 7) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> MergeStates.unpack(new LabelEvidenceCoder(), part)))
          .isNotNull();
    }
  }

  /** Behind all else, and told by the number of words: others are as they were. */
  @Test
  void storedFormOfSeveralSources() throws IOException {
    LabelEvidence evidence =
        gathered(List.of(said(row("1", 1, .75, 1, "a", "1"), "ann=1", "bob=0")));
    LabelEvidence read =
        Golden.holds(
            new LabelEvidenceCoder(),
            evidence,
            """
            9202000000020101000001420131010000000171fbbbfe8a7b7c7100013fe8000000000000000101
            35773af0c28dd8a428b80eab5695e0ef010131000000000000000101000131450231000000000000
            000101023ff00000000000003fe800000000000002026102310000fdffffff0f0204616e6e023104
            626f62023000ffffffff0f02310000000000000001010100000203616e6e03626f62020130013101
            000101000100000203616e6e03626f620201300131010001010001000001bfe000000000000071fb
            bbfe8a7b7c71450231000000000000000101023ff00000000000003fe80000000000000202610231
            0000fdffffff0f0204616e6e023104626f62023000ffffffff0f02310000000000000001\
            """);
    assertThat(read.conflicting().counts()).isEqualTo(evidence.conflicting().counts());
    assertThat(read.conflicting().rows().rows()).hasSize(1);
  }

  /** What sources say of rows, and of which of them somebody has to decide. */
  @Test
  void whatSourcesSayIsJudged() throws IOException {
    List<InferenceEvent> rows =
        List.of(
            said(row("1", 1, .9, 1, "a", "1"), "ann=1", "bob=true"), // one class
            said(row("2", 2, .9, 2, "a", "0"), "ann=0", "bob=1", "cyd=1"),
            said(row("3", 3, .9, 3, "a", "0"), "ann=0", "bob=1", "boss=1"),
            said(row("4", 4, Double.NaN, 4, "a", "0"), "ann=0", "bob=0"));
    LabelEvidence evidence = gathered(rows);
    assertThat(evidence.conflicting().counts().rows()).isEqualTo(4);
    assertThat(evidence.conflicting().counts().disagreeing()).isEqualTo(2);
    assertThat(evidence.conflicting().counts().decided()).isEqualTo(1);
    JudgedLabels judged =
        JudgedLabels.of(
            LabelColumns.of(spec(BY_SOURCE), Redaction.none()),
            evidence,
            new InputSample(),
            LabelFilter.PRUNE_BY_NOISE_RATE);
    List<Doubt> doubts =
        judged.doubts().stream()
            .filter(doubt -> doubt.kind() == Doubt.Kind.CONFLICTING_SOURCES)
            .toList();
    assertThat(doubts).hasSize(1);
    Doubt doubt = doubts.get(0);
    assertThat(doubt.subject()).isEqualTo("2");
    assertThat(doubt.label()).isEqualTo("0");
    assertThat(doubt.benefit()).isEqualTo(2 / 3.);
    // Ann and Bob agree on half of four rows, and would on 3/8 by chance.
    assertThat(doubt.kappa()).isCloseTo(.2, within(1e-12));
    assertThat(doubt.action()).isEqualTo(Doubt.Action.DEFINE);
    assertThat(doubt.suggested()).isNull();
    assertThat(judged.queue()).extracting(ReviewRow::name).contains("2").doesNotContain("3");
  }

  /** Where sources agree on the whole, the label that most of them give is suggested. */
  @Test
  void aClearCaseIsRelabelled() {
    List<InferenceEvent> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String label = Integer.toString(i % 2);
      rows.add(said(row("i" + i, 1, .9, i, "a", label), "ann=" + label, "bob=" + label));
    }
    rows.add(said(row("odd", 1, .9, 99, "a", "0"), "ann=0", "bob=1", "cyd=1"));
    rows.add(said(row("even", 1, .9, 98, "a", "0"), "ann=0", "bob=1"));
    JudgedLabels judged =
        JudgedLabels.of(
            LabelColumns.of(spec(BY_SOURCE), Redaction.none()),
            gathered(rows),
            new InputSample(),
            LabelFilter.PRUNE_BY_NOISE_RATE);
    Map<String, String> suggested = new TreeMap<>();
    for (Doubt doubt : judged.doubts()) {
      if (doubt.kind() == Doubt.Kind.CONFLICTING_SOURCES) {
        assertThat(doubt.action()).isEqualTo(Doubt.Action.RELABEL);
        suggested.put(doubt.subject(), String.valueOf(doubt.suggested()));
      }
    }
    assertThat(suggested).isEqualTo(Map.of("odd", "1", "even", "null"));
  }

  /** Names of sources are sealed, or not kept, where they are hidden. */
  @Test
  void hiddenSourcesAreNotKeptInTheClear() {
    String hidden = BY_SOURCE + "snapshot: {mask: [by]}\n";
    MonitoringSpec spec = spec(hidden);
    assertThat(FindLabelIssues.keepsEvidence(spec, Redaction.of(spec, null))).isFalse();
    assertThat(FindLabelIssues.keepsEvidence(spec, Redaction.of(spec, new byte[] {1}))).isTrue();
    MonitoringSpec note = spec(BY_SOURCE + "snapshot: {columns: [note], mask: [note]}\n");
    assertThat(FindLabelIssues.keepsEvidence(note, Redaction.of(note, null))).isTrue();
  }

  @Test
  void whatSourcesSayIsKeptForLaterRuns() throws IOException {
    String without = BY_SOURCE + "label_issues: {filter: both}\n";
    LabelEvidence evidence = gathered(rowsBySource(10));
    stored(without).write(new TreeMap<>(Map.of(WINDOW, new LabelledWindow<>(evidence, true))));
    LabelEvidence read = stored(BY_SOURCE).read(0).get(WINDOW).state();
    assertThat(bytes(read)).isEqualTo(bytes(evidence));
    assertThat(read.conflicting().counts().rows()).isPositive();
  }

  /** Above their capacities as well: which rows and inputs are kept, too. */
  @Test
  void boundedPartsInAnyOrderAreTheSame() {
    List<InferenceEvent> rows = rows(400);
    rows.removeIf(row -> row.categories()[1] == null);
    LabelColumns columns = LabelColumns.of(spec(BINARY), Redaction.none());
    Random random = new Random(5);
    List<String> doubtful = null;
    List<String> inputs = null;
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(rows, random);
      DoubtfulRows[] parts = {new DoubtfulRows(10), new DoubtfulRows(10)};
      InputSample[] samples = {new InputSample(7), new InputSample(7)};
      LabelledRow row = new LabelledRow(columns);
      for (InferenceEvent event : rows) {
        row.turnTo(event);
        int part = random.nextInt(2);
        if (parts[part].wants(row.standing)) {
          parts[part].add(row.standing, row.hash(), event);
        }
        samples[part].add(row.inputs(), row);
      }
      parts[0].merge(parts[1]);
      samples[0].merge(samples[1]);
      List<String> kept =
          parts[0].rows().stream().map(each -> each.standing() + " " + each.event().id()).toList();
      List<String> told =
          samples[0].inputs().entrySet().stream()
              .map(each -> each.getKey() + " " + each.getValue().labels().rows())
              .toList();
      assertThat(kept).hasSize(10);
      assertThat(told).hasSize(7);
      assertThat(samples[0].rows()).isEqualTo(rows.size());
      doubtful = doubtful == null ? kept : doubtful;
      inputs = inputs == null ? told : inputs;
      assertThat(kept).isEqualTo(doubtful);
      assertThat(told).isEqualTo(inputs);
    }
  }

  @Test
  void whatCanBeJudgedIsCounted() {
    LabelEvidence evidence =
        gathered(
            List.of(
                row("1", 1, .9, 1, "a", "1"),
                row("2", 2, .9, 1, "a", "0"),
                row("3", 3, Double.NaN, 2, "a", "1"),
                row("4", 4, 1.5, Double.NaN, null, "1"),
                row("5", 5, .9, 1, "a", null)));
    assertThat(evidence.rows()).isEqualTo(5);
    assertThat(evidence.labelled()).isEqualTo(4);
    assertThat(evidence.unscored()).isEqualTo(2);
    assertThat(evidence.scored().size()).isEqualTo(2);
    assertThat(evidence.doubtful().rows()).hasSize(1);
    assertThat(evidence.doubtful().rows().iterator().next().event().id()).isEqualTo("2");
    // Where all inputs are missing nobody knows what the label is of.
    assertThat(evidence.inputs().rows()).isEqualTo(3);
    assertThat(evidence.inputs().inputs()).hasSize(2);
    assertThat(evidence.words()).isEqualTo(Map.of("0", 1L, "1", 3L));
  }

  private StoredWindows<LabelledWindow<LabelEvidence>, Void> stored(String text) {
    MonitoringSpec spec = spec(text);
    return StoredEvidence.windows(spec, spec.window(), Redaction.of(spec, null), output.toString());
  }

  private void write() throws IOException {
    LabelEvidence evidence =
        gathered(
            List.of(
                row("1", 1, .75, 1, "a", "1"),
                row("2", 2, .75, 1, "a", "0"),
                row("3", 3, .75, 2, "b", "1")));
    stored(BINARY).write(new TreeMap<>(Map.of(WINDOW, new LabelledWindow<>(evidence, true))));
  }

  @Test
  void bytesBelowTheOutput() throws IOException {
    write();
    byte[] file =
        WindowFolders.read(
                WindowFolders.folder(output.toString(), StoredEvidence.TABLE, "m", 0L), "avro")
            .get(0);
    Golden.holds(
        RecordCoder.of(StoredLabelEvidence.class),
        AvroFiles.read(file, StoredLabelEvidence.class).get(0),
        """
        e60202026d00008080bbdd8305010606203663316137666435336662646635633900028605030300
        00000201300101310200000003497692bff289820e00003fe800000000000071fbbbfe8a7b7c7100
        013fe8000000000000fdd790a5b161219800013fe800000000000001bfe0000000000000497692bf
        f289820e240232000000000000000201023ff00000000000003fe800000000000002026102300000
        0003020fb3721bbce05c2446a78d16edc7549b010131000000000000000300000133240233000000
        0000000003010240000000000000003fe8000000000000020262023100000035773af0c28dd8a428
        b80eab5695e0ef000200020130010000000000000002010132013101000000000000000101013102
        000132240232000000000000000201023ff00000000000003fe80000000000000202610230000000
        000131240231000000000000000101023ff00000000000003fe80000000000000202610231000000
        """);
    LabelledWindow<LabelEvidence> kept = stored(BINARY).read(0).get(WINDOW);
    assertThat(kept.complete()).isTrue();
    assertThat(kept.held()).isEqualTo(new Held(3, 3));
    assertThat(kept.state().doubtful().rows()).hasSize(1);
  }

  /** Rows whose doubt is by another rule, or which have other columns, are of no use. */
  @Test
  void passesOverWhatDoesNotFit() throws IOException {
    write();
    for (String other :
        List.of(
            BINARY.replace(", c: categorical", ""),
            BINARY + "label_issues: {filter: low_self_confidence}\n",
            BINARY.replace("label: y", "label: z"))) {
      assertThat(stored(other).read(0)).as(other).isEmpty();
    }
    assertThat(stored(BINARY + "label_issues: {filter: both}\n").read(0)).hasSize(1);
  }

  /** Cut off anywhere, it is refused. */
  @Test
  void truncatedBytesAreNoEvidence() {
    byte[] whole = bytes(gathered(rows(20)));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> MergeStates.unpack(new LabelEvidenceCoder(), part)))
          .as("%d bytes", length)
          .isNotNull();
    }
  }
}
