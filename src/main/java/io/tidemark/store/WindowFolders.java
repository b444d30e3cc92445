package io.tidemark.store;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a table keeps a window's rows: {@code table/model=M/window=YYYYMMDDTHHMMSSZ/}; those of a
 * longer horizon in {@code table/model=M/horizon=P7D/window=.../}. Tables of periods have folders
 * {@code period=...} instead, see {@link Table}.
 */
public final class WindowFolders {
  static final String WINDOW = "window";

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private WindowFolders() {}

  /** A time as part of a path. */
  public static String name(long micros) {
    return NAME.format(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)));
  }

  /**
   * The time that a part of a path names, microseconds since the epoch.
   *
   * @throws java.time.format.DateTimeParseException where it names none
   */
  public static long time(String name) {
    return NAME.parse(name, Instant::from).getEpochSecond() * 1_000_000L;
  }

  public static String folder(String output, String table, String model, long windowStart) {
    return folder(output, table, model, "", windowStart);
  }

  /**
   * @param horizon the horizon's size, or "" for the windows themselves
   */
  public static String folder(
      String output, String table, String model, String horizon, long windowStart) {
    return OutputFiles.path(
        folder(output, table, model, horizon), WINDOW + "=" + name(windowStart));
  }

  /** The folder of all windows. */
  public static String folder(String output, String table, String model, String horizon) {
    String folder = OutputFiles.path(output, table, "model=" + OutputFiles.segment(model));
    return horizon.isEmpty() ? folder : OutputFiles.path(folder, "horizon=" + horizon);
  }

  /** The files of a window's folder, in the order of their names; none where it was not written. */
  public static List<byte[]> read(String folder, String extension) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String path : OutputFiles.list(OutputFiles.path(folder, "*." + extension))) {
      OutputFiles.read(path).ifPresent(files::add);
    }
    return files;
  }

  /**
   * The files of a table's windows that are not what their names say, sorted.
   *
   * @param from start of the first window, microseconds since the epoch
   * @param to behind the last
   */
  public static List<String> damaged(
      String output, String table, String model, String extension, long from, long to)
      throws IOException {
    String first = "window=" + name(from);
    String end = "window=" + name(to);
    List<String> damaged = new ArrayList<>();
    String all = OutputFiles.path(folder(output, table, model, ""), "window=*", "*." + extension);
    for (String path : OutputFiles.list(all)) {
      String[] parts = path.split("/");
      String window = parts[parts.length - 2];
      if (window.compareTo(first) >= 0 && window.compareTo(end) < 0) {
        Optional<byte[]> file = OutputFiles.read(path);
        if (file.isPresent() && !ContentHash.holds(path, file.get())) { // else it was replaced
          damaged.add(path);
        }
      }
    }
    return damaged;
  }

  /**
   * Makes a file the only one of a folder whose name begins so. It is named by its content and put
   * in place before the others go, so that a reader meets the old rows, both, or the new ones,
   * never none; and where it is there already, nothing is touched. What a run that died was writing
   * goes as well. Files that begin otherwise belong to others.
   */
  public static void replace(String folder, String prefix, byte[] content, String extension)
      throws IOException {
    String name = prefix + "-" + ContentHash.named(content) + "." + extension;
    String path = OutputFiles.path(folder, name);
    List<String> others = new ArrayList<>();
    for (String present : OutputFiles.list(OutputFiles.path(folder, "*"))) {
      String file = present.substring(present.lastIndexOf('/') + 1);
      boolean ours =
          (file.startsWith(prefix + "-") && file.endsWith("." + extension))
              || (OutputFiles.isTemporary(file) && file.contains("-" + prefix + "-"));
      if (ours && !file.equals(name)) {
        others.add(present);
      }
    }
    OutputFiles.write(path, content);
    if (!others.isEmpty()) {
      OutputFiles.delete(others);
    }
  }
}
