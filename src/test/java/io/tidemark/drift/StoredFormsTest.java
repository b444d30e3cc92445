package io.tidemark.drift;

import io.tidemark.Golden;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.store.FindingKey;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of the windows that persistence looks back at. */
class StoredFormsTest {
  @Test
  void comparisonsOfAWindow() throws IOException {
    Finding finding =
        new FindingKey("m", "", 1, 2, "", FindingKind.data_drift, "x", "jensen_shannon").begin();
    finding.setReason("");
    WindowRevision<List<Comparison>> window =
        new WindowRevision<>(
            new WindowKey("m", "", 1),
            3,
            true,
            List.of(new Comparison(finding, 1, 2, new double[] {.5, -.5})));
    WindowRevision<List<Comparison>> read =
        Golden.holds(
            Comparison.ofWindow(),
            window,
            """
            016d000000000000000001000000000000000301000000013c206262356139313737393336656437
            6334026d0002040000000002781c6a656e73656e5f7368616e6e6f6e000000000000000000000000
            0000000000000000000000000100000002000000023fe0000000000000bfe0000000000000\
            """);
    Golden.same(read, window);
  }
}
