package io.tidemark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.apache.beam.sdk.util.ReleaseInfo;

/**
 * Holds a run's record to its bytes, but for what differs from machine to machine and from run to
 * run: the versions of Beam and Java, where files are, and how long it took.
 */
final class GoldenRecord {
  private GoldenRecord() {}

  /**
   * @param name of a resource
   */
  static void holds(byte[] record, String name) throws IOException {
    String text =
        new String(record, UTF_8)
            .replace('"' + ReleaseInfo.getReleaseInfo().getVersion() + '"', "\"BEAM\"")
            .replace('"' + Runtime.version().toString() + '"', "\"JAVA\"")
            .replaceAll("(\"seconds\" : )[0-9.E-]+", "$1SECONDS")
            .replaceAll("(\"rows_per_second\" : )[0-9.E-]+", "$1RATE")
            .replaceAll("(\"hash\" : )\"[0-9a-f]{16}\"", "$1HASH")
            .replaceAll("(\"baselines\" : )\\[ \"[0-9a-f]{16}\" ]", "$1HASHES")
            .replaceAll("\"[^\"]*/snapshots/", "\"OUTPUT/snapshots/");
    try (InputStream expected = GoldenRecord.class.getResourceAsStream("/golden/" + name)) {
      assertThat(text).isEqualTo(new String(expected.readAllBytes(), UTF_8));
    }
  }
}
