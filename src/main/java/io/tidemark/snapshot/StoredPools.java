package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.BlankColumns;
import io.tidemark.profile.Reach;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.StoredCandidates;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The windows' candidate rows below the output, from which later runs complete a period.
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
  private static final DriftedField.FieldCoder DRIFTED = new DriftedField.FieldCoder();

  /**
   * Whether candidates hold nothing that is hidden once columns that nobody is shown are blank: a
   * group's column is not blank, as splits go by it.
   */
  static boolean clear(MonitoringSpec spec, Redaction redaction) {
    String group = spec.snapshot().group();
    return BlankColumns.clear(spec, redaction) && (group == null || !redaction.hides(group));
  }

  TreeMap<WindowKey, WindowCandidates> read(long period) throws IOException {
    return windows().read(period);
  }

  void write(SortedMap<WindowKey, WindowCandidates> windows) throws IOException {
    windows().write(windows);
  }

  void keep(
      TreeMap<WindowKey, WindowCandidates> own,
      SortedMap<WindowKey, WindowRevision<List<DriftedField>>> judged,
      Reach asked)
      throws IOException {
    windows().keep(own, judged, asked);
  }

  private StoredWindows<WindowCandidates, List<DriftedField>> windows() {
    Redaction kept = clear(spec, redaction) ? Redaction.none() : redaction;
    return new StoredWindows<>(new Form(this), spec, spec.snapshot().period(), kept, output);
  }

  private String fits(String version) {
    String baseline = baselines.getOrDefault(version, baselines.getOrDefault("", ""));
    return PoolFit.of(spec, pools.get().of(spec.model()), baseline);
  }

  /** What drifted in the window, then the pool. */
  private record Form(StoredPools stored) implements StoredWindows.Form<WindowCandidates> {
    @Override
    public String table() {
      return TABLE;
    }

    @Override
    public Class<StoredCandidates> type() {
      return StoredCandidates.class;
    }

    @Override
    public String fits(String version) {
      return stored.fits(version);
    }

    @Override
    public byte[] encode(WindowCandidates candidates) {
      ByteOutput out = new ByteOutput(1 << 13);
      try {
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
      return out.toByteArray();
    }

    @Override
    public WindowCandidates decode(String version, byte[] state, boolean complete)
        throws IOException {
      PoolSettings settings = stored.pools().get().of(stored.spec().model());
      try (ByteInput in = new ByteInput(state)) {
        List<DriftedField> drifted = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
          drifted.add(DRIFTED.decode(in));
        }
        StratifiedSample pool =
            StratifiedSample.read(
                settings.strataOf(version), settings.bounds(), settings.seed(), in);
        return new WindowCandidates(pool, drifted, complete);
      }
    }
  }
}
