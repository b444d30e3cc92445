package io.tidemark.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What shows a command's messages. */
public final class Terminal {
  /** Where a process's standard error goes, on systems that tell. */
  private static final Path ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether a person watches standard error on something that can go back in a line. */
  public static boolean isLive() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM")) && !redirected(ERROR);
  }

  /** Whether what is written there goes to a file or another program. */
  static boolean redirected(Path descriptor) {
    try {
      String to = Files.readSymbolicLink(descriptor).toString();
      return !to.startsWith("/dev/pts/")
          && !to.startsWith("/dev/tty")
          && !to.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no such system
    }
  }
}
