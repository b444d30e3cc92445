package io.tidemark.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.LabelRows;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of a window's label coverage. */
class StoredFormsTest {
  @Test
  void coverage() throws IOException {
    Coverage coverage = new Coverage();
    coverage.inLog = 1;
    coverage.joined = 2;
    coverage.unlabelled = 3;
    coverage.disputed = 4;
    coverage.name(5, "é");
    coverage.name(-1, "b");
    Coverage read =
        Golden.holds(
            new Coverage.CoverageCoder(),
            coverage,
            """
            000000000000000100000000000000020000000000000003000000000000000400000002ffffffff
            ffffffff0000000162000000000000000500000002c3a9\
            """);
    assertThat(read.counts()).isEqualTo(new PredictionCounts(6, 1, 2, 3, 4));
    assertThat(read.named).containsExactlyElementsOf(coverage.named);
  }

  /** What waits until the bucket that answers for these labels has closed. */
  @Test
  void fatesOfLabels() throws IOException {
    byte[] id = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(id);
    LabelRows.Row row =
        new LabelRows.Row(hash.high(), hash.low(), 1, "y", Double.NaN, "by", "t-1", 300, id);
    BucketFates fates =
        new BucketFates(
            7,
            List.of(LabelFate.joined(row), new LabelFate(LabelFate.Kind.CONFLICTING, row, "why")));
    BucketFates read =
        Golden.holds(
            new BucketFates.FatesCoder(),
            fates,
            """
            070000000100000003742d31000000020000000000000000017ff800000000000000000000000000
            0000ac020000000000000001000000000179000000026279000000016100ac02000203776879\
            """);
    assertThat(read.fates().get(0).isJoined()).isTrue();
    assertThat(read.fates().get(0).label().position()).isEqualTo(300);
    Golden.same(read.fates().get(1), fates.fates().get(1));
  }

  /** State has a kind's place in this order. */
  @Test
  void kindsOfFates() {
    assertThat(LabelFate.Kind.values())
        .extracting(Enum::name)
        .containsExactly("JOINED", "DUPLICATE", "CONFLICTING", "OVERRIDDEN", "ORPHAN", "TOO_LATE");
  }
}
