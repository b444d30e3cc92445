package io.tidemark.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import java.io.IOException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.junit.jupiter.api.Test;

/** What keys of state, and revisions of windows in it, are made of. */
class StoredFormsTest {
  private static final WindowKey KEY = new WindowKey("m", "é2", 0x0102030405060708L);

  @Test
  void windowKey() throws IOException {
    assertThat(Golden.holds(new WindowKey.KeyCoder(), KEY, "016d03c3a9320102030405060708"))
        .isEqualTo(KEY);
  }

  @Test
  void modelVersion() throws IOException {
    ModelVersion version = new ModelVersion("m", "é2");
    assertThat(Golden.holds(new ModelVersion.VersionCoder(), version, "016d03c3a932"))
        .isEqualTo(version);
  }

  @Test
  void windowRevision() throws IOException {
    WindowRevision<String> revision = new WindowRevision<>(KEY, 258, true, "a");
    assertThat(
            Golden.holds(
                WindowRevision.coder(StringUtf8Coder.of()),
                revision,
                "016d03c3a93201020304050607080000000000000102010161"))
        .isEqualTo(revision);
  }
}
