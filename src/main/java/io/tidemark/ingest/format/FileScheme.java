package io.tidemark.ingest.format;

import io.tidemark.ingest.row.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;

/** Places as {@code s3://bucket/log}, which only a file system on the class path can reach. */
public final class FileScheme {
  private static final Pattern SCHEME =
      Pattern.compile("([a-zA-Z][-a-zA-Z0-9+.]*)://.*", Pattern.DOTALL);

  private FileScheme() {}

  /**
   * @param option that gave the place, for messages
   * @throws InputException if nothing on the class path can reach it
   */
  public static void check(String option, String uri) {
    Matcher given = SCHEME.matcher(uri);
    if (!given.matches()) {
      return;
    }
    try {
      FileSystems.matchNewResource(given.group(1) + "://place/file", false);
    } catch (IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).startsWith("No filesystem found")) {
        return; // it knows the scheme, and has its own rules
      }
      throw new InputException(
          option
              + ": "
              + given.group(1)
              + ":// needs a file system that is not on the class path; add the jar of Beam's that"
              + " reads it, or use a local or mounted folder");
    }
  }
}
