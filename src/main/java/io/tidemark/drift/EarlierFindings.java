package io.tidemark.drift;

import io.tidemark.schema.Finding;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What earlier runs under the same output have found. A window's file is read once, however many
 * series ask. Not thread-safe.
 */
final class EarlierFindings implements Serializable {
  private static final long serialVersionUID = 1;
  private final String output;
  private final String model;

  private transient Map<Long, Set<String>> exceeded;

  EarlierFindings(String output, String model) {
    this.output = output;
    this.model = model;
  }

  /** Whether a series exceeded its threshold in a window; false where nothing is stored. */
  boolean exceeded(long windowStart, String series) throws IOException {
    if (exceeded == null) {
      exceeded = new HashMap<>();
    }
    Set<String> window = exceeded.get(windowStart);
    if (window == null) {
      window = read(windowStart);
      exceeded.put(windowStart, window);
    }
    return window.contains(series);
  }

  private Set<String> read(long windowStart) throws IOException {
    Set<String> keys = new HashSet<>();
    ReadTable<Finding> findings = ReadTable.of(Table.FINDINGS, Finding.class, output, model);
    for (Finding finding : findings.window(windowStart)) {
      if (finding.getExceeded()) {
        keys.add(ComparisonKey.of(finding));
      }
    }
    return keys;
  }
}
