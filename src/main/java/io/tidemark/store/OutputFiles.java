package io.tidemark.store;

import io.tidemark.stats.Hash128;
import io.tidemark.stats.PlainText;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Whole files on any Beam file system, so written that a reader never meets half of one and that
 * writing the same again touches nothing.
 */
public final class OutputFiles {
  private OutputFiles() {}

  /** Names are at most 255 bytes on most file systems, and ours have more around them. */
  private static final int LONGEST_SEGMENT = 160;

  private static final String TEMPORARY = ".tmp";

  /** How the hidden folders begin in which a job hands over its results. */
  public static final String HAND_OVER = ".handover-";

  /**
   * A name as one part of a path: what is not safe everywhere is percent-encoded, and a name that
   * is too long ends in a hash of itself.
   */
  public static String segment(String name) {
    String safe = encoded(name);
    if (safe.length() <= LONGEST_SEGMENT) {
      return safe;
    }
    String hash = ContentHash.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return safe.substring(0, LONGEST_SEGMENT - hash.length() - 1) + "-" + hash;
  }

  private static String encoded(String name) {
    StringBuilder safe = new StringBuilder();
    for (byte b : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-'
              || (c == '.' && safe.length() > 0);
      if (plain) {
        safe.append(c);
      } else {
        safe.append('%').append(java.util.HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return safe.toString();
  }

  /** {@code folder/name}, with exactly one slash between. */
  public static String path(String folder, String... names) {
    StringBuilder path = new StringBuilder(folder);
    for (String name : names) {
      if (path.length() == 0 || path.charAt(path.length() - 1) != '/') {
        path.append('/');
      }
      path.append(name);
    }
    return path.toString();
  }

  /**
   * Puts a file in place whole: it is written beside its place under a hidden name, with an
   * extension that no reader asks for, and renamed.
   *
   * @return whether anything changed; false where the file already held these bytes
   */
  public static boolean write(String path, byte[] content) throws IOException {
    Optional<byte[]> present = read(path);
    if (present.isPresent() && Arrays.equals(present.get(), content)) {
      return false;
    }
    ResourceId target = resource(path);
    ResourceId temporary =
        target
            .getCurrentDirectory()
            .resolve(
                "." + Hash128.of(content) + "-" + target.getFilename() + TEMPORARY,
                org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions.RESOLVE_FILE);
    try {
      write(temporary, content);
      FileSystems.rename(
          List.of(temporary), List.of(target), StandardMoveOptions.IGNORE_MISSING_FILES);
    } catch (IOException e) {
      // Another worker that writes the same at the same time may have moved the temporary file.
      Optional<byte[]> meanwhile = read(path);
      if (meanwhile.isPresent() && Arrays.equals(meanwhile.get(), content)) {
        return true;
      }
      IOException failure =
          new IOException(PlainText.line(path + " cannot be written: " + e.getMessage()));
      failure.addSuppressed(e); // the last cause is what a user is told
      discard(temporary, failure);
      throw failure;
    }
    return true;
  }

  private static void write(ResourceId file, byte[] content) throws IOException {
    try (WritableByteChannel out = FileSystems.create(file, "application/octet-stream")) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }

  /** A disk that is full is not to be kept full by what did not fit. */
  private static void discard(ResourceId temporary, IOException reason) {
    try {
      FileSystems.delete(List.of(temporary), StandardMoveOptions.IGNORE_MISSING_FILES);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Whether a path is a file in the making, or what a run that died has left of one. */
  public static boolean isTemporary(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.startsWith(".") && name.endsWith(TEMPORARY);
  }

  /** The file's bytes, or empty where there is none. */
  public static Optional<byte[]> read(String path) throws IOException {
    try (InputStream in = Channels.newInputStream(FileSystems.open(resource(path)))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      in.transferTo(out);
      return Optional.of(out.toByteArray());
    } catch (FileNotFoundException | java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Paths that match a glob, sorted; empty where none does. */
  public static List<String> list(String glob) throws IOException {
    MatchResult match = FileSystems.match(List.of(glob)).get(0);
    if (match.status() == MatchResult.Status.NOT_FOUND) {
      return List.of();
    }
    List<String> paths = new ArrayList<>();
    for (MatchResult.Metadata file : match.metadata()) {
      paths.add(file.resourceId().toString());
    }
    paths.sort(Comparator.naturalOrder());
    return paths;
  }

  /**
   * Of the paths that match a glob those last written before a time, sorted; none on a file system
   * that does not say when.
   *
   * @param before milliseconds since the epoch
   */
  public static List<String> listOlder(String glob, long before) throws IOException {
    MatchResult match = FileSystems.match(List.of(glob)).get(0);
    if (match.status() == MatchResult.Status.NOT_FOUND) {
      return List.of();
    }
    List<String> paths = new ArrayList<>();
    for (MatchResult.Metadata file : match.metadata()) {
      long written = file.lastModifiedMillis();
      if (written > 0 && written < before) {
        paths.add(file.resourceId().toString());
      }
    }
    paths.sort(Comparator.naturalOrder());
    return paths;
  }

  /** Deletes files; those that are gone already do not matter. */
  public static void delete(List<String> paths) throws IOException {
    List<ResourceId> resources = new ArrayList<>();
    for (String path : paths) {
      resources.add(resource(path));
    }
    FileSystems.delete(resources, StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Removes an empty folder where the file system has such a thing; else does nothing. */
  public static void deleteFolder(String path) throws IOException {
    java.io.File folder = new java.io.File(path);
    if (!path.contains("://") && folder.isDirectory()) {
      java.nio.file.Files.delete(folder.toPath());
    }
  }

  private static ResourceId resource(String path) {
    return FileSystems.matchNewResource(path, false);
  }
}
