package io.tidemark;

import java.util.HexFormat;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/** Tells contents of files apart, where many are compared. */
public final class Content {
  private Content() {}

  /**
   * Length and two checksums: of contents that differ they are the same by a chance of one in
   * 2<sup>50</sup>. A digest that nobody can forge takes a tenth of the tests' time where code is
   * compiled by the first compiler alone.
   */
  public static String of(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    Adler32 adler = new Adler32();
    adler.update(bytes);
    HexFormat hex = HexFormat.of();
    return bytes.length
        + "-"
        + hex.toHexDigits((int) crc.getValue())
        + hex.toHexDigits((int) adler.getValue());
  }
}
