package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a stage keeps of windows below the output, from which later runs complete a period that
 * reaches beyond their own windows. What does not fit the run is passed over: another spec or
 * baseline, another version of the form, another mask key, damage.
 *
 * @param period that windows are completed to
 */
public record StoredWindows<P extends WindowPart<P, N>, N>(
    Form<P> form, MonitoringSpec spec, WindowSpec period, Redaction redaction, String output)
    implements Serializable {

  private static final int VERSION = 1;
  private static final int STATE_VERSION = 1;

  /** How a part is stored. */
  public interface Form<P> extends Serializable {
    /** The folder of all windows. */
    String table();

    /** Of the records: with the fields of {@code schemas/candidates.avsc}. */
    Class<? extends SpecificRecord> type();

    /** Names all that a version's parts depend on besides the rows. */
    String fits(String version);

    byte[] encode(P part);

    /** May fail in any way where the bytes are not what {@link #encode} has made. */
    P decode(String version, byte[] state, boolean complete) throws IOException;
  }

  /**
   * Whether windows may be kept: not where the spec hides columns and there is no key to seal rows
   * with.
   */
  public static boolean allowed(Redaction redaction) {
    return redaction.canSeal() || !redaction.any();
  }

  /**
   * Whether something of what the spec hides is among its fields, ids and labels; or, of rows
   * without ids, in what names them: the hash of all of their columns.
   */
  public static boolean hidesDeclared(MonitoringSpec spec, Redaction redaction) {
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.add(spec.events().label());
    columns.add(spec.events().id());
    if (spec.labels() != null) {
      columns.add(spec.labels().id());
      columns.add(spec.labels().value());
    }
    return redaction.any()
        && (spec.events().id() == null
            || spec.fields().stream().anyMatch(redaction::hides)
            || columns.stream().anyMatch(each -> each != null && redaction.hides(each)));
  }

  /** What is kept of a period's windows and fits. */
  public TreeMap<WindowKey, P> read(long periodStart) throws IOException {
    TreeMap<WindowKey, P> kept = new TreeMap<>();
    if (!allowed(redaction)) {
      return kept;
    }
    String folder = WindowFolders.folder(output, form.table(), spec.model(), "");
    String from = "window=" + WindowFolders.name(periodStart);
    String to = "window=" + WindowFolders.name(period.endOf(periodStart));
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
  private TreeMap<WindowKey, P> window(long start) throws IOException {
    TreeMap<WindowKey, P> kept = new TreeMap<>();
    if (allowed(redaction)) {
      String folder = WindowFolders.folder(output, form.table(), spec.model(), start);
      for (String path : OutputFiles.list(OutputFiles.path(folder, "*.avro"))) {
        read(path, kept);
      }
    }
    return kept;
  }

  private void read(String path, TreeMap<WindowKey, P> kept) throws IOException {
    for (SpecificRecord record : records(path)) {
      StoredWindow stored = StoredWindow.of(record);
      part(stored).ifPresent(fits -> keep(kept, stored.key(), fits));
    }
  }

  /** A run that died may have left two files of a window: what knows more is the later one. */
  private static <P extends WindowPart<P, ?>> void keep(
      TreeMap<WindowKey, P> kept, WindowKey key, P one) {
    P other = kept.get(key);
    boolean more =
        other == null
            || one.held().rows() > other.held().rows()
            || (one.held().rows() == other.held().rows()
                && one.held().labelled() > other.held().labelled());
    if (more) {
      kept.put(key, one);
    }
  }

  private List<? extends SpecificRecord> records(String path) throws IOException {
    Optional<byte[]> file = OutputFiles.read(path);
    try {
      return file.isEmpty() ? List.of() : AvroFiles.read(file.get(), form.type());
    } catch (IOException e) {
      return List.of(); // damaged
    }
  }

  private Optional<P> part(StoredWindow stored) {
    WindowKey key = stored.key();
    boolean fits =
        stored.version() == VERSION
            && stored.stateVersion() == STATE_VERSION
            && key.model().equals(spec.model())
            && spec.window().startOf(key.start()) == key.start()
            && stored.end() == spec.window().endOf(key.start())
            && stored.fits().equals(form.fits(key.version()))
            && stored.sealed() == redaction.any();
    if (!fits) {
      return Optional.empty();
    }
    byte[] bytes = stored.state();
    Optional<byte[]> state = redaction.any() ? redaction.open(bytes) : Optional.of(bytes);
    return state.flatMap(open -> decode(key.version(), open, stored.complete()));
  }

  private Optional<P> decode(String version, byte[] state, boolean complete) {
    try {
      return Optional.of(form.decode(version, state, complete));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // a hash of what it depends on does not vouch for the bytes
    }
  }

  /** Keeps windows for later runs; those that are kept as they are stay untouched. */
  public void write(SortedMap<WindowKey, P> windows) throws IOException {
    if (!allowed(redaction)) {
      return;
    }
    TreeMap<Long, List<SpecificRecord>> byWindow = new TreeMap<>();
    for (Map.Entry<WindowKey, P> each : windows.entrySet()) {
      byWindow
          .computeIfAbsent(each.getKey().start(), start -> new ArrayList<>())
          .add(store(each.getKey(), each.getValue()).record(form.type()));
    }
    Schema schema = SpecificData.get().getSchema(form.type());
    for (Map.Entry<Long, List<SpecificRecord>> window : byWindow.entrySet()) {
      byte[] file = AvroFiles.bytes(schema, window.getValue());
      String folder = WindowFolders.folder(output, form.table(), spec.model(), window.getKey());
      WindowFolders.replace(folder, "part", file, "avro");
    }
  }

  /**
   * Keeps a stream's windows for later runs as they close: their period may end when the stream
   * does not follow the topic any more.
   *
   * @param own the windows that have closed
   * @param judged the latest that other stages have found in windows, and whether they are whole;
   *     by then their rows may have gone with their period
   */
  public void keep(
      TreeMap<WindowKey, P> own, SortedMap<WindowKey, WindowRevision<N>> judged, Reach asked)
      throws IOException {
    TreeSet<Long> starts = new TreeSet<>();
    judged.keySet().forEach(key -> starts.add(key.start()));
    own.keySet().forEach(key -> starts.add(key.start()));
    TreeMap<WindowKey, P> before = new TreeMap<>();
    for (long start : starts) {
      before.putAll(window(start));
    }
    judged.forEach(
        (key, revision) -> {
          P there = before.get(key);
          if (!own.containsKey(key)
              && there != null
              && there.held().rows() == revision.revision()) {
            own.put(key, there.with(revision.content(), there.complete() || revision.complete()));
          }
        });
    write(new CompletePeriod(spec.window(), asked, asked).complete(own, before));
  }

  private StoredWindow store(WindowKey key, P part) {
    byte[] state = form.encode(part);
    return new StoredWindow(
        VERSION,
        new WindowKey(spec.model(), key.version(), key.start()),
        spec.window().endOf(key.start()),
        part.complete(),
        part.held(),
        form.fits(key.version()),
        redaction.any(),
        STATE_VERSION,
        redaction.any() ? redaction.seal(state) : state);
  }
}
