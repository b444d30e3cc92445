package io.tidemark.slices;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.slices.CodedRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Labelled rows as codes: which are kept does not depend on how they came. */
class CodedRowSampleTest {
  static final String BINARY =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
      features: {x: numeric, c: categorical}
      window: {size: P1D}
      """;
  private static final String REGRESSION =
      BINARY.replace("binary", "regression").replace("score: s, positive: 1", "value: s");

  static SliceSettings settings(String text) {
    MonitoringSpec spec = SpecReader.read("test", text);
    Grid grid = Grid.of(new double[] {0, .5, 1}, true);
    List<FieldBins> references = new ArrayList<>();
    List<CutPoints> cuts = new ArrayList<>();
    List<Dictionary> known = new ArrayList<>();
    EventLayout events = EventLayout.of(spec);
    for (Field field : events.fields()) {
      boolean numeric = field.numeric();
      Dictionary values = numeric ? null : Dictionary.of(List.of("0", "1", "a", "b"));
      references.add(new FieldBins(field, numeric ? grid : null, null, null, values, false));
      cuts.add(numeric ? new CutPoints(grid.edges()) : null);
      known.add(values);
    }
    ProfileLayout layout = new ProfileLayout("m", 0, events, cuts, known, List.of(), 16, 16);
    return SliceSettings.of(spec, ProfileLayouts.single(layout), any -> references);
  }

  private static CodedRowSample small(SliceSettings settings) {
    return new CodedRowSample(settings.codesOf(""), 50);
  }

  static Broadcast<Fleet<SliceSettings>> broadcast(SliceSettings settings) {
    return Broadcast.of(Fleet.one("m", settings));
  }

  /** Score .5: the answer is the positive class. */
  static InferenceEvent row(String id, double x, String c, String label) {
    return new InferenceEvent(
        id, 7, "", new double[] {x, .5}, new String[] {c, label}, null, new String[0]);
  }

  static CodedRowSample gathered(SliceSettings settings, InferenceEvent... rows) {
    var samples = new CodedRowAggregator(broadcast(settings)).start("m");
    for (InferenceEvent row : rows) {
      samples.add(row, 0);
    }
    Map<WindowKey, CodedRowSample> all = new HashMap<>();
    samples.drainTo(all::put);
    return all.get(new WindowKey("m", "", 0));
  }

  private static CodedRows rows(CodedRowSample sample) {
    var builder = CodedRows.builder(sample.codes().kind(), sample.codes().counts());
    sample.addTo(builder);
    return builder.build();
  }

  private static byte[] bytes(SliceSettings settings, CodedRowSample sample) {
    return MergeStates.pack(new CodedRowSampleCoder(broadcast(settings)), sample);
  }

  @Test
  void codesAreBinsAndValuesAndWhatIsNone() {
    SliceSettings settings = settings(BINARY);
    double[][] numbers = {{.2, 0}, {.5, 0}, {.7, 1}, {9, 2}, {Double.NaN, 3}};
    for (double[] each : numbers) {
      CodedRows one = rows(gathered(settings, row("i", each[0], "a", "0")));
      assertThat(one.code(0, 0)).isEqualTo((int) each[1]);
      assertThat(one.error(0)).isEqualTo(1);
    }
    Map<String, Integer> values = new HashMap<>(Map.of("0", 0, "a", 2, "b", 3, "never met", 4));
    values.put(null, 5);
    values.forEach(
        (value, code) -> {
          CodedRows one = rows(gathered(settings, row("i", .2, value, "1")));
          assertThat(one.code(0, 1)).isEqualTo(code);
          assertThat(one.error(0)).isZero();
        });
  }

  @Test
  void rowsWithoutLabelsAreCountedOnly() {
    CodedRowSample sample =
        gathered(settings(BINARY), row("1", .2, "a", "1"), row("2", .2, "a", null));
    assertThat(sample.rows()).isEqualTo(2);
    assertThat(sample.labelled()).isEqualTo(1);
    assertThat(sample.size()).isEqualTo(1);
  }

  /** Rows of one hash too: an id may stand on several. */
  @Test
  void anyPartsInAnyOrderAreTheSame() throws IOException {
    Random random = new Random(8);
    for (String text : List.of(BINARY, REGRESSION)) {
      SliceSettings settings = settings(text);
      int distinct = 300;
      List<long[]> all = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        long[] row = {
          random.nextInt(distinct) * 0x9E3779B97F4A7C15L,
          random.nextInt(4),
          random.nextInt(6),
          random.nextInt(2)
        };
        all.add(row);
      }
      byte[] expected = null;
      for (int trial = 0; trial < 20; trial++) {
        Collections.shuffle(all, random);
        List<CodedRowSample> parts = new ArrayList<>();
        for (int i = 0; i <= trial % 5; i++) {
          parts.add(small(settings));
        }
        for (long[] row : all) {
          parts
              .get(random.nextInt(parts.size()))
              .add(row[0], new int[] {(int) row[1], (int) row[2]}, row[3]);
        }
        CodedRowSample merged = small(settings);
        parts.forEach(merged::merge);
        byte[] bytes = bytes(settings, merged);
        expected = expected == null ? bytes : expected;
        assertThat(bytes).isEqualTo(expected);
        assertThat(merged.labelled()).isEqualTo(600);
        assertThat(merged.size()).isEqualTo(50);
      }
    }
  }

  @Test
  void whatAPeriodKeepsIsAmongWhatItsWindowsKeep() {
    SliceSettings settings = settings(BINARY);
    Random random = new Random(3);
    CodedRowSample period = small(settings);
    CodedRowSample ofWindows = small(settings);
    for (int window = 0; window < 6; window++) {
      CodedRowSample own = small(settings);
      for (int i = 0; i < 40 * window; i++) {
        long hash = random.nextLong();
        int[] codes = {random.nextInt(4), random.nextInt(6)};
        own.add(hash, codes, i % 2);
        period.add(hash, codes, i % 2);
      }
      ofWindows.merge(own);
    }
    assertThat(bytes(settings, ofWindows)).isEqualTo(bytes(settings, period));
  }

  @Test
  void inState() throws IOException {
    SliceSettings settings = settings(BINARY);
    CodedRowSample read =
        Golden.holds(
            new CodedRowSampleCoder(broadcast(settings)),
            gathered(
                settings, row("1", .2, "a", "1"), row("2", 9, null, "0"), row("3", 1, "b", null)),
            """
            30016d000000000000000000000003000000000000000200000002497692bff289820e02050171fb
            bbfe8a7b7c71000200\
            """);
    assertThat(read.rows()).isEqualTo(3);
    assertThat(read.labelled()).isEqualTo(2);
    assertThat(rows(read).size()).isEqualTo(2);
  }
}
