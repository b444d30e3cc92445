package io.tidemark.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import java.io.IOException;
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
}
