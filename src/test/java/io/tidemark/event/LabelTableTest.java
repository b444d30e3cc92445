package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.Hash128;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A table of the labels that a stream holds. */
class LabelTableTest {
  private static LabelRows.Row label(String id, long time, String value, String source) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(name);
    return new LabelRows.Row(hash.high(), hash.low(), time, value, Double.NaN, source, "", 0, name);
  }

  private static final LabelWait UNTRUSTING = new LabelWait(10, 10, Set.of());

  private static long place(LabelTable table, String id) {
    return table.find(RowHash.ofId(id));
  }

  @Test
  void theFirstLabelOfAnIdCountsInWhateverOrderTheyCome() {
    List<LabelRows.Row> labels =
        new ArrayList<>(
            List.of(
                label("a", 5, "yes", "x"),
                label("a", 3, "no", "z"),
                label("a", 3, "no", "b"),
                label("a", 9, "no", "a"),
                label("b", 1, "yes", "")));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(labels, new Random(seed));
      LabelTable table = LabelTable.of(new ArrayList<>(labels), false, UNTRUSTING);
      long a = place(table, "a");
      assertThat(table.text(a)).isEqualTo("no");
      assertThat(table.time(a)).isEqualTo(3);
      assertThat(table.disputedSince(a)).isEqualTo(5);
      assertThat(table.disputedSince(place(table, "b"))).isEqualTo(Long.MAX_VALUE);
      assertThat(place(table, "c")).isEqualTo(LabelTable.NONE);
    }
  }

  @Test
  void ofTrustedLabelsUpToATimeTheLatestStands() {
    List<LabelRows.Row> labels =
        new ArrayList<>(
            List.of(
                label("a", 5, "yes", "x"),
                label("a", 7, "no", "review"),
                label("a", 9, "maybe", "review"),
                label("a", 9, "no", "audit"),
                label("b", 1, "yes", ""),
                label("c", 8, "new", "review")));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(labels, new Random(seed));
      LabelTable table =
          LabelTable.of(
              new ArrayList<>(labels), false, new LabelWait(1, 9, Set.of("review", "audit")));
      long a = place(table, "a");
      assertThat(table.text(a)).isEqualTo("yes");
      assertThat(table.trusted(a, 6)).isNull();
      assertThat(table.trusted(a, 8)).isEqualTo(new InferenceEvent.TrustedLabel("no", 7));
      assertThat(table.trusted(a, 9)).isEqualTo(new InferenceEvent.TrustedLabel("no", 9));
      assertThat(table.trusted(place(table, "b"), 9)).isNull();
      assertThat(table.trusted(place(table, "c"), 8).text()).isEqualTo("new");
    }
  }

  private static SourceLabels.Said said(String source, String label) {
    return new SourceLabels.Said(source, label);
  }

  /** Of an id's labels each source's first one, of trusted ones the latest; what is late is not. */
  @Test
  void whatEachSourceSaysInWhateverOrderLabelsCome() {
    List<LabelRows.Row> labels =
        new ArrayList<>(
            List.of(
                label("a", 5, "yes", "ann"),
                label("a", 6, "no", "ann"), // not the first
                label("a", 7, "no", "bob"),
                label("a", 30, "yes", "cyd"), // too late
                label("a", 8, "maybe", "review"),
                label("a", 40, "no", "review"),
                label("a", 99, "yes", "review"), // too late even so
                label("b", 1, "yes", "ann"),
                label("c", 9, "yes", "review"),
                label("d", 25, "no", "ann"),
                label("d", 26, "yes", "review"),
                label("d", 27, "no", "")));
    LabelWait wait = new LabelWait(20, 50, Set.of("review"));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(labels, new Random(seed));
      LabelTable table = LabelTable.of(new ArrayList<>(labels), false, wait);
      long a = place(table, "a");
      assertThat(table.sources(a, 1, null, wait))
          .isEqualTo(
              new SourceLabels(
                  List.of(said("ann", "yes"), said("bob", "no"), said("review", "no")), false));
      assertThat(table.sources(a, 10, "own", wait).said())
          .containsExactly(
              said(SourceLabels.LOG, "own"),
              said("ann", "yes"),
              said("bob", "no"),
              said("cyd", "yes"),
              said("review", "no"));
      assertThat(table.sources(place(table, "b"), 1, null, wait)).isNull();
      assertThat(table.sources(place(table, "b"), 1, "no", wait).said())
          .containsExactly(said(SourceLabels.LOG, "no"), said("ann", "yes"));
      assertThat(table.sources(place(table, "c"), 1, null, wait)).isNull();
      assertThat(table.sources(place(table, "d"), 1, null, wait)).isNull();
      assertThat(table.sources(place(table, "d"), 7, null, wait).said())
          .containsExactly(said("", "no"), said("ann", "no"), said("review", "yes"));
      assertThat(table.text(a)).isEqualTo("yes");
      assertThat(table.trusted(a, 51).text()).isEqualTo("no");
    }
  }

  @Test
  void ofVeryManySourcesOfAnIdTheFirstAreTold() {
    List<LabelRows.Row> labels = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      labels.add(label("a", 20 - i, "yes", "s" + (10 + i)));
    }
    LabelTable table = LabelTable.of(labels, false, new LabelWait(30, 30, Set.of()));
    long a = place(table, "a");
    SourceLabels all = table.sources(a, 1, null, new LabelWait(30, 30, Set.of()));
    assertThat(all.said()).hasSize(SourceLabels.MOST).extracting("source").contains("s21", "s14");
    assertThat(all.more()).isTrue();
    SourceLabels early = table.sources(a, 1, null, new LabelWait(15, 30, Set.of()));
    assertThat(early.said()).hasSize(8);
    assertThat(early.more()).isFalse(); // the ninth comes at 17
  }

  /** Where nobody says who labelled, the log and the source may still say different things. */
  @Test
  void labelsOfNobodyAreOneSource() {
    List<LabelRows.Row> labels =
        new ArrayList<>(List.of(label("a", 5, "yes", ""), label("a", 6, "no", "")));
    LabelTable table = LabelTable.of(labels, false, UNTRUSTING);
    long a = place(table, "a");
    assertThat(table.sources(a, 1, null, UNTRUSTING)).isNull();
    assertThat(table.sources(a, 1, "no", UNTRUSTING).said())
        .containsExactly(said("", "yes"), said(SourceLabels.LOG, "no"));
  }

  private static final String TWO_SOURCES =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, positive: "1"}, label: y}
      features: {c: categorical}
      labels: {id: i, value: y, time: t, source: by, horizon: PT0.00002S, trusted: [review]}
      window: {size: PT1H}
      """;

  /** Batches of rows are given the same as single ones; nothing where nobody looks. */
  @Test
  void aBatchOfRowsIsGivenTheSame() {
    Random random = new Random(7);
    for (String more : List.of("", "label_issues: off\n")) {
      MonitoringSpec spec = SpecReader.read("test", TWO_SOURCES + more);
      LabelWait wait = LabelWait.ofStream(spec.labels());
      AttachLabels attach = AttachLabels.of(spec, wait);
      List<LabelRows.Row> labels = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String source = List.of("ann", "bob", "review", "").get(random.nextInt(4));
        String value = Integer.toString(random.nextInt(2));
        labels.add(label("id" + random.nextInt(120), random.nextInt(60), value, source));
      }
      LabelTable table = LabelTable.of(labels, false, wait);
      EventBlock.Builder rows = new EventBlock.Builder(EventLayout.of(spec), true);
      for (int i = 0; i < 150; i++) {
        String own = random.nextBoolean() ? null : Integer.toString(random.nextInt(2));
        String[] texts = new String[EventLayout.of(spec).categories()];
        Arrays.fill(texts, own);
        InferenceEvent row =
            new InferenceEvent(
                "id" + i, random.nextInt(40), "", new double[] {.5}, texts, null, new String[0]);
        rows.add(row, RowHash.ofId(row.id()));
      }
      EventBlock block = EventBlock.unpack(EventLayout.of(spec), rows.pack());
      int[] all = IntStream.range(0, block.rows()).toArray();
      EventBatch given = attach.to(block.batch(), all, all.length, table);
      int several = 0;
      for (int row : all) {
        InferenceEvent one = attach.to(block.batch().event(row), table);
        assertThat(InferenceEventCoder.bytes(given.event(row)))
            .isEqualTo(InferenceEventCoder.bytes(one));
        several += one.sources() == null ? 0 : 1;
      }
      assertThat(several > 20).isEqualTo(more.isEmpty());
      assertThat(several == 0).isEqualTo(!more.isEmpty());
    }
  }

  @Test
  void manyIdsAreAllFound() {
    List<LabelRows.Row> labels = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      labels.add(label("id-" + i, i, Integer.toString(i % 7), ""));
    }
    LabelTable table = LabelTable.of(labels, false, UNTRUSTING);
    for (int i = 0; i < 5000; i++) {
      assertThat(table.text(place(table, "id-" + i))).isEqualTo(Integer.toString(i % 7));
    }
  }

  @Test
  void numbersAreComparedAsNumbers() {
    byte[] name = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(name);
    List<LabelRows.Row> labels = new ArrayList<>();
    for (double value : new double[] {2, 2.0, 3}) {
      labels.add(
          new LabelRows.Row(hash.high(), hash.low(), (long) value, null, value, "", "", 0, name));
    }
    LabelTable table = LabelTable.of(labels, true, UNTRUSTING);
    assertThat(table.text(place(table, "a"))).isEqualTo("2");
    assertThat(table.disputedSince(place(table, "a"))).isEqualTo(3);
  }

  @Test
  void labelsComeBackFromTheirBytes() throws IOException {
    LabelRows.RowCoder coder = new LabelRows.RowCoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LabelRows.Row text = label("ü", -7, "ja", "wer");
    coder.encode(text, out);
    LabelRows.Row back = coder.decode(new ByteArrayInputStream(out.toByteArray()));
    assertThat(new String(back.id(), StandardCharsets.UTF_8)).isEqualTo("ü");
    assertThat(back.sameId(text)).isTrue();
    assertThat(back.says(text)).isTrue();
    assertThat(back.timeMicros()).isEqualTo(-7);
    assertThat(back.source()).isEqualTo("wer");
  }
}
