package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.DetectorState;
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
    assertThat(ContentHash.named(TEXT)).isEqualTo(ContentHash.of(TEXT));
  }

  @Test
  void namesAFileThatHoldsItsDigestByThat() {
    byte[] file = sealed();
    String name = "a/part-" + ContentHash.named(file) + ".avro";
    assertThat(WholeDigest.digits(file).orElseThrow()).startsWith(ContentHash.named(file));
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
    assertThat(ContentHash.named(text)).isEqualTo(ContentHash.of(text));
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
