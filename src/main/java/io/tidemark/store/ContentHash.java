package io.tidemark.store;

import io.tidemark.stats.Hash128;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names for content, of 16 hexadecimal digits. */
public final class ContentHash {
  private static final Pattern NAMED = Pattern.compile(".*-([0-9a-f]{16})\\.[a-z]+");

  private static final int DIGITS = 16;

  private ContentHash() {}

  /** Whether content is what a file's name says; true where the name does not say. */
  public static boolean holds(String path, byte[] content) {
    Matcher named = NAMED.matcher(path.substring(path.lastIndexOf('/') + 1));
    if (!named.matches() || named.group(1).equals(named(content))) {
      return true;
    }
    String own = WholeDigest.digits(content).orElse("");
    return (own.startsWith(named.group(1)) && WholeDigest.holds(content))
        || named.group(1).equals(of(content)); // as files were named once
  }

  /**
   * A name for content that nobody has reason to forge, such as a file's for its own: half of a
   * {@link Hash128}, which takes a twentieth of the time.
   */
  public static String named(byte[] content) {
    return HexFormat.of().toHexDigits(Hash128.of(content).high());
  }

  /** The first 16 hexadecimal digits of the content's SHA-256. */
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
