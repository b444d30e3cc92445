package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipInputTest {
  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) throws IOException {
    try (GzipInput in = new GzipInput(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Arrays.fill(content, size / 2, size, (byte) 7);
    return content;
  }

  @Test
  void unpacksMembersOfEverySizeAndTheZerosBehindThem() throws IOException {
    for (int size : new int[] {0, 1, 100, 65_535, 65_536, 300_000}) {
      byte[] content = content(size);
      assertThat(unpacked(packed(content))).isEqualTo(content);
      byte[] twice = joined(packed(content), packed(content), new byte[600]);
      assertThat(unpacked(twice)).isEqualTo(joined(content, content));
    }
  }

  @Test
  void passesOverNamesCommentsAndExtraFields() throws IOException {
    byte[] plain = packed("content".getBytes(StandardCharsets.UTF_8));
    byte[] header = {0x1F, (byte) 0x8B, 8, 30, 0, 0, 0, 0, 0, 3};
    byte[] fields = {2, 0, 9, 9, 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    assertThat(unpacked(joined(header, fields, rest))).asString().isEqualTo("content");
  }

  @Test
  void saysWhatIsWrongWhereverAFileIsCutOff() throws IOException {
    byte[] whole = joined(packed(content(500)), packed(content(400)));
    int first = packed(content(500)).length;
    for (int length = 0; length < whole.length; length++) {
      if (length != first) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> unpacked(cut))
            .as("%d bytes", length)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void noDamagedByteGoesUnnoticed() throws IOException {
    byte[] content = content(300);
    byte[] whole = joined(packed(content), packed(content));
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      byte[] read;
      try {
        read = unpacked(damaged);
      } catch (IOException e) {
        continue;
      }
      // A header's time and system say nothing about the content.
      assertThat(read).as("byte %d", at).isEqualTo(joined(content, content));
    }
  }

  @Test
  void refusesWhatIsNoGzip() {
    assertThatThrownBy(() -> unpacked("plain text".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("it is not in gzip format");
    assertThatThrownBy(
            () -> unpacked(joined(packed(new byte[9]), "more".getBytes(StandardCharsets.UTF_8))))
        .hasMessage("what follows is not in gzip format");
    assertThatThrownBy(() -> unpacked(new byte[0])).hasMessage("it is empty");
  }
}
