package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.LabelRows;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of rows and labels that wait. */
class StoredFormsTest {
  @Test
  void sidesOfAJoin() throws IOException {
    JoinRows block = Golden.holds(new JoinRows.RowsCoder(), joins(null), "00 02 0405");
    assertThat(block.block()).containsExactly(4, 5);
    byte[] id = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(id);
    List<LabelRows.Row> labels =
        List.of(new LabelRows.Row(hash.high(), hash.low(), 1, "y", Double.NaN, "", "t-1", 300, id));
    JoinRows read =
        Golden.holds(
            new JoinRows.RowsCoder(),
            joins(labels),
            """
            010000000100000003742d3100000001
            000000000000000100000000017900000000000000016100ac02\
            """);
    Golden.same(read.labels(), labels);
  }

  private static JoinRows joins(List<LabelRows.Row> labels) {
    return new JoinRows(labels == null ? new byte[] {4, 5} : null, labels);
  }

  @Test
  void progressOfAJoin() throws IOException {
    JoinProgress progress = new JoinProgress(1, 2, 3, Long.MIN_VALUE, 5, true, false);
    assertThat(
            Golden.holds(
                new JoinProgress.ProgressCoder(),
                progress,
                """
                0000000000000001000000000000000200000000000000038000000000000000
                000000000000000500000000000000010000000000000000\
                """))
        .isEqualTo(progress);
  }

  @Test
  void countsOfHeldRows() throws IOException {
    HeldCounts counts = new HeldCounts(258, 3, 2);
    assertThat(
            Golden.holds(
                new HeldCounts.CountsCoder(),
                counts,
                "000000000000010200000000000000030000000000000002"))
        .isEqualTo(counts);
  }
}
