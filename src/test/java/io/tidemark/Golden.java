package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.Coder;

/**
 * Holds what is stored or check-pointed to the bytes that it has always had. Bytes that change here
 * are a file or a savepoint that the next version takes for damaged, or for something else: then
 * the form needs a number of its own, or the release notes say that state begins anew.
 */
public final class Golden {
  private Golden() {}

  /**
   * The value has these bytes, and these bytes are the value.
   *
   * @param hex blanks and line ends between digits mean nothing
   * @return what is read of the bytes
   */
  public static <T> T holds(Coder<T> coder, T value, String hex) throws IOException {
    isHex(encoded(coder, value), hex);
    InputStream in = new ByteArrayInputStream(bytes(hex));
    T read = coder.decode(in);
    assertThat(in.read()).as("the value ends where its bytes do").isEqualTo(-1);
    isHex(encoded(coder, read), hex);
    return read;
  }

  private static <T> byte[] encoded(Coder<T> coder, T value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coder.encode(value, out);
    return out.toByteArray();
  }

  /** They have the same content, in arrays and lists, too; NaN is NaN. */
  public static void same(Object actual, Object expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(expected);
  }

  /** The bytes are these, as they are in {@link #holds}. */
  public static void isHex(byte[] actual, String hex) {
    assertThat(HexFormat.of().formatHex(actual)).isEqualTo(hex.replaceAll("\\s", ""));
  }

  public static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }
}
