package io.tidemark.event;

import io.tidemark.stats.Hash128;

/** Hashes of model versions, where the next row mostly has the one before's. For one thread. */
public final class VersionHash {
  private String version = "";
  private Hash128 hash = RowHash.ofVersion(version);

  /** See {@link RowHash#ofVersion}. */
  public Hash128 of(String next) {
    if (!version.equals(next)) {
      version = next;
      hash = RowHash.ofVersion(next);
    }
    return hash;
  }
}
