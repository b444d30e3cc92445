package io.tidemark.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One writer at a time for an output. The lock is the operating system's, on a hidden file in the
 * output's folder, so it is gone with the process that held it and never stale. Object stores have
 * no locks: there the scheduler must see to it.
 */
public final class OutputLock implements Closeable {
  /** The lock's file says so while no writer of an output outlives the process that started it. */
  private static final String LOCAL = "local";

  private static final String CLUSTER = "cluster";
  private static final long HOUR = 3_600_000;

  private final FileChannel channel;
  private final Path passing;

  private OutputLock(FileChannel channel, Path passing) {
    this.channel = channel;
    this.passing = passing;
  }

  /** The place cannot be written to, or somebody else writes there. */
  public static final class HeldException extends Exception {
    private static final long serialVersionUID = 1;

    HeldException(String message) {
      super(message);
    }
  }

  /** For a run that writes a folder, which is made. */
  public static OutputLock of(String output) throws IOException, HeldException {
    return remote(output)
        ? new OutputLock(null, null)
        : lock(output, Path.of(output), ".lock", false);
  }

  /**
   * Removes what runs that died have left in the making. A run in one process writes no more when
   * that has gone; a job on a cluster outlives its command, so what such an output has is removed
   * only when it is older than an hour.
   *
   * @param output that this lock is of
   * @param local whether this run's writers end with this process
   * @param now milliseconds since the epoch
   */
  public void sweep(String output, boolean local, long now) throws IOException {
    if (channel == null) {
      return; // remote
    }
    ByteBuffer held = ByteBuffer.allocate(CLUSTER.length());
    channel.read(held, 0);
    String last = new String(held.array(), 0, held.position(), StandardCharsets.US_ASCII);
    SweepTemporary.below(Path.of(output), last.equals(LOCAL) ? Long.MAX_VALUE : now - HOUR);
    String mine = local ? LOCAL : CLUSTER;
    // Once on a cluster, always: a job of then may still run.
    if (!last.equals(CLUSTER) && !last.equals(mine)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.US_ASCII)), 0);
    }
  }

  /** For a run that writes one file, whose folder is made: the lock's file goes with the run. */
  public static OutputLock beside(String output) throws IOException, HeldException {
    if (remote(output)) {
      return new OutputLock(null, null);
    }
    Path file = Path.of(output);
    if (output.endsWith("/") || Files.isDirectory(file)) {
      throw new HeldException("--output=" + output + ": is a folder; name a file in it");
    }
    Path folder = file.toAbsolutePath().getParent();
    return lock(output, folder, "." + OutputFiles.segment(file.getFileName() + "") + ".lock", true);
  }

  private static boolean remote(String output) {
    return output.contains("://");
  }

  private static OutputLock lock(String output, Path folder, String name, boolean passing)
      throws IOException, HeldException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new HeldException("--output=" + output + ": " + folder + " is a file, not a folder");
    } catch (IOException e) {
      throw new HeldException(
          "--output=" + output + ": the folder cannot be made (" + e.getMessage() + ")");
    }
    Path file = folder.resolve(name);
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new HeldException(
          "--output=" + output + ": cannot be written to (" + e.getMessage() + ")");
    }
    try {
      FileLock lock = channel.tryLock();
      // Its file may have gone with the run that held it before.
      if (lock != null && Files.exists(file)) {
        return new OutputLock(channel, passing ? file : null);
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    channel.close();
    throw new HeldException(
        "--output="
            + output
            + ": another run is writing there; wait for it or choose another place");
  }

  @Override
  public void close() throws IOException {
    if (passing != null) {
      Files.deleteIfExists(passing);
    }
    if (channel != null) {
      channel.close();
    }
  }
}
