package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DetectorState;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  private static final byte[] TEXT = "{}\n".getBytes(StandardCharsets.UTF_8);

  private static byte[] sealed() {
    Schema schema = DetectorState.getClassSchema();
    return AvroFiles.bytes(schema, List.of());
  }

  @Test
  void isTheBeginningOfSha256() {
    assertThat(ContentHash.of(new byte[0]))
        .isEqualTo("e3b0c44298fc1c14"); // FIPS 180-4's of nothing
  }

  @Test
  void namesAFileByAllItsBytes() {
    byte[] file = sealed();
    holdsNoOther("a/part-" + ContentHash.named(file) + ".avro", file);
    holdsNoOther("a/part-" + ContentHash.named(TEXT) + ".jsonl", TEXT);
    assertThat(ContentHash.named(TEXT)).isEqualTo(Hash128.of(TEXT).toString().substring(0, 16));
  }

  /** As such files were named once. */
  @Test
  void takesNamesThatAreAFilesOwnDigest() {
    byte[] file = sealed();
    String digest = WholeDigest.digits(file).orElseThrow();
    holdsNoOther("a/part-" + digest.substring(0, 16) + ".avro", file);
  }

  private static void holdsNoOther(String name, byte[] file) {
    assertThat(ContentHash.holds(name, file)).isTrue();
    for (int at = 0; at < file.length; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= 1;
      assertThat(ContentHash.holds(name, damaged)).as("byte %d", at).isFalse();
    }
  }

  @Test
  void holdsAnotherFilesDigestForNothing() {
    byte[] file = sealed();
    assertThat(ContentHash.holds("part-" + "0".repeat(16) + ".avro", file)).isFalse();
    byte[] text = ("Obj\1" + WholeDigest.KEY).getBytes(StandardCharsets.US_ASCII); // cut behind it
    assertThat(ContentHash.holds("part-" + "0".repeat(16) + ".avro", text)).isFalse();
  }

  @Test
  void takesNamesOfAllBytesAsBefore() {
    byte[] file = sealed();
    assertThat(ContentHash.holds("part-" + ContentHash.of(file) + ".avro", file)).isTrue();
    assertThat(ContentHash.holds("part-" + ContentHash.of(TEXT) + ".jsonl", TEXT)).isTrue();
    assertThat(ContentHash.holds("part-" + ContentHash.of(file) + ".jsonl", TEXT)).isFalse();
    assertThat(ContentHash.holds("manifest.json", TEXT)).isTrue();
  }
}
