package io.tidemark.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelTable;
import io.tidemark.event.LabelWait;
import io.tidemark.event.PredictionKeys;
import io.tidemark.event.RowHash;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of the join, on small partitions. */
class PartitionJoinTest {
  private static final WindowSpec WINDOW =
      WindowSpec.fixed(Duration.ofNanos(100_000), Instant.EPOCH, Duration.ZERO); // 100 µs
  private static final int HORIZON = 10;

  private final List<byte[]> packs = new ArrayList<>();
  private boolean inLog;
  private String version = "";

  private static JoinRule rule(long from, long to, long asOf) {
    return rule(from, to, new LabelWait(HORIZON, HORIZON, Set.of()), asOf);
  }

  private static JoinRule rule(long from, long to, LabelWait waits, long asOf) {
    return new JoinRule(WINDOW, from, to, waits, asOf, true, false);
  }

  /** Of source "review", and of "audit", for so long. */
  private static JoinRule trusting(long horizon) {
    return rule(
        0, 1000, new LabelWait(HORIZON, horizon, Set.of("review", "audit")), Long.MAX_VALUE);
  }

  private void prediction(String id, long time) {
    prediction(id, time, null);
  }

  private void prediction(String id, long time, String own) {
    PredictionKeys keys = new PredictionKeys(inLog);
    keys.add(RowHash.ofId(id), time, version, PredictionKeys.hashOf(own));
    packs.add(keys.packed());
  }

  private void label(String id, long time, String value, String source) {
    LabelRows rows = new LabelRows(false);
    rows.add(id, time, value, 0, source, "f", packs.size());
    packs.add(rows.packed());
  }

  private PartitionJoin join(JoinRule rule) throws IOException {
    PartitionJoin join = new PartitionJoin(rule, new Hash128(0, 0), 0, 0);
    for (byte[] packed : packs) {
      join.add(packed);
    }
    join.join();
    assertThat(join.counts().balanced()).isTrue();
    return join;
  }

  private PartitionJoin join() throws IOException {
    return join(rule(0, 1000, Long.MAX_VALUE));
  }

  private static String labelOf(PartitionJoin join, String id) {
    LabelTable table = LabelTable.of(List.of(join.table()));
    long place = table.find(RowHash.ofId(id));
    if (place == LabelTable.NONE) {
      return null;
    }
    long since = table.disputedSince(place);
    return table.text(place)
        + "@"
        + table.time(place)
        + (since == Long.MAX_VALUE ? "" : "!" + since);
  }

  private static LabelCounts counts(
      long joined, long duplicate, long conflicting, long orphan, long tooLate, long predictions) {
    long read = joined + duplicate + conflicting + orphan + tooLate;
    return new LabelCounts(
        read, joined, duplicate, conflicting, 0, orphan, tooLate, 0, 0, 0, predictions);
  }

  @Test
  void theFirstLabelWinsAndLaterOnesRepeatOrContradictIt() throws Exception {
    prediction("a", 5);
    label("a", 9, "no", "x");
    label("a", 8, "yes", "x");
    label("a", 10, "yes", "x");
    PartitionJoin join = join();
    assertThat(join.counts()).isEqualTo(counts(1, 1, 1, 0, 0, 1));
    assertThat(labelOf(join, "a")).isEqualTo("yes@8!9");
  }

  @Test
  void ofLabelsOfOneTimeTheSmallestSourceThenValueWins() throws Exception {
    prediction("a", 5);
    prediction("b", 5);
    label("a", 8, "no", "y");
    label("a", 8, "yes", "x");
    label("b", 8, "yes", "x");
    label("b", 8, "no", "x");
    PartitionJoin join = join();
    assertThat(labelOf(join, "a")).isEqualTo("yes@8!8");
    assertThat(labelOf(join, "b")).isEqualTo("no@8!8");
  }

  @Test
  void theHorizonIsInclusive() throws Exception {
    prediction("a", 5);
    prediction("b", 5);
    label("a", 5 + HORIZON, "yes", "");
    label("b", 6 + HORIZON, "yes", "");
    label("a", 6 + HORIZON, "no", "");
    PartitionJoin join = join();
    assertThat(join.counts()).isEqualTo(counts(1, 0, 0, 0, 2, 1));
    assertThat(labelOf(join, "a")).isEqualTo("yes@15!16"); // past the horizon: it disputes nothing
    assertThat(labelOf(join, "b")).isNull();
  }

  @Test
  void oneLabelServesAnIdsPredictionsInSeveralWindows() throws Exception {
    prediction("a", 95);
    prediction("a", 101);
    prediction("a", 350);
    label("a", 104, "yes", "");
    label("a", 106, "no", "");
    PartitionJoin join = join();
    assertThat(join.counts()).isEqualTo(counts(1, 0, 1, 0, 0, 3));
    assertThat(join.copyKeys()).isEmpty();
  }

  @Test
  void ofCopiesWithinAWindowTheFirstWaits() throws Exception {
    prediction("a", 5);
    prediction("a", 9);
    label("a", 6 + HORIZON, "yes", "");
    PartitionJoin join = join();
    assertThat(join.counts()).isEqualTo(counts(0, 0, 0, 0, 1, 0));
    Hash128 key = RowHash.copyKey(RowHash.ofId("a"), RowHash.ofVersion(""), 0);
    assertThat(join.copyKeys()).hasSize(8);
    assertThat(java.nio.ByteBuffer.wrap(join.copyKeys()).getLong()).isEqualTo(key.low());
  }

  @Test
  void rowsOfOtherVersionsAreNoCopies() throws Exception {
    version = "Aa"; // as String.hashCode() has it the same as BB
    prediction("a", 5);
    version = "BB";
    prediction("a", 9);
    prediction("b", 9);
    label("a", 6, "yes", "");
    PartitionJoin join = join();
    assertThat(join.copyKeys()).isEmpty();
    assertThat(join.counts()).isEqualTo(counts(1, 0, 0, 0, 0, 2));
  }

  @Test
  void tellsOrphansFromLabelsOfOtherRuns() throws Exception {
    prediction("a", 5);
    prediction("b", 500);
    label("a", 6, "yes", "");
    label("b", 501, "yes", "");
    label("c", 6, "yes", "");
    label("a", 7, "yes", "");
    LabelCounts counts = join(rule(0, 100, 6)).counts();
    assertThat(counts).isEqualTo(new LabelCounts(4, 1, 0, 0, 0, 1, 0, 0, 2, 0, 1));
    assertThat(join(rule(0, 100, Long.MAX_VALUE)).counts())
        .isEqualTo(new LabelCounts(4, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1));
  }

  @Test
  void whatTheLogSaysStandsBeforeEveryLabel() throws Exception {
    inLog = true;
    prediction("a", 5, "yes");
    prediction("b", 5, "yes");
    prediction("c", 5, null);
    label("a", 6, "yes", "");
    label("b", 6, "no", "");
    label("c", 6, "no", "");
    assertThat(join().counts()).isEqualTo(counts(1, 1, 1, 0, 0, 1));
  }

  private static LabelCounts overriding(
      long joined, long duplicate, long overridden, long tooLate, long predictions) {
    long read = joined + duplicate + overridden + tooLate;
    return new LabelCounts(
        read, joined, duplicate, 0, overridden, 0, tooLate, 0, 0, 0, predictions);
  }

  @Test
  void theLatestTrustedLabelOverridesAllOthers() throws Exception {
    prediction("a", 5);
    label("a", 6, "no", "x");
    label("a", 7, "yes", "y");
    label("a", 8, "no", "review");
    label("a", 9, "yes", "audit");
    label("a", 10, "no", "x");
    PartitionJoin join = join(trusting(HORIZON));
    assertThat(join.counts()).isEqualTo(overriding(1, 1, 3, 0, 1));
    assertThat(lines(join).get(1))
        .isEqualTo(
            "OVERRIDDEN 1 the label of a trusted source of 1970-01-01T00:00:00.000009Z, f at 4,"
                + " stands in its place");
  }

  @Test
  void trustedLabelsCountUpToTheirOwnHorizon() throws Exception {
    prediction("a", 5);
    prediction("b", 5);
    label("a", 6, "no", "x");
    label("a", 5 + 3 * HORIZON, "yes", "review");
    label("b", 5 + 2 * HORIZON, "yes", "review");
    label("b", 6 + HORIZON, "no", "x");
    assertThat(join(trusting(3 * HORIZON)).counts()).isEqualTo(overriding(2, 0, 1, 1, 2));
    PartitionJoin shorter = join(trusting(HORIZON));
    assertThat(shorter.counts()).isEqualTo(overriding(1, 0, 0, 3, 1));
    assertThat(lines(shorter).get(0))
        .contains("past labels.trusted_horizon of every prediction of its id");
  }

  @Test
  void aTrustedLabelOverridesTheLogItself() throws Exception {
    inLog = true;
    prediction("a", 5, "yes");
    label("a", 6, "no", "x");
    label("a", 7, "no", "review");
    assertThat(join(trusting(HORIZON)).counts()).isEqualTo(overriding(1, 1, 0, 0, 1));
  }

  @Test
  void doesNotDependOnTheOrderOfPacks() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < 3000; i++) {
      prediction("p" + random.nextInt(900), random.nextInt(300));
      String source = random.nextInt(4) == 0 ? "review" : "s";
      label("p" + random.nextInt(1000), random.nextInt(320), "v" + random.nextInt(2), source);
    }
    PartitionJoin one = join(trusting(3 * HORIZON));
    Collections.shuffle(packs, random);
    PartitionJoin other = join(trusting(3 * HORIZON));
    assertThat(other.table()).isEqualTo(one.table());
    assertThat(other.counts()).isEqualTo(one.counts());
    assertThat(keys(other)).isEqualTo(keys(one)).isNotEmpty();
    assertThat(lines(other)).isEqualTo(lines(one)).isNotEmpty();
  }

  private static List<String> lines(PartitionJoin join) {
    return join.unjoined().stream()
        .map(one -> one.kind() + " " + one.label().position() + " " + one.detail())
        .toList();
  }

  private static Set<String> keys(PartitionJoin join) {
    Set<String> keys = new TreeSet<>();
    for (int at = 0; at < join.copyKeys().length; at += 8) {
      keys.add(HexFormat.of().formatHex(join.copyKeys(), at, at + 8));
    }
    return keys;
  }

  @Test
  void findsEveryIdInALargeTableAndNoOther() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      prediction("p" + i, 1);
    }
    LabelRows rows = new LabelRows(false);
    for (int i = 0; i < 20_000; i++) {
      rows.add("p" + i, 2, "v" + i % 7, 0, null, "f", i);
    }
    packs.add(rows.packed());
    LabelTable table = LabelTable.of(List.of(join().table()));
    for (int i = 0; i < 20_000; i++) {
      assertThat(table.text(table.find(RowHash.ofId("p" + i)))).isEqualTo("v" + i % 7);
      assertThat(table.find(RowHash.ofId("q" + i))).isEqualTo(LabelTable.NONE);
    }
  }
}
