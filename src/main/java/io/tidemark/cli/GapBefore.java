package io.tidemark.cli;

import io.tidemark.spec.WindowSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;

/** Whether days between the last run and this one were left out. */
final class GapBefore {
  private GapBefore() {}

  /**
   * @param from the run's first time, microseconds since the epoch; {@link Long#MIN_VALUE}: no
   *     bound
   * @return what to tell; "" where the window before was written, or none was before it
   */
  static String text(String output, String model, WindowSpec window, long from) throws IOException {
    if (from == Long.MIN_VALUE) {
      return "";
    }
    long first = window.startOf(from);
    String folder = WindowFolders.folder(output, Table.STATISTICS.folder(), model, "");
    long last = Long.MIN_VALUE;
    for (String path : OutputFiles.list(OutputFiles.path(folder, "window=*", "part-*"))) {
      String name = path.replaceFirst(".*/window=", "").replaceFirst("/.*", "");
      long start = WindowFolders.time(name);
      if (start < first) {
        last = Math.max(last, start);
      }
    }
    if (last == Long.MIN_VALUE || window.endOf(last) >= first) {
      return "";
    }
    return "  No window between "
        + WindowSpec.instant(window.endOf(last))
        + " and "
        + WindowSpec.instant(first)
        + " was ever written: run the monitor with these as --from and --to.";
  }
}
