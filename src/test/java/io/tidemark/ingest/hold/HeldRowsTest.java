package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HeldRowsTest {
  private static final long HOUR = 3_600_000_000L;
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "spec.yaml",
          """
          model: held
          task: binary
          events:
            format: jsonl
            id: id
            time: time
            model_version: version
            prediction: {score: score, positive: "1"}
            label: label
          features:
            x: numeric
          window: {size: PT1H}
          """);
  private static final EventLayout LAYOUT = EventLayout.of(SPEC);

  private static InferenceEvent row(String id, long time, String version, double x, String label) {
    double[] numbers = new double[LAYOUT.numbers()];
    numbers[LAYOUT.slot(LAYOUT.indexOf("x"))] = x;
    return new InferenceEvent(
        id, time, version, numbers, new String[] {label}, null, new String[0]);
  }

  private static HeldRows held(List<InferenceEvent> rows, boolean deduplicate, int blockRows) {
    HeldRows held =
        new HeldRows(deduplicate, EventLabels.of(SPEC), new WindowCursor(SPEC.window()));
    for (int from = 0; from < rows.size(); from += blockRows) {
      EventBlock.Builder block = new EventBlock.Builder(LAYOUT, true);
      rows.subList(from, Math.min(rows.size(), from + blockRows))
          .forEach(row -> block.add(row, RowHash.ofId(row.id())));
      held.add(EventBlock.unpack(LAYOUT, block.pack()));
    }
    return held;
  }

  private static TreeSet<String> stay(HeldRows held) {
    TreeSet<String> stay = new TreeSet<>();
    held.forEach(
        (row, start) -> {
          assertThat(start).isEqualTo(SPEC.window().startOf(row.timeMicros()));
          stay.add(
              row.id()
                  + " "
                  + row.timeMicros()
                  + " "
                  + row.version()
                  + " "
                  + row.numbers()[LAYOUT.slot(LAYOUT.indexOf("x"))]
                  + (row.disputed() ? " disputed" : ""));
        });
    return stay;
  }

  @Test
  void rowsOfOtherVersionsAreNoCopies() {
    // String.hashCode() has these the same.
    List<InferenceEvent> rows = List.of(row("a", 0, "Aa", 1, null), row("a", 0, "BB", 1, null));
    assertThat(stay(held(rows, true, 1))).hasSize(2);
  }

  @Test
  void ofCopiesTheEarliestStays() {
    List<InferenceEvent> rows =
        List.of(
            row("a", 5, "", 1, null),
            row("b", 7, "", 2, null),
            row("a", 3, "", 3, null),
            row("a", 9, "", 4, null));
    HeldRows held = held(rows, true, 1);
    assertThat(stay(held)).containsExactly("a 3  3.0", "b 7  2.0");
    assertThat(held.counts()).isEqualTo(new HeldCounts(2, 2, 2));
  }

  @Test
  void otherWindowsAndVersionsHaveNoCopies() {
    List<InferenceEvent> rows =
        List.of(
            row("a", 5, "", 1, null),
            row("a", 5 + HOUR, "", 2, null),
            row("a", 5, "v2", 3, null),
            row("a", 6, "v2", 4, null));
    assertThat(stay(held(rows, true, 9)))
        .containsExactly("a 3600000005  2.0", "a 5  1.0", "a 5 v2 3.0");
  }

  @Test
  void copiesThatSayDifferentLabelsAreDisputed() {
    List<InferenceEvent> rows =
        List.of(row("a", 5, "", 1, "1"), row("a", 6, "", 1, "0"), row("b", 6, "", 1, "0"));
    assertThat(stay(held(rows, true, 2))).containsExactly("a 5  1.0 disputed", "b 6  1.0");
  }

  @Test
  void withoutDuplicateRemovalAllStay() {
    List<InferenceEvent> rows = List.of(row("a", 5, "", 1, null), row("a", 5, "", 1, null));
    HeldRows held = held(rows, false, 1);
    List<Long> starts = new ArrayList<>();
    held.forEach((row, start) -> starts.add(start));
    assertThat(starts).hasSize(2);
    assertThat(held.counts()).isEqualTo(new HeldCounts(2, 0, 0));
  }

  @Test
  void neitherOrderNorBlocksMatter() {
    Random random = new Random(3);
    List<InferenceEvent> rows = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      InferenceEvent row =
          row(
              "id" + random.nextInt(2000),
              random.nextInt(20) * HOUR / 10,
              random.nextInt(9) == 0 ? "v2" : "",
              random.nextInt(3),
              null);
      rows.add(
          random.nextInt(50) > 0
              ? row
              : new InferenceEvent(
                  row.id(),
                  row.timeMicros(),
                  row.version(),
                  row.numbers(),
                  row.categories(),
                  new long[] {1},
                  row.extras()));
    }
    HeldRows whole = held(rows, true, rows.size());
    Collections.shuffle(rows, random);
    HeldRows parts = held(rows, true, 97);
    assertThat(parts.counts()).isEqualTo(whole.counts());
    assertThat(stay(parts)).isEqualTo(stay(whole));
  }

  @Test
  void nothingHeldIsNothing() {
    HeldRows none = held(List.of(), true, 1);
    assertThat(none.counts()).isEqualTo(HeldCounts.NONE);
    assertThat(stay(none)).isEmpty();
  }
}
