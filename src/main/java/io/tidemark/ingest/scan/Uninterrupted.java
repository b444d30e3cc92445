package io.tidemark.ingest.scan;

/**
 * Closes clients on threads that may be interrupted. A cluster interrupts the tasks of a job that
 * it cancels or starts again, and a client that is interrupted leaves before its own thread has
 * ended; that thread then goes on while the job's classes are taken away, and fails for want of
 * them.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs it as if nobody had interrupted the thread, which stays interrupted if it was. */
  public static void run(Runnable closing) {
    boolean interrupted = Thread.interrupted();
    try {
      closing.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
