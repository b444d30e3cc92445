package io.tidemark.ingest.topic;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Partitions of which nothing is read until a checkpoint is complete that holds what was decided of
 * them. Not thread-safe, but for {@link #complete}.
 */
final class CheckpointGate {
  private Set<Integer> held = Set.of();

  /** The number of the latest checkpoint, of the one that is waited for, and of complete ones. */
  private long taken;

  private long awaited;
  private final AtomicLong completed = new AtomicLong();

  /** Takes notice that a checkpoint is taken; its number. */
  long take() {
    return ++taken;
  }

  /**
   * Holds partitions until the latest checkpoint is complete. The same ones again go on waiting for
   * the one before, which has decided of them.
   *
   * @return whether they are others than before
   */
  boolean hold(Set<Integer> partitions) {
    if (partitions.equals(held)) {
      return false;
    }
    held = partitions;
    awaited = taken;
    return true;
  }

  /** Takes notice that a checkpoint, and with it each one before, is complete. */
  void complete(long number) {
    completed.accumulateAndGet(number, Math::max);
  }

  /** The partitions that may be read again, once; often none. */
  Set<Integer> release() {
    if (completed.get() < awaited) {
      return Set.of();
    }
    Set<Integer> released = held;
    held = Set.of();
    return released;
  }
}
