package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.flow.Fleet;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Hash128;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * The baselines of a run: one for each model version that has its own, else the one without a
 * version. It travels to the workers as the files' bytes and is read there once a process.
 */
public final class Baselines implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int MOST_SHOWN = 20;

  /** A file, and the windows that its own are merged to, or null. */
  private record Content(Hash128 file, WindowSpec horizon) {}

  // By content: the steps that hold something against a baseline ask for it each on its own, and
  // a fleet has hundreds. Softly, so that it is no leak.
  private static final Map<Content, SoftReference<Baseline>> PARSED = new ConcurrentHashMap<>();

  private final List<String> paths;
  private final List<byte[]> files;
  private final WindowSpec horizon;

  private transient List<Baseline> read;

  private Baselines(List<String> paths, List<byte[]> files, WindowSpec horizon) {
    this.paths = paths;
    this.files = files;
    this.horizon = horizon;
  }

  /** The same with their windows merged to longer ones. */
  public Baselines over(WindowSpec horizon) {
    return new Baselines(paths, files, horizon);
  }

  /**
   * @param uri a baseline file, or a folder of them
   * @param model whose baselines are wanted; others of a folder are passed over
   * @throws BaselineException if there is none, or one of them cannot be read
   */
  public static Baselines read(String uri, String model) {
    return read(uri, Set.of(model)).of(model);
  }

  /**
   * Those of several models; each file is read once.
   *
   * @param wanted the models
   * @throws BaselineException if one of them has none, or one of the files cannot be read
   */
  public static Fleet<Baselines> read(String uri, Set<String> wanted) {
    List<String> paths = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    try {
      boolean folder = uri.endsWith("/") || new java.io.File(uri).isDirectory();
      String glob = folder ? uri.replaceFirst("/+$", "") + "/*.avro" : uri;
      for (MatchResult.Metadata file :
          FileSystems.match(glob, EmptyMatchTreatment.ALLOW).metadata()) {
        paths.add(file.resourceId().toString());
      }
      paths.sort(null);
      for (String path : paths) {
        files.add(
            OutputFiles.read(path)
                .orElseThrow(() -> new IOException(path + " went meanwhile; run it again")));
      }
    } catch (IOException e) {
      throw new BaselineException(uri + ": cannot be read: " + e.getMessage());
    }
    if (paths.isEmpty()) {
      throw new BaselineException(
          uri + ": no baseline there; build one with 'tidemark baseline --output=" + uri + "'");
    }
    List<Baseline> found = new Baselines(paths, files, null).all();
    TreeMap<String, List<Integer>> byModel = new TreeMap<>();
    for (int i = 0; i < paths.size(); i++) {
      byModel.computeIfAbsent(found.get(i).model(), any -> new ArrayList<>()).add(i);
    }
    TreeMap<String, Baselines> own = new TreeMap<>();
    for (String model : new TreeSet<>(wanted)) {
      List<Integer> at = byModel.getOrDefault(model, List.of());
      if (at.isEmpty()) {
        throw new BaselineException(
            uri + ": is the baseline of model " + shown(byModel.keySet()) + ", not of " + model);
      }
      Baselines baselines =
          new Baselines(
              at.stream().map(paths::get).toList(), at.stream().map(files::get).toList(), null);
      baselines.read = at.stream().map(found::get).toList();
      own.put(model, checked(uri, baselines));
    }
    return Fleet.of(own);
  }

  /** Some of many names. */
  private static String shown(Set<String> models) {
    int more = models.size() - MOST_SHOWN;
    return models.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static Baselines checked(String uri, Baselines baselines) {
    TreeSet<String> versions = new TreeSet<>();
    for (Baseline baseline : baselines.all()) {
      if (!versions.add(baseline.version())) {
        throw new BaselineException(
            uri + ": holds two baselines of model version '" + baseline.version() + "'");
      }
    }
    return baselines;
  }

  /** All of them, in the order of their paths. */
  public synchronized List<Baseline> all() {
    if (read == null) {
      List<Baseline> all = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        all.add(parsed(paths.get(i), files.get(i), horizon));
      }
      read = all;
    }
    return read;
  }

  private static Baseline parsed(String path, byte[] file, WindowSpec horizon) {
    Content content = new Content(Hash128.of(file), horizon);
    SoftReference<Baseline> known = PARSED.get(content);
    Baseline baseline = known == null ? null : known.get();
    if (baseline == null) {
      Baseline whole = horizon == null ? BaselineFormat.read(path, file) : parsed(path, file, null);
      baseline = horizon == null ? whole : whole.over(horizon);
      PARSED.put(content, new SoftReference<>(baseline));
    }
    return baseline;
  }

  public String path(int i) {
    return paths.get(i);
  }

  /** The baseline that a version's rows are compared with, or null: there is none for it. */
  public Baseline of(String version) {
    Baseline common = null;
    for (Baseline baseline : all()) {
      if (baseline.version().equals(version)) {
        return baseline;
      }
      if (baseline.version().isEmpty()) {
        common = baseline;
      }
    }
    return common;
  }

  /**
   * Over what a run counts its windows: the baselines' cut points in the order of the spec's
   * fields. A field that a baseline lacks, or a version without any baseline, has none.
   */
  public ProfileLayouts layouts(MonitoringSpec spec, int valueCapacity) {
    EventLayout events = EventLayout.of(spec);
    List<ProfileLayout> layouts = new ArrayList<>();
    TreeMap<String, Integer> byVersion = new TreeMap<>();
    int common = -1;
    for (Baseline baseline : all()) {
      byVersion.put(baseline.version(), layouts.size());
      common = baseline.version().isEmpty() ? layouts.size() : common;
      layouts.add(layout(layouts.size(), events, baseline, spec, valueCapacity));
    }
    if (common < 0) {
      common = layouts.size();
      layouts.add(layout(common, events, null, spec, valueCapacity));
    }
    return ProfileLayouts.of(spec.model(), layouts, byVersion, common);
  }

  private static ProfileLayout layout(
      int id, EventLayout events, Baseline baseline, MonitoringSpec spec, int valueCapacity) {
    List<FieldBins> fields = new ArrayList<>();
    for (Field field : events.fields()) {
      int at = baseline == null ? -1 : baseline.indexOf(field.name());
      fields.add(at < 0 ? unknown(field) : known(baseline, at, field));
    }
    List<Integer> segments = new ArrayList<>();
    for (String segment : spec.segments()) {
      int at = events.indexOf(segment);
      if (fields.get(at).dictionary().size() <= ProfileLayout.MAX_SEGMENTS_OF_A_FIELD) {
        segments.add(at);
      }
    }
    return Baseline.layout(
        spec.model(), id, events, fields, segments, valueCapacity, ProfileLayout.UNSEEN_VALUES);
  }

  private static FieldBins unknown(Field field) {
    Dictionary dictionary = field.numeric() ? null : Dictionary.of(List.of());
    return new FieldBins(field, null, null, null, dictionary, false);
  }

  /** Values that only the count over all reference rows met are known as well. */
  private static FieldBins known(Baseline baseline, int at, Field field) {
    FieldBins reference = baseline.fields().get(at);
    if (field.numeric()) {
      return reference;
    }
    TreeSet<String> values =
        new TreeSet<>(baseline.total().state(0, at).categories().unseen().counts().keySet());
    for (int code = 0; code < reference.dictionary().size(); code++) {
      values.add(reference.dictionary().value(code));
    }
    return new FieldBins(field, null, null, null, Dictionary.of(values), reference.truncated());
  }
}
