package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.stats.MergeLaws;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who said what of the same rows: bounded, and the same in whatever order rows come. */
class PairCountsTest {
  private record Row(List<String> by, List<String> said, String trusted, boolean more) {
    static Row of(String... each) {
      TreeMap<String, String> said = new TreeMap<>();
      for (String one : each) {
        said.put(one.split("=")[0], one.split("=")[1]);
      }
      return new Row(List.copyOf(said.keySet()), List.copyOf(said.values()), null, false);
    }

    Row decided(String label) {
      return new Row(by, said, label, more);
    }
  }

  private static final MergeLaws<PairCounts, Row> LAWS =
      new MergeLaws<>(
          PairCounts::new,
          (state, row) -> state.add(row.by(), row.said()),
          PairCounts::merge,
          PairCounts::write,
          PairCounts::read);

  private static final MergeLaws<AgreementCounts, Row> AGREEMENT =
      new MergeLaws<>(
          AgreementCounts::new,
          (state, row) -> state.add(row.by(), row.said(), row.trusted(), row.more()),
          AgreementCounts::merge,
          AgreementCounts::write,
          AgreementCounts::read);

  /** Rows of up to so many sources and labels. */
  private static List<Row> rows(int count, int sources, int labels, Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TreeMap<String, String> said = new TreeMap<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        said.put("s" + (10 + random.nextInt(sources)), "l" + (10 + random.nextInt(labels)));
      }
      rows.add(
          new Row(
              List.copyOf(said.keySet()),
              List.copyOf(said.values()),
              random.nextInt(3) == 0 ? "l" + (10 + random.nextInt(labels)) : null,
              random.nextInt(5) == 0));
    }
    return rows;
  }

  @Property(tries = 60)
  void isOrderFreeBelowAndAboveItsBounds(
      @ForAll @IntRange(max = 150) int count,
      @ForAll @IntRange(min = 1, max = 14) int sources,
      @ForAll @IntRange(min = 1, max = 60) int labels,
      @ForAll long seed) {
    List<Row> rows = rows(count, sources, labels, new Random(seed));
    LAWS.hold(rows, seed);
    AGREEMENT.hold(rows, seed);
    PairCounts state = LAWS.of(rows);
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> texts = new TreeSet<>();
    rows.forEach(row -> names.addAll(row.by()));
    rows.forEach(row -> texts.addAll(row.said()));
    List<String> told = names.stream().limit(PairCounts.SOURCES).toList();
    List<String> known = texts.stream().limit(PairCounts.LABELS).toList();
    // All rows again, now that it is known who is told apart.
    Map<PairCounts.Pair, long[]> expected = new TreeMap<>();
    long otherPairs = 0;
    for (Row row : rows) {
      for (int i = 0; i < row.by().size(); i++) {
        for (int j = i + 1; j < row.by().size(); j++) {
          PairCounts.Pair pair = new PairCounts.Pair(row.by().get(i), row.by().get(j));
          if (!told.contains(pair.first()) || !told.contains(pair.second())) {
            otherPairs++;
            continue;
          }
          String one = row.said().get(i);
          String other = row.said().get(j);
          boolean both = known.contains(one) && known.contains(other);
          long[] figures = expected.computeIfAbsent(pair, any -> new long[3]);
          figures[0] += both ? 1 : 0;
          figures[1] += both && one.equals(other) ? 1 : 0;
          figures[2] += both ? 0 : 1;
        }
      }
    }
    assertThat(state.otherPairs()).isEqualTo(otherPairs);
    assertThat(state.pairs()).isEqualTo(expected.keySet());
    expected.forEach(
        (pair, figures) -> {
          SourceAgreement two = state.of(pair);
          long same = 0;
          for (int code = 0; code < two.classes(); code++) {
            same += two.count(code, code);
          }
          assertThat(List.of(two.rows(), same, two.unknown()))
              .isEqualTo(List.of(figures[0], figures[1], figures[2]));
        });
  }

  @Test
  void agreementBeforeAndAfterADecision() {
    AgreementCounts counts =
        AGREEMENT.of(
            List.of(
                Row.of("ann=1", "bob=1"),
                Row.of("ann=1", "bob=0").decided("0"),
                Row.of("ann=0", "bob=0"),
                Row.of("ann=0", "bob=1"),
                Row.of("ann=0", "cyd=0"))); // one shared row is no agreement
    assertThat(counts.rows()).isEqualTo(5);
    assertThat(counts.disagreeing()).isEqualTo(2);
    assertThat(counts.decided()).isEqualTo(1);
    List<PairAgreement> pairs = PairAgreement.of(counts);
    assertThat(pairs).hasSize(1);
    PairAgreement pair = pairs.get(0);
    assertThat(pair.first() + pair.second()).isEqualTo("annbob");
    assertThat(pair.rows()).isEqualTo(4);
    assertThat(pair.before().observed()).isEqualTo(.5);
    assertThat(pair.before().value()).isZero();
    assertThat(pair.unclear()).isTrue();
    assertThat(pair.after().observed()).isEqualTo(.75);
    assertThat(pair.after().value()).isEqualTo(.5); // 1 1, 0 0, 0 0, 0 1
  }

  /** Two who say one and the same class of all rows could not but agree. */
  @Test
  void noKappaIsNotUnclear() {
    PairAgreement pair =
        PairAgreement.of(AGREEMENT.of(List.of(Row.of("a=1", "b=1"), Row.of("a=1", "b=1")))).get(0);
    assertThat(pair.before().value()).isNaN();
    assertThat(pair.before().observed()).isEqualTo(1);
    assertThat(pair.unclear()).isFalse();
  }

  @Test
  void storedForm() {
    List<Row> rows = List.of(Row.of("a=1", "b=1"), Row.of("a=1", "b=0").decided("0"));
    Golden.isHex(LAWS.encode(LAWS.of(rows)), "0201610162020130013102000101000100010101010000");
    Golden.isHex(
        AGREEMENT.encode(AGREEMENT.of(rows)),
        """
        02010100020161016202013001310200010100010001010101000002016101620201300131020001
        00000100010101010000\
        """);
  }
}
