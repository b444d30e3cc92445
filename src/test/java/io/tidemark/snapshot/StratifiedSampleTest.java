package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.DoubtedRows;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.RowInputs;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Hash128;
import io.tidemark.stats.labelissues.AgreementCounts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StratifiedSampleTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
          features: {x: numeric, c: categorical}
          window: {size: P1D}
          snapshot: {rows: 400}
          """);
  private static final EventLayout LAYOUT = EventLayout.of(SPEC);
  private static final Strata STRATA = strata();

  /** Of feature x: its bins, and one above. */
  private static final int GRID_CELLS = 6;

  private static Strata strata() {
    Grid grid = Grid.of(new double[] {0, .2, .4, .6, .8, 1}, true);
    Dictionary values = Dictionary.of(List.of("a", "b"));
    Dictionary labels = Dictionary.of(List.of("0", "1"));
    List<FieldBins> references = new ArrayList<>();
    List<CutPoints> cuts = new ArrayList<>();
    List<Dictionary> dictionaries = new ArrayList<>();
    for (Field field : LAYOUT.fields()) {
      Dictionary known = field.name().equals("label") ? labels : values;
      references.add(
          new FieldBins(
              field,
              field.numeric() ? grid : null,
              null,
              null,
              field.numeric() ? null : known,
              false));
      cuts.add(field.numeric() ? new CutPoints(grid.edges()) : null);
      dictionaries.add(field.numeric() ? null : known);
    }
    ProfileLayout layout = new ProfileLayout("m", 0, LAYOUT, cuts, dictionaries, List.of(), 16, 16);
    return Strata.of(SPEC, layout, references);
  }

  private static InferenceEvent event(int i, Random random) {
    String label = random.nextInt(10) == 0 ? null : random.nextInt(20) == 0 ? "1" : "0";
    return new InferenceEvent(
        "id-" + i,
        i,
        "",
        new double[] {random.nextDouble() * 1.2, random.nextDouble()},
        new String[] {random.nextInt(30) == 0 ? "z" : "a", label},
        null,
        new String[0]);
  }

  private static List<Integer> bounds(int ofEach) {
    return Collections.nCopies(PoolSettings.kept(SPEC.snapshot()).size(), ofEach);
  }

  private static StratifiedSample pool() {
    return new StratifiedSample(STRATA, bounds(100), 5);
  }

  private static byte[] bytes(StratifiedSample pool) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pool.write(new DataOutputStream(out));
    return out.toByteArray();
  }

  @Property(tries = 60)
  void isAFunctionOfTheRowsAlone(
      @ForAll @IntRange(min = 0, max = 600) int rows,
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    List<InferenceEvent> events = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      events.add(event(random.nextInt(Math.max(1, rows)), new Random(random.nextInt(300))));
    }
    StratifiedSample whole = pool();
    events.forEach(whole::add);
    Collections.shuffle(events, random);
    List<StratifiedSample> pools = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      pools.add(pool());
    }
    for (InferenceEvent event : events) {
      pools.get(random.nextInt(parts)).add(event);
    }
    StratifiedSample merged = pool();
    for (StratifiedSample part : pools) {
      byte[] packed = bytes(part);
      merged.merge(
          StratifiedSample.read(
              STRATA, bounds(100), 5, new DataInputStream(new ByteArrayInputStream(packed))));
    }
    assertThat(bytes(merged)).isEqualTo(bytes(whole));
  }

  /** Each reason numbers its strata from 0, and an event is in no more of them than it says. */
  @Test
  void reasonsKeepToTheirStrata() {
    Random random = new Random(1);
    for (EventStrata strata : STRATA.ofReasons()) {
      int[] found = new int[strata.most()];
      for (int i = 0; i < 1000; i++) {
        int many = strata.of(event(i, random), found);
        for (int j = 0; j < many; j++) {
          assertThat(found[j]).isBetween(0, strata.count() - 1);
        }
      }
    }
    assertThat(SamplingReasons.ALL.stream().map(SamplingReason::name)).doesNotHaveDuplicates();
    assertThat(SamplingReasons.byPrecedence(3)).containsExactly(1, 2, 0);
  }

  @Test
  void staysWithinItsBounds() {
    StratifiedSample pool = pool();
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      pool.add(event(i, random));
    }
    assertThat(pool.candidates().size()).isLessThanOrEqualTo(100 * SamplingReasons.ALL.size());
    assertThat(pool.rows()).isEqualTo(20_000);
  }

  @Test
  void weightsEstimateTheTotals() {
    double rare = 0;
    double rareTruth = 0;
    double all = 0;
    int seeds = 40;
    for (int seed = 0; seed < seeds; seed++) {
      StratifiedSample pool = new StratifiedSample(STRATA, bounds(800), seed);
      Random random = new Random(seed);
      for (int i = 0; i < 5000; i++) {
        InferenceEvent event = event(i, random);
        rareTruth += "1".equals(event.categories()[1]) ? 1 : 0;
        pool.add(event);
      }
      double[] growth = new double[GRID_CELLS];
      Arrays.fill(growth, -.1);
      growth[growth.length - 1] = .5;
      SelectRows.Selection selection =
          SelectRows.of(
              SPEC,
              new TreeMap<>(Map.of(new WindowKey("m", "", 0), pool)),
              List.of(new DriftedField(new WindowKey("m", "", 0), 0, "f", growth)),
              PeriodGrounds.NONE);
      assertThat(selection.rows().size()).isLessThanOrEqualTo(400);
      assertThat(selection.causes()).containsExactly("f");
      for (SnapshotRow row : selection.rows()) {
        all += row.weight();
        rare += "1".equals(row.event().categories()[1]) ? row.weight() : 0;
        boolean beyond = row.event().numbers()[0] > 1;
        assertThat(row.reasons().contains("drifted")).isIn(beyond, false);
        assertThat(row.split().equals("unlabelled")).isEqualTo(row.event().categories()[1] == null);
      }
    }
    assertThat(all / seeds).isBetween(4800.0, 5200.0);
    assertThat(rare / rareTruth).isBetween(.95, 1.05);
  }

  private static final WindowKey WINDOW = new WindowKey("m", "", 0);

  private static WeakSlice slice(int rank, FieldCell... cells) {
    return WeakSlices.of(rank, "slice " + rank, cells);
  }

  private static FieldCell cell(String field, int cell) {
    for (int i = 0; i < LAYOUT.fields().size(); i++) {
      if (LAYOUT.fields().get(i).name().equals(field)) {
        return new FieldCell(i, cell);
      }
    }
    throw new AssertionError(field);
  }

  private static SelectRows.Selection select(StratifiedSample pool, PeriodGrounds grounds) {
    return SelectRows.of(SPEC, new TreeMap<>(Map.of(WINDOW, pool)), List.of(), grounds);
  }

  /** Overlapping slices, one of rows without a readable value: found among what is at hand. */
  @Test
  void weakSlicesHaveTheirShareAndWeightsStillEstimateTheTotals() {
    WeakSlice both = slice(1, cell("x", 3), cell("c", 0));
    WeakSlice wider = slice(2, cell("x", 3));
    WeakSlice unread = slice(3, cell("x", FieldCell.MISSING));
    double all = 0;
    double inSlice = 0;
    double sliceTruth = 0;
    int seeds = 40;
    for (int seed = 0; seed < seeds; seed++) {
      StratifiedSample pool = new StratifiedSample(STRATA, bounds(2000), seed);
      Random random = new Random(seed);
      for (int i = 0; i < 5000; i++) {
        InferenceEvent event = event(i, random);
        if (i % 25 == 0) {
          event.numbers()[0] = Double.NaN;
        }
        double x = event.numbers()[0];
        sliceTruth += x > .6 && x <= .8 && "a".equals(event.categories()[0]) ? 1 : 0;
        pool.add(event);
      }
      SelectRows.Selection selection =
          select(pool, new PeriodGrounds(List.of(both, wider, unread), new DoubtedRows()));
      assertThat(selection.rows().size()).isLessThanOrEqualTo(400);
      assertThat(selection.causes()).containsExactly("finding 1", "finding 2", "finding 3");
      int weak = 0;
      for (SnapshotRow row : selection.rows()) {
        double x = row.event().numbers()[0];
        boolean wide = x > .6 && x <= .8;
        boolean narrow = wide && "a".equals(row.event().categories()[0]);
        boolean nothing = Double.isNaN(x);
        assertThat(row.slice())
            .isEqualTo(narrow ? "slice 1" : wide ? "slice 2" : nothing ? "slice 3" : null);
        if (row.reasons().contains("weak_slice")) {
          weak++;
          assertThat(wide || nothing).isTrue();
          assertThat(row.event().categories()[1]).as("labelled").isNotNull();
        }
        all += row.weight();
        inSlice += narrow ? row.weight() : 0;
      }
      assertThat(weak).isBetween(90, 100); // a quarter of 400
    }
    assertThat(all / seeds).isBetween(4800.0, 5200.0);
    assertThat(inSlice / sliceTruth).isBetween(.95, 1.05);
  }

  /** Doubted rows are learned from where the model errs beyond chance, or somebody has looked. */
  @Test
  void doubtedRowsAreSetApart() {
    List<InferenceEvent> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(event(i, new Random(i)));
    }
    RowInputs inputs = RowInputs.of(SPEC);
    DoubtedRows doubted = new DoubtedRows();
    Set<String> apart = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      InferenceEvent row = rows.get(i);
      String label = row.categories()[1];
      double x = row.numbers()[0];
      boolean inSlice = x > .6 && x <= .8;
      if (i % 2 == 0) {
        doubted.add("", row.id());
        if (!inSlice) {
          apart.add(row.id());
        }
      } else if (label != null) {
        doubted.add("", inputs.of(row), label);
        doubted.add("", inputs.of(row), "another");
        doubted.add("v2", inputs.of(rows.get(200)), label);
        apart.add(row.id());
      }
    }
    StratifiedSample pool = new StratifiedSample(STRATA, bounds(800), 1);
    rows.forEach(pool::add);
    SelectRows.Selection selection =
        select(pool, new PeriodGrounds(List.of(slice(1, cell("x", 3))), doubted));
    Set<String> chosen = new TreeSet<>();
    selection.rows().forEach(row -> chosen.add(row.name()));
    Set<String> expected = new TreeSet<>();
    rows.forEach(row -> expected.add(row.id()));
    expected.removeAll(apart);
    assertThat(chosen).isEqualTo(expected);
    assertThat(selection.doubted()).isEqualTo(apart.size());
  }

  @Test
  void whatWasFoundOfAPeriodIsTheSameInAnyOrder() throws IOException {
    DoubtedRows doubted = new DoubtedRows();
    doubted.add("v", "id-1");
    doubted.add("v", Hash128.of(new byte[] {1}), "1.0");
    AgreementCounts agreement = new AgreementCounts();
    agreement.add(List.of("ann", "bob"), List.of("0", "1"), null, false);
    List<byte[]> told =
        new ArrayList<>(
            List.of(
                PeriodGrounds.ofSlices(List.of(slice(2, cell("x", 1)), slice(1, cell("c", -1)))),
                PeriodGrounds.ofLabels(doubted, agreement),
                PeriodGrounds.ofSlices(List.of(slice(3)))));
    PeriodGrounds one = PeriodGrounds.of(told);
    Collections.reverse(told);
    PeriodGrounds other = PeriodGrounds.of(told);
    assertThat(one.slices())
        .isEqualTo(other.slices())
        .extracting(WeakSlice::rank)
        .containsExactly(1, 2, 3);
    assertThat(PeriodGrounds.ofLabels(one.doubted(), one.agreement()))
        .isEqualTo(PeriodGrounds.ofLabels(other.doubted(), other.agreement()));
    assertThat(one.agreement()).isEqualTo(agreement).isEqualTo(other.agreement());
    assertThat(one.isNone()).isFalse();
    assertThat(PeriodGrounds.of(List.of()).isNone()).isTrue();
  }

  @Test
  void aRowKeepsItsSplitWhateverElseIsChosen() {
    StratifiedSample few = pool();
    StratifiedSample many = pool();
    for (int i = 0; i < 500; i++) {
      InferenceEvent event = event(i, new Random(i));
      many.add(event);
      if (i % 7 == 0) {
        few.add(event);
      }
    }
    Map<String, String> splits = splits(many);
    splits(few)
        .forEach(
            (name, split) ->
                assertThat(splits.getOrDefault(name, split)).as(name).isEqualTo(split));
    assertThat(splits.values()).contains("train", "validation", "test", "unlabelled");
  }

  private static Map<String, String> splits(StratifiedSample pool) {
    Map<String, String> splits = new TreeMap<>();
    SelectRows.of(
            SPEC,
            new TreeMap<>(Map.of(new WindowKey("m", "", 0), pool)),
            List.of(),
            PeriodGrounds.NONE)
        .rows()
        .forEach(row -> splits.put(row.name(), row.split()));
    return splits;
  }
}
