package io.tidemark.ingest.format;

import io.tidemark.ingest.row.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * The files that a URI names. A folder stands for all files below it. What other programs leave
 * beside their data is passed over in folders and globs: hidden files and folders, {@code _SUCCESS}
 * and {@code _metadata}, checksums, files in the making. A file that is named by itself is read
 * whatever its name.
 */
public final class InputFiles {
  private static final List<String> LEFTOVERS =
      List.of(".crc", ".tmp", ".inprogress", ".partial", "._COPYING_");

  private InputFiles() {}

  /** Those of {@code --events}; see {@link #of(String, String)}. */
  public static List<MatchResult.Metadata> of(String uri) {
    return of("--events", uri);
  }

  /**
   * In the order of their paths.
   *
   * @param option that gave the URI, for messages
   * @throws InputException if there is none, or a place cannot be listed
   */
  public static List<MatchResult.Metadata> of(String option, String uri) {
    if (uri.isBlank()) {
      throw new InputException(option + ": is empty; give a path, a folder or a glob");
    }
    FileScheme.check(option, uri);
    List<MatchResult.Metadata> found;
    try {
      Path local = uri.contains("://") ? null : Path.of(uri);
      if (local != null && Files.isDirectory(local)) {
        found = below(local);
      } else if (local != null && Files.exists(local)) {
        return List.of(file(local));
      } else if (local != null && !isPattern(uri)) {
        found = List.of();
      } else {
        found = glob(uri.endsWith("/") ? uri + "**" : uri);
      }
      TableFolders.refuse(
          option, uri, found.stream().map(file -> file.resourceId().toString()).toList());
    } catch (FileNotFoundException e) {
      found = List.of();
    } catch (IOException | IllegalArgumentException e) { // a pattern may be no pattern
      String reason =
          e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse("");
      throw new InputException(uri + ": cannot be listed" + reason);
    }
    if (found.isEmpty()) {
      throw new InputException(
          uri
              + ": no such file. Give a path, a folder, or a glob in quotes such as"
              + " 'logs/*.parquet'");
    }
    List<MatchResult.Metadata> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(file -> file.resourceId().toString()));
    return sorted;
  }

  private static List<MatchResult.Metadata> below(Path folder) throws IOException {
    List<MatchResult.Metadata> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            boolean passed = !path.equals(folder) && isPassedOver(path.getFileName() + "");
            return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!isPassedOver(path.getFileName() + "")) {
              found.add(file(path));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static MatchResult.Metadata file(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      boolean broken = Files.isSymbolicLink(path) && !Files.exists(path);
      throw new InputException(
          path + (broken ? ": is a link to a file that is gone" : ": is no regular file"));
    }
    return MatchResult.Metadata.builder()
        .setResourceId(FileSystems.matchNewResource(path.toAbsolutePath().toString(), false))
        .setSizeBytes(Files.size(path))
        .setIsReadSeekEfficient(true)
        .build();
  }

  private static List<MatchResult.Metadata> glob(String pattern) throws IOException {
    List<MatchResult.Metadata> found = new ArrayList<>();
    String fixed = fixed(pattern);
    for (MatchResult.Metadata file :
        FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata()) {
      String path = file.resourceId().toString();
      String rest = path.startsWith(fixed) ? path.substring(fixed.length()) : path;
      boolean passed = false;
      for (String name : rest.split("/", -1)) {
        passed |= isPassedOver(name);
      }
      if (!passed) {
        found.add(file);
      }
    }
    return found;
  }

  /** A plain name that is not there is not to be looked for: that would list all around it. */
  private static boolean isPattern(String uri) {
    return uri.endsWith("/") || uri.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
  }

  /** The folder in front of a pattern's first special character, as matches begin. */
  private static String fixed(String pattern) {
    int special = 0;
    while (special < pattern.length() && "*?[{\\".indexOf(pattern.charAt(special)) < 0) {
      special++;
    }
    String folder = pattern.substring(0, pattern.lastIndexOf('/', special) + 1);
    try {
      return folder.contains("://") ? folder : Path.of(folder).toAbsolutePath() + "/";
    } catch (InvalidPathException e) {
      return folder;
    }
  }

  /** Hive's partition folders may begin with an underscore; they are told by their equals sign. */
  private static boolean isPassedOver(String name) {
    return name.startsWith(".")
        || (name.startsWith("_") && !name.contains("="))
        || LEFTOVERS.stream().anyMatch(name::endsWith);
  }
}
