package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.CompletePeriod;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.Reach;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownFile;
import io.tidemark.profile.SourceNames;
import io.tidemark.profile.WindowPart;
import io.tidemark.schema.AcquisitionRequest;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import io.tidemark.store.ContentHash;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;

/**
 * Chooses the rows of a period and puts its files in place, unseen yet: the first phase of a
 * commit. Windows of the period that earlier runs have read are completed from what they left.
 *
 * @param baselines hash of the baseline of each model version, and of the others under "", that
 *     drift was found against
 * @param asked which windows the run can speak for
 * @param augmented whether rows were given that were made or collected on request
 */
record PrepareSnapshot(
    MonitoringSpec spec,
    Broadcast<Fleet<PoolSettings>> pools,
    Redaction redaction,
    TreeMap<String, String> baselines,
    String output,
    Reach asked,
    boolean augmented)
    implements PeriodStage<List<DriftedField>, KV<WindowKey, PrepareSnapshot.Prepared>> {

  /** Rows that a part has at most, about. */
  private static final int PART_ROWS = 50_000;

  /**
   * What became of a period.
   *
   * @param manifest name of the one to publish; null: none
   * @param refusal why the snapshot that is there stays as it is; null: it does not
   * @param requests what is to be labelled, collected or made, by model version
   */
  record Prepared(
      String manifest, String refusal, List<WindowRevision<List<AcquisitionRequest>>> requests) {
    static final Prepared NOTHING = new Prepared(null, null, List.of());

    /** The coder of what is asked for. */
    static WindowRevision.RevisionCoder<List<AcquisitionRequest>> requestsCoder() {
      return WindowRevision.coder(ListCoder.of(RecordCoder.of(AcquisitionRequest.class)));
    }

    /** Manifest, refusal, requests. */
    static final class PreparedCoder extends StatelessCoder<Prepared> {
      private static final long serialVersionUID = 1;
      private static final NullableCoder<String> TEXT = NullableCoder.of(StringUtf8Coder.of());
      private static final ListCoder<WindowRevision<List<AcquisitionRequest>>> REQUESTS =
          ListCoder.of(requestsCoder());

      @Override
      public void encode(Prepared prepared, OutputStream out) throws IOException {
        TEXT.encode(prepared.manifest, out);
        TEXT.encode(prepared.refusal, out);
        REQUESTS.encode(prepared.requests, out);
      }

      @Override
      public Prepared decode(InputStream in) throws IOException {
        return new Prepared(TEXT.decode(in), TEXT.decode(in), REQUESTS.decode(in));
      }
    }
  }

  @Override
  public WindowSpec window() {
    return spec.window();
  }

  @Override
  public WindowSpec period() {
    return spec.snapshot().period();
  }

  @Override
  public List<KV<WindowKey, Prepared>> close(
      WindowKey period,
      Iterable<KV<WindowKey, byte[]>> states,
      SortedMap<WindowKey, WindowRevision<List<DriftedField>>> judged,
      Set<WindowKey> whole,
      List<byte[]> told,
      Reach reach)
      throws IOException {
    PeriodGrounds grounds = PeriodGrounds.of(told);
    return List.of(
        KV.of(period, prepare(period.start(), states, drifted(judged), whole, grounds, reach)));
  }

  private static List<DriftedField> drifted(
      SortedMap<WindowKey, WindowRevision<List<DriftedField>>> judged) {
    return judged.values().stream().flatMap(each -> each.content().stream()).toList();
  }

  /**
   * @param period its start, microseconds since the epoch
   * @param packed candidate rows by window, in any order and number of pieces
   * @param drifted what rang in the period
   * @param whole windows that are known to be, though the run's reach does not say so
   * @param grounds what was found in the period as a whole
   * @param reach the windows that the run can speak for, now that it has read
   */
  Prepared prepare(
      long period,
      Iterable<KV<WindowKey, byte[]>> packed,
      List<DriftedField> drifted,
      Set<WindowKey> whole,
      PeriodGrounds grounds,
      Reach reach)
      throws IOException {
    TreeMap<WindowKey, WindowCandidates> own = own(packed, drifted, whole);
    if (own.isEmpty() && grounds.isNone()) {
      return Prepared.NOTHING; // nothing happened, so there is nothing to learn
    }
    StoredPools stored = stored();
    CompletePeriod complete = new CompletePeriod(spec.window(), asked, reach);
    TreeMap<WindowKey, WindowCandidates> windows = complete.complete(own, stored.read(period));
    if (windows.isEmpty()) {
      return Prepared.NOTHING;
    }
    CommitSnapshot commit = new CommitSnapshot(output, spec.model(), period);
    PublishedWindows published = PublishedWindows.of(commit.published());
    Optional<String> refusal = published.refusal(spec, period, augmented, complete, windows);
    if (refusal.isPresent()) {
      return new Prepared(null, refusal.get(), List.of());
    }
    stored.write(windows);
    return prepare(period, windows, grounds, commit);
  }

  private StoredPools stored() {
    return new StoredPools(spec, pools, baselines, redaction, output);
  }

  @Override
  public void keep(
      Iterable<KV<WindowKey, byte[]>> packed,
      SortedMap<WindowKey, WindowRevision<List<DriftedField>>> judged)
      throws IOException {
    Set<WindowKey> whole = new TreeSet<>();
    judged.forEach(
        (key, revision) -> {
          if (revision.complete()) {
            whole.add(key);
          }
        });
    stored().keep(own(packed, drifted(judged), whole), judged, asked);
  }

  private TreeMap<WindowKey, WindowCandidates> own(
      Iterable<KV<WindowKey, byte[]>> packed, List<DriftedField> drifted, Set<WindowKey> whole)
      throws IOException {
    StratifiedSampleCoder coder = new StratifiedSampleCoder(pools);
    TreeMap<WindowKey, StratifiedSample> merged = new TreeMap<>();
    for (KV<WindowKey, byte[]> each : packed) {
      StratifiedSample pool = MergeStates.unpack(coder, each.getValue());
      merged.merge(each.getKey(), pool, StratifiedSample::merge);
    }
    TreeMap<WindowKey, List<DriftedField>> reasons = new TreeMap<>();
    for (DriftedField field : drifted) {
      reasons.computeIfAbsent(field.window(), any -> new ArrayList<>()).add(field);
    }
    TreeMap<WindowKey, WindowCandidates> own = new TreeMap<>();
    merged.forEach(
        (key, pool) ->
            own.put(
                key,
                new WindowCandidates(
                    pool, reasons.getOrDefault(key, List.of()), whole.contains(key))));
    return own;
  }

  private Prepared prepare(
      long period,
      TreeMap<WindowKey, WindowCandidates> windows,
      PeriodGrounds grounds,
      CommitSnapshot commit)
      throws IOException {
    TreeMap<WindowKey, StratifiedSample> byWindow = new TreeMap<>();
    List<DriftedField> drifted = new ArrayList<>();
    windows.forEach(
        (key, window) -> {
          byWindow.put(key, window.pool());
          drifted.addAll(window.drifted());
        });
    EventLabels labels = EventLabels.of(spec);
    SelectRows.Selection selection = SelectRows.of(spec, byWindow, drifted, grounds);
    ShownColumns<SnapshotRow> columns =
        SnapshotColumns.of(spec, redaction, augmented).withoutPersonal(selection.rows());
    List<CommitSnapshot.Part> parts = new ArrayList<>();
    List<Manifest.FileEntry> files = new ArrayList<>();
    List<List<SnapshotRow>> shards = shards(selection.rows());
    for (int shard = 0; shard < shards.size(); shard++) {
      byte[] content = ShownFile.parquet("snapshot", columns, shards.get(shard));
      String name =
          String.format(Locale.ROOT, "part-%05d-%s.parquet", shard, ContentHash.of(content));
      parts.add(new CommitSnapshot.Part(name, content));
      files.add(Manifest.FileEntry.of(name, shards.get(shard).size(), content));
    }
    Manifest manifest =
        new Manifest(
                spec,
                new TreeSet<>(baselines.values()),
                period,
                WindowPart.byWindow(windows),
                columns,
                labels,
                files,
                selection)
            .with(ErrorShare.of(spec, pools.get().of(spec.model()), selection.chosen()))
            .with(new AgreementShown(grounds.agreement(), new SourceNames(spec, redaction)));
    if (augmented) {
      manifest = manifest.with(selection.augmented());
    }
    return new Prepared(
        commit.prepare(parts, manifest),
        null,
        spec.snapshot().requestsRows()
            ? new RequestRows(spec, pools.get().of(spec.model()), redaction, columns)
                .of(period, windows, selection.chosen(), grounds.slices(), drifted)
            : List.of());
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
