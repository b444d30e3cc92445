package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of rows and labels, and what a join of labels packs. */
class StoredFormsTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, model_version: v, prediction: {score: s, positive: 1}}
          features: {x: numeric, c: categorical}
          window: {size: PT1H}
          snapshot: {columns: [note], mask: [note]}
          """);
  private static final InferenceEvent PLAIN =
      new InferenceEvent(
          "a",
          1,
          "v1",
          new double[] {.5, Double.NaN},
          new String[] {"é"},
          null,
          new String[] {null});
  private static final InferenceEvent OTHER =
      new InferenceEvent(
          null,
          -2,
          "",
          new double[] {-0.0, 1},
          new String[] {null},
          new long[] {5},
          new String[] {"n"},
          "1",
          3,
          true,
          null,
          null);

  private static final InferenceEvent OVERRIDDEN =
      PLAIN.withLabel("0", 3, true).withTrusted(new InferenceEvent.TrustedLabel("1", 4));

  /** A label that stands for others goes before them. */
  @Test
  void rowsWithATrustedLabel() throws IOException {
    InferenceEvent read =
        Golden.holds(
            InferenceEventCoder.of(),
            OVERRIDDEN,
            """
            02610000000000000001037631023fe00000000000007ff80000000000000103c3a9000100feffff
            ff0f0231000000000000000402300000000000000003\
            """);
    Golden.same(read, OVERRIDDEN);
    assertThat(read.disputed()).isFalse();
  }

  /** What several sources say goes before all else of labels. */
  @Test
  void rowsOfSeveralSources() throws IOException {
    SourceLabels sources =
        new SourceLabels(
            List.of(
                new SourceLabels.Said("", "0"),
                new SourceLabels.Said(SourceLabels.LOG, "1"),
                new SourceLabels.Said("é", "1")),
            true);
    several(
        PLAIN.withLabel("0", 3, true),
        sources,
        """
        02610000000000000001037631023fe00000000000007ff80000000000000103c3a9000100fdffff
        ff0f030102300200023103c3a9023101ffffffff0f02300000000000000003\
        """);
    several(
        OVERRIDDEN,
        sources,
        """
        02610000000000000001037631023fe00000000000007ff80000000000000103c3a9000100fdffff
        ff0f030102300200023103c3a9023101feffffff0f02310000000000000004023000000000000000
        03\
        """);
  }

  private static void several(InferenceEvent row, SourceLabels sources, String hex)
      throws IOException {
    InferenceEvent read = Golden.holds(InferenceEventCoder.of(), row.withSources(sources), hex);
    Golden.same(read, row.withSources(sources));
    assertThat(RowHash.content(read)).isEqualTo(RowHash.content(row));
  }

  @Test
  void rows() throws IOException {
    InferenceEvent plain =
        Golden.holds(
            InferenceEventCoder.of(),
            PLAIN,
            """
            02610000000000000001037631023fe00000000000007ff80000000000000103c3a900010000\
            """);
    Golden.same(plain, PLAIN);
    InferenceEvent other =
        Golden.holds(
            InferenceEventCoder.of(),
            OTHER,
            """
            00fffffffffffffffe010280000000000000003ff000000000000001000100000000000000050102
            6effffffff0f02310000000000000003\
            """);
    Golden.same(other, OTHER);
  }

  private static void block(boolean ids, String hex, InferenceEvent... rows) {
    EventLayout layout = EventLayout.of(SPEC);
    EventBlock.Builder builder = new EventBlock.Builder(layout, ids);
    for (InferenceEvent row : rows) {
      builder.add(row, row.id() == null ? null : RowHash.ofId(row.id()));
    }
    Golden.isHex(builder.pack(), hex);
    EventBlock read = EventBlock.unpack(layout, Golden.bytes(hex));
    assertThat(read.rows()).isEqualTo(rows.length);
    for (int i = 0; i < rows.length; i++) {
      InferenceEvent row = read.event(i);
      Golden.same(row, ids ? rows[i] : withoutId(rows[i]));
      if (rows[i].id() != null) {
        assertThat(read.id(i)).isEqualTo(RowHash.ofId(rows[i].id()));
      }
    }
  }

  private static InferenceEvent withoutId(InferenceEvent row) {
    return new InferenceEvent(
        null,
        row.timeMicros(),
        row.version(),
        row.numbers(),
        row.categories(),
        row.invalid(),
        row.extras());
  }

  @Test
  void blocksOfRows() {
    InferenceEvent second =
        new InferenceEvent(
            "b", 2, "v2", new double[] {1, 2}, new String[] {null}, null, new String[] {"n"});
    block(
        true,
        """
        0203897859f665555585eed1d3b157a9987a5a890e51483ab5e6e9944e541e132efa026102620100
        0000000000000200000000000000020376310376320102000000000000e03f000000000000f03f00
        0000000000f87f00000000000000400103c3a9010001026e00010100fffffffffffffffe01028000
        0000000000003ff0000000000000010001000000000000000501026effffffff0f02310000000000
        000003\
        """,
        PLAIN,
        second,
        OTHER);
    block(
        false,
        """
        0101897859f6655555855a890e51483ab5e601000000000000000103763101000000000000e03f00
        0000000000f87f0103c3a9010000\
        """,
        PLAIN);
  }

  @Test
  void labels() throws IOException {
    byte[] id = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(id);
    LabelRows.Row text =
        new LabelRows.Row(hash.high(), hash.low(), 1, "é", Double.NaN, "by", "", 0, id);
    Golden.same(
        Golden.holds(
            new LabelRows.RowCoder(),
            text,
            """
            00000000000000010000000002c3a90000000262790000000161\
            """),
        text);
    LabelRows.Row number = new LabelRows.Row(hash.high(), hash.low(), -1, null, .5, "", "", 0, id);
    Golden.same(
        Golden.holds(
            new LabelRows.RowCoder(),
            number,
            """
            ffffffffffffffff013fe0000000000000000000000000000161\
            """),
        number);
  }

  /** Of texts by source: each source's first label, of trusted ones all. */
  @Test
  void partitionsOfALabelTableBySource() {
    LabelTable.Builder texts = new LabelTable.Builder(4, 3, false);
    texts.add(List.of(label(0x8000000000000001L, 5, 7, "é", "x")), TRUSTING);
    texts.add(
        List.of(
            label(0x8000000000000002L, -6, -8, "n", "x"),
            label(0x8000000000000002L, -6, -7, "é", "x"),
            label(0x8000000000000002L, -6, 8, "n", "review"),
            label(0x8000000000000002L, -6, 9, "é", "review")),
        TRUSTING);
    String hex =
        """
        0000000400000003020000000200000002c3a9000000016e0000000100000001fffffffffffffff9
        00000002000000010000000000000008000000000000000100000001000000000000000900000000
        00000000000000030000000000000001780000000672657669657700000002000000010000000000
        00000800000002000000010000000100000000000000090000000200000000000000028000000000
        0000010000000000000005000000000000000700000001000000008000000000000002ffffffffff
        fffffafffffffffffffff80000000100000001\
        """;
    Golden.isHex(texts.packed(), hex);
    LabelTable read = LabelTable.of(List.of(Golden.bytes(hex)));
    long first = read.find(new Hash128(0x8000000000000001L, 5));
    assertThat(read.text(first)).isEqualTo("é");
    assertThat(read.sources(first, 0, null, TRUSTING)).isNull();
    long second = read.find(new Hash128(0x8000000000000002L, -6));
    assertThat(read.text(second)).isEqualTo("n");
    assertThat(read.disputedSince(second)).isEqualTo(-7);
    assertThat(read.trusted(second, 9)).isEqualTo(new InferenceEvent.TrustedLabel("é", 9));
    assertThat(read.sources(second, 0, null, TRUSTING).said())
        .containsExactly(new SourceLabels.Said("review", "é"), new SourceLabels.Said("x", "n"));
  }

  /** Of texts that nobody is named for, of which one is disputed, and of numbers. */
  @Test
  void partitionsOfALabelTable() {
    LabelTable.Builder texts = new LabelTable.Builder(4, 3, false);
    texts.add(List.of(label(0x8000000000000001L, 5, 7, "é", "")), TRUSTING);
    texts.add(
        List.of(
            label(0x8000000000000002L, -6, -8, "n", ""),
            label(0x8000000000000002L, -6, 9, "é", "")),
        TRUSTING);
    String hex =
        """
        0000000400000003000000000200000002c3a9000000016e00000001000000010000000000000009
        00000000000000028000000000000001000000000000000500000000000000070000000000000000
        8000000000000002fffffffffffffffafffffffffffffff80000000000000001\
        """;
    Golden.isHex(texts.packed(), hex);
    LabelTable read = LabelTable.of(List.of(Golden.bytes(hex)));
    long first = read.find(new Hash128(0x8000000000000001L, 5));
    assertThat(read.text(first)).isEqualTo("é");
    assertThat(read.time(first)).isEqualTo(7);
    assertThat(read.disputedSince(first)).isEqualTo(Long.MAX_VALUE);
    assertThat(read.trusted(first, Long.MAX_VALUE)).isNull();
    long second = read.find(new Hash128(0x8000000000000002L, -6));
    assertThat(read.text(second)).isEqualTo("n");
    assertThat(read.time(second)).isEqualTo(-8);
    assertThat(read.disputedSince(second)).isEqualTo(9);
    assertThat(read.trusted(second, 9)).isNull();

    LabelTable.Builder numbers = new LabelTable.Builder(0, 0, true);
    byte[] id = {};
    numbers.add(List.of(new LabelRows.Row(1, 2, 3, null, -.5, "review", "f", 0, id)), TRUSTING);
    String ofNumber =
        """
        000000000000000001000000000000000000000001000000000000000000000003bfe00000000000
        0000000001000000000000000100000000000000020000000000000003bfe0000000000000\
        """;
    Golden.isHex(numbers.packed(), ofNumber);
    LabelTable number = LabelTable.of(List.of(Golden.bytes(ofNumber)));
    assertThat(number.text(number.find(new Hash128(1, 2)))).isEqualTo("-0.5");
    assertThat(number.trusted(number.find(new Hash128(1, 2)), 3).text()).isEqualTo("-0.5");
  }

  private static final LabelWait TRUSTING = new LabelWait(9, 9, Set.of("review"));

  private static LabelRows.Row label(long high, long low, long time, String value, String source) {
    return new LabelRows.Row(high, low, time, value, Double.NaN, source, "f", 0, new byte[0]);
  }

  /** Of a log without labels of its own, and of one that has some. */
  @Test
  void keysOfPredictions() {
    PredictionKeys plain = new PredictionKeys(false);
    plain.add(new Hash128(1, -2), 3, "v1", PredictionKeys.NO_LABEL);
    plain.add(new Hash128(4, 5), -6, "", PredictionKeys.NO_LABEL);
    keys(
        plain,
        """
        00000000000000000001fffffffffffffffe00000000000000030000000000000000000000040000
        000000000005fffffffffffffffa0000000153ffb647d532ef69b14eab63eba6ec98000000000000
        0000000000000000000000000002\
        """,
        List.of("1 -2 3 v1 false", "4 5 -6  false"));
    PredictionKeys own = new PredictionKeys(true);
    own.add(new Hash128(1, 2), 3, "", PredictionKeys.hashOf("é"));
    own.add(new Hash128(4, 5), 6, "", PredictionKeys.hashOf(null));
    keys(
        own,
        """
        000100000000000000010000000000000002000000000000000300000000c9187aa411d463e87e65
        c76bdfca7e3f00000000000000040000000000000005000000000000000600000000000000000000
        000000000000000000000000000000000000000000000000000000000001\
        """,
        List.of("1 2 3  true", "4 5 6  false"));
  }

  private static void keys(PredictionKeys keys, String hex, List<String> rows) {
    Golden.isHex(keys.packed(), hex);
    byte[] packed = Golden.bytes(hex);
    assertThat(PredictionKeys.count(packed)).isEqualTo(rows.size());
    List<String> read = new ArrayList<>();
    PredictionKeys.read(
        packed,
        (high, low, time, version, own) ->
            read.add(
                String.join(
                    " ",
                    "" + high,
                    "" + low,
                    "" + time,
                    version.equals(RowHash.ofVersion("v1")) ? "v1" : "",
                    "" + own.equals(PredictionKeys.hashOf("é")))));
    assertThat(read).isEqualTo(rows);
  }

  /** State has a phase's place in this order. */
  @Test
  void phasesOfAWindow() {
    assertThat(WindowPhase.values())
        .extracting(Enum::name)
        .isEqualTo(List.of("NEW", "OPEN", "ENDED", "REVISED"));
  }

  /** What of {@code profiles/} and {@code candidates/} nobody may read without the key. */
  @Test
  void sealedStates() {
    Redaction redaction = Redaction.of(SPEC, new byte[] {1, 2, 3});
    String hex =
        """
        d099a61c2d0692b1079707d5fbf673ed2bc8c5944377da411d5638f7aab5\
        """;
    Golden.isHex(redaction.seal(new byte[] {4, 5}), hex);
    assertThat(redaction.open(Golden.bytes(hex))).hasValue(new byte[] {4, 5});
  }
}
