package io.tidemark.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names for content: the first 16 hexadecimal digits of its SHA-256. */
public final class ContentHash {
  private static final Pattern NAMED = Pattern.compile(".*-([0-9a-f]{16})\\.[a-z]+");

  private static final int DIGITS = 16;

  private ContentHash() {}

  /** Whether content is what a file's name says; true where the name does not say. */
  public static boolean holds(String path, byte[] content) {
    Matcher named = NAMED.matcher(path.substring(path.lastIndexOf('/') + 1));
    if (!named.matches()) {
      return true;
    }
    boolean sealed = WholeDigest.digits(content).isPresent() && WholeDigest.holds(content);
    return (sealed && named.group(1).equals(named(content)))
        || named.group(1).equals(of(content)); // as all were named once
  }

  /**
   * What a file's name says of its content. A file that holds a digest of itself is named by that:
   * the same bytes are not hashed again.
   */
  static String named(byte[] content) {
    return WholeDigest.digits(content)
        .map(own -> own.substring(0, DIGITS))
        .orElseGet(() -> of(content));
  }

  public static String of(byte[] content) {
    return sha256(content).substring(0, DIGITS);
  }

  /** All 64 digits. */
  public static String sha256(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
