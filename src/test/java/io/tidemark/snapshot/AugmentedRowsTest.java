package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.MergeStates;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentedRowsTest {
  private static final AugmentedRows.RowsCoder CODER = new AugmentedRows.RowsCoder();

  private static AugmentedRow row(int number) {
    InferenceEvent event =
        new InferenceEvent(
                "id-" + number % 90, // some ids are there twice
                number,
                "",
                new double[] {number, Double.NaN},
                new String[] {"a", null},
                null,
                new String[] {"carried"})
            .withLabel("1", number);
    return new AugmentedRow(
        new Candidate(StratifiedSample.priority(3, event), RowHash.name(event), event),
        number % 4 == 0 ? null : "request-" + number);
  }

  private static byte[] of(List<AugmentedRow> rows, int parts) throws Exception {
    List<AugmentedRows> states = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      states.add(new AugmentedRows(20));
    }
    for (int i = 0; i < rows.size(); i++) {
      states.get(i % parts).add(rows.get(i));
    }
    AugmentedRows merged = new AugmentedRows();
    for (AugmentedRows state : states) {
      merged.merge(MergeStates.unpack(CODER, MergeStates.pack(CODER, state)));
    }
    return MergeStates.pack(CODER, merged);
  }

  @Test
  void areThoseWithTheSmallestPrioritiesInAnyOrderAndParts() throws Exception {
    List<AugmentedRow> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(row(i));
    }
    byte[] whole = of(rows, 1);
    AugmentedRows read = MergeStates.unpack(CODER, whole);
    assertThat(read.rows()).isEqualTo(100);
    List<AugmentedRow> sorted = new ArrayList<>(rows);
    Collections.sort(sorted);
    assertThat(read.held())
        .extracting(each -> each.event().timeMicros() + "/" + each.request())
        .isEqualTo(
            sorted.subList(0, 20).stream()
                .map(each -> each.event().timeMicros() + "/" + each.request())
                .toList());
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(rows, new Random(seed));
      assertThat(of(rows, 1 + seed)).isEqualTo(whole);
    }
  }
}
