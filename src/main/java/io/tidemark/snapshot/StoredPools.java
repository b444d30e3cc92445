package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.StoredCandidates;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The windows' candidate rows below the output, from which later runs complete a period that
 * reaches beyond their own windows. What does not fit the run is passed over: another spec or
 * baseline, another version of the form, another mask key, damage.
 *
 * @param baselines hash of the baseline of each model version, and of the others under ""
 */
record StoredPools(
    MonitoringSpec spec,
    Broadcast<Fleet<PoolSettings>> pools,
    TreeMap<String, String> baselines,
    Redaction redaction,
    String output)
    implements Serializable {

  static final String TABLE = "candidates";
  private static final int VERSION = 1;
  private static final int STATE_VERSION = 1;
  private static final DriftedField.FieldCoder DRIFTED = new DriftedField.FieldCoder();

  /**
   * Whether candidates may be kept: not where the spec hides columns and there is no key to seal
   * rows with.
   */
  static boolean allowed(Redaction redaction) {
    return redaction.canSeal() || !redaction.any();
  }

  /** What is kept of a period's windows and fits. */
  TreeMap<WindowKey, WindowCandidates> read(long period) throws IOException {
    TreeMap<WindowKey, WindowCandidates> kept = new TreeMap<>();
    if (!allowed(redaction)) {
      return kept;
    }
    String folder = WindowFolders.folder(output, TABLE, spec.model(), "");
    String from = "window=" + WindowFolders.name(period);
    String to = "window=" + WindowFolders.name(spec.snapshot().period().endOf(period));
    for (String path : OutputFiles.list(OutputFiles.path(folder, "window=*", "*.avro"))) {
      String[] parts = path.split("/");
      String window = parts[parts.length - 2];
      if (window.compareTo(from) >= 0 && window.compareTo(to) < 0) {
        read(path, kept);
      }
    }
    return kept;
  }

  /** What is kept of one window and fits. */
  TreeMap<WindowKey, WindowCandidates> window(long start) throws IOException {
    TreeMap<WindowKey, WindowCandidates> kept = new TreeMap<>();
    if (allowed(redaction)) {
      String folder = WindowFolders.folder(output, TABLE, spec.model(), start);
      for (String path : OutputFiles.list(OutputFiles.path(folder, "*.avro"))) {
        read(path, kept);
      }
    }
    return kept;
  }

  private void read(String path, TreeMap<WindowKey, WindowCandidates> kept) throws IOException {
    for (StoredCandidates stored : records(path)) {
      candidates(stored).ifPresent(fits -> keep(kept, key(stored), fits));
    }
  }

  /** A run that died may have left two files of a window: what knows more is the later one. */
  private static void keep(
      TreeMap<WindowKey, WindowCandidates> kept, WindowKey key, WindowCandidates one) {
    WindowCandidates other = kept.get(key);
    boolean more =
        other == null
            || one.rows() > other.rows()
            || (one.rows() == other.rows() && one.labelled() > other.labelled());
    if (more) {
      kept.put(key, one);
    }
  }

  private static WindowKey key(StoredCandidates stored) {
    return new WindowKey(
        stored.getModel(), stored.getModelVersion(), WindowSpec.micros(stored.getWindowStart()));
  }

  private static List<StoredCandidates> records(String path) throws IOException {
    Optional<byte[]> file = OutputFiles.read(path);
    try {
      return file.isEmpty() ? List.of() : AvroFiles.read(file.get(), StoredCandidates.class);
    } catch (IOException e) {
      return List.of(); // damaged
    }
  }

  private Optional<WindowCandidates> candidates(StoredCandidates stored) {
    WindowKey key = key(stored);
    boolean fits =
        stored.getFormatVersion() == VERSION
            && stored.getStateVersion() == STATE_VERSION
            && stored.getModel().equals(spec.model())
            && spec.window().startOf(key.start()) == key.start()
            && WindowSpec.micros(stored.getWindowEnd()) == spec.window().endOf(key.start())
            && stored.getFits().equals(fits(key.version()))
            && stored.getSealed() == redaction.any();
    if (!fits) {
      return Optional.empty();
    }
    byte[] bytes = new byte[stored.getState().remaining()];
    stored.getState().duplicate().get(bytes);
    Optional<byte[]> state = redaction.any() ? redaction.open(bytes) : Optional.of(bytes);
    return state.flatMap(open -> decode(key.version(), open, stored.getComplete()));
  }

  private Optional<WindowCandidates> decode(String version, byte[] state, boolean complete) {
    PoolSettings settings = settings();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      List<DriftedField> drifted = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        drifted.add(DRIFTED.decode(in));
      }
      StratifiedSample pool =
          StratifiedSample.read(settings.strataOf(version), settings.bounds(), settings.seed(), in);
      return Optional.of(new WindowCandidates(pool, drifted, complete));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // a hash of what it depends on does not vouch for the bytes
    }
  }

  /** Keeps windows for later runs; those that are kept as they are stay untouched. */
  void write(SortedMap<WindowKey, WindowCandidates> windows) throws IOException {
    if (!allowed(redaction)) {
      return;
    }
    TreeMap<Long, List<StoredCandidates>> byWindow = new TreeMap<>();
    for (Map.Entry<WindowKey, WindowCandidates> each : windows.entrySet()) {
      byWindow
          .computeIfAbsent(each.getKey().start(), start -> new ArrayList<>())
          .add(store(each.getKey(), each.getValue()));
    }
    for (Map.Entry<Long, List<StoredCandidates>> window : byWindow.entrySet()) {
      byte[] file = AvroFiles.bytes(StoredCandidates.getClassSchema(), window.getValue());
      String folder = WindowFolders.folder(output, TABLE, spec.model(), window.getKey());
      WindowFolders.replace(folder, "part", file, "avro");
    }
  }

  private StoredCandidates store(WindowKey key, WindowCandidates candidates) {
    StoredCandidates stored = new StoredCandidates();
    stored.setFormatVersion(VERSION);
    stored.setModel(spec.model());
    stored.setModelVersion(key.version());
    stored.setWindowStart(WindowSpec.instant(key.start()));
    stored.setWindowEnd(WindowSpec.instant(spec.window().endOf(key.start())));
    stored.setComplete(candidates.complete());
    stored.setRows(candidates.rows());
    stored.setLabelled(candidates.labelled());
    stored.setFits(fits(key.version()));
    stored.setSealed(redaction.any());
    stored.setStateVersion(STATE_VERSION);
    byte[] state = encode(candidates);
    stored.setState(ByteBuffer.wrap(redaction.any() ? redaction.seal(state) : state));
    return stored;
  }

  private static byte[] encode(WindowCandidates candidates) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 13);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      List<DriftedField> drifted = new ArrayList<>(candidates.drifted());
      drifted.sort(DriftedField.ORDER);
      out.writeInt(drifted.size());
      for (DriftedField field : drifted) {
        DRIFTED.encode(field, out);
      }
      candidates.pool().write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private PoolSettings settings() {
    return pools.get().of(spec.model());
  }

  private String fits(String version) {
    String baseline = baselines.getOrDefault(version, baselines.getOrDefault("", ""));
    return PoolFit.of(spec, settings(), baseline);
  }
}
