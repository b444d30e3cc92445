package io.tidemark.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Removes files in the making and results on their way whose writers are gone. */
final class SweepTemporary {
  private SweepTemporary() {}

  /**
   * @param before milliseconds since the epoch: what was written later stays
   */
  static void below(Path output, long before) throws IOException {
    Files.walkFileTree(output, new Sweep(before));
  }

  private static final class Sweep extends SimpleFileVisitor<Path> {
    private final long before;

    Sweep(long before) {
      this.before = before;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      boolean dead =
          OutputFiles.isTemporary(file.getFileName().toString()) || handOver(file.getParent());
      if (dead && attributes.isRegularFile() && attributes.lastModifiedTime().toMillis() < before) {
        Files.deleteIfExists(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // a job on a cluster has put it in place
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (handOver(folder)) {
        try (var left = Files.newDirectoryStream(folder)) {
          if (left.iterator().hasNext()) {
            return FileVisitResult.CONTINUE;
          }
        }
        Files.deleteIfExists(folder);
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean handOver(Path folder) {
      Path name = folder.getFileName();
      return name != null && name.toString().startsWith(OutputFiles.HAND_OVER);
    }
  }
}
