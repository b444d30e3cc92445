package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.values.KV;

/**
 * Chooses the rows of a period and puts its files in place, unseen yet: the first phase of a
 * commit.
 *
 * @param baselines hashes of the baselines that drift was found against
 */
record PreparePeriod(
    MonitoringSpec spec,
    Shipped<PoolSettings> pools,
    Redaction redaction,
    TreeSet<String> baselines,
    String output)
    implements Serializable {

  /** Rows that a part has at most, about. */
  private static final int PART_ROWS = 50_000;

  /**
   * @param period its start, microseconds since the epoch
   * @param packed candidate rows by window, in any order and number of pieces
   * @param drifted what rang in the period
   * @return the name of the manifest to publish; empty where the period has no rows
   */
  Optional<String> prepare(
      long period, Iterable<KV<WindowKey, byte[]>> packed, List<DriftedField> drifted)
      throws IOException {
    RowPoolCoder coder = new RowPoolCoder(pools);
    TreeMap<WindowKey, RowPool> byWindow = new TreeMap<>();
    Set<Long> windows = new TreeSet<>();
    for (KV<WindowKey, byte[]> each : packed) {
      RowPool pool = MergeStates.unpack(coder, each.getValue());
      byWindow.merge(each.getKey(), pool, RowPool::merge);
      windows.add(each.getKey().start());
    }
    if (byWindow.isEmpty()) {
      return Optional.empty(); // nothing happened, so there is nothing to learn
    }
    EventLabels labels = EventLabels.of(spec);
    SelectRows.Selection selection = SelectRows.of(spec.snapshot(), byWindow, drifted, labels);
    SnapshotColumns columns = new SnapshotColumns(spec, redaction);
    List<CommitSnapshot.Part> parts = new ArrayList<>();
    List<Manifest.FileEntry> files = new ArrayList<>();
    List<List<SnapshotRow>> shards = shards(selection.rows());
    for (int shard = 0; shard < shards.size(); shard++) {
      byte[] content = SnapshotFile.of(columns, shards.get(shard));
      String name =
          String.format(Locale.ROOT, "part-%05d-%s.parquet", shard, ContentHash.of(content));
      parts.add(new CommitSnapshot.Part(name, content));
      files.add(new Manifest.FileEntry(name, shards.get(shard).size()));
    }
    Manifest manifest =
        new Manifest(spec, baselines, period, windows, columns, labels, files, selection);
    return Optional.of(new CommitSnapshot(output, spec.model(), period).prepare(parts, manifest));
  }

  /** By a hash of the name and a number that the spec fixes: rows stay in their parts. */
  private List<List<SnapshotRow>> shards(List<SnapshotRow> rows) {
    int count = Math.max(1, (spec.snapshot().rows() + PART_ROWS - 1) / PART_ROWS);
    List<List<SnapshotRow>> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(new ArrayList<>());
    }
    for (SnapshotRow row : rows) {
      long hash = Hash128.of(row.name().getBytes(StandardCharsets.UTF_8)).high();
      shards.get((int) Long.remainderUnsigned(hash, count)).add(row);
    }
    return shards;
  }
}
