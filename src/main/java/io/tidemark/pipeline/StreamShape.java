package io.tidemark.pipeline;

import io.tidemark.ingest.topic.StateShape;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.ShapeHash;
import io.tidemark.snapshot.PoolSettings;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the state of a model that is followed depends on. Whatever only judges is not in it, so that
 * thresholds, presets and the like may change.
 */
public final class StreamShape {
  private final TreeMap<String, String> parts = new TreeMap<>();

  private StreamShape() {}

  /**
   * @param labels whether a topic of labels is joined
   */
  public static StateShape of(Model model, boolean labels) {
    StreamShape shape = new StreamShape();
    shape.events(model.spec());
    shape.windows(model.spec());
    shape.labels(model.spec(), labels);
    shape.slices(model.spec(), labels);
    shape.labelIssues(model.spec(), labels);
    shape.snapshot(model);
    shape.baselines(model);
    return new StateShape(shape.parts);
  }

  private void put(String name, Object value) {
    parts.put(name, value == null ? "none" : String.valueOf(value));
  }

  private void events(MonitoringSpec spec) {
    EventsSpec events = spec.events();
    put("task", spec.task().name().toLowerCase(java.util.Locale.ROOT));
    put("events.id", events.id());
    put("events.deduplicate", events.deduplicate());
    put("events.time", events.time());
    put("events.timezone", events.zone());
    put("events.model_version", events.modelVersion());
    put("events.label", events.label());
    put("events.prediction.positive", events.prediction().positive());
    for (Field field : spec.fields()) {
      boolean feature = field.role() == Field.Role.FEATURE;
      String type = field.numeric() ? "numeric" : "categorical";
      put(
          feature ? "features." + field.name() : field.name(),
          field.path().equals(field.name()) ? type : type + " of " + field.path());
    }
    put("segments", spec.segments());
    put(StateShape.ORDER, String.join(", ", spec.features().stream().map(Field::name).toList()));
  }

  private static String spelled(Duration duration) {
    boolean days = duration.toDays() > 0 && duration.equals(Duration.ofDays(duration.toDays()));
    return days ? "P" + duration.toDays() + "D" : duration.toString();
  }

  private void windows(MonitoringSpec spec) {
    WindowSpec window = spec.window();
    put("window.size", window.size());
    put("window.origin", window.origin());
    put("window.timezone", window.zone());
    put("window.allowed_lateness", spelled(window.allowedLateness()));
    put("window.horizons", spec.horizons().stream().map(WindowSpec::size).toList());
  }

  private void labels(MonitoringSpec spec, boolean given) {
    put("--labels", given ? "a topic" : "none");
    LabelsSpec labels = spec.labels();
    if (given && labels != null) {
      put("labels.id", labels.id());
      put("labels.value", labels.value());
      put("labels.time", labels.time());
      put("labels.source", labels.source());
      put("labels.horizon", spelled(labels.horizon()));
      put("labels.trusted", new TreeSet<>(labels.trusted()));
      put(
          "labels.trusted_horizon",
          labels.trustedHorizon() == null ? "none" : spelled(labels.trustedHorizon()));
    }
  }

  private void slices(MonitoringSpec spec, boolean labels) {
    boolean on = SlicesBranch.applies(spec) && (spec.events().label() != null || labels);
    put("slices", on ? "on" : "off");
    if (on) {
      List<String> features = spec.slices().features();
      put("slices.features", features.isEmpty() ? "all" : new TreeSet<>(features));
    }
  }

  private void labelIssues(MonitoringSpec spec, boolean labels) {
    boolean judged = LabelIssuesBranch.applies(spec) && (spec.events().label() != null || labels);
    put("label_issues", judged ? "on" : "off");
    if (judged) {
      // Which rows are kept as doubtful; other filters choose among the same ones.
      boolean byConfidence = spec.labelIssues().filter() == LabelFilter.LOW_SELF_CONFIDENCE;
      put("label_issues.filter", byConfidence ? "low_self_confidence" : "by margin");
    }
  }

  private void snapshot(Model model) {
    SnapshotSpec snapshot = model.spec().snapshot();
    put("snapshot", snapshot == null ? "off" : "on");
    if (snapshot != null) {
      put("snapshot.period", snapshot.period().size());
      put("snapshot.rows", snapshot.rows());
      put("snapshot.seed", snapshot.seed());
      put("snapshot.reasons", PoolSettings.kept(snapshot));
      put("snapshot.columns", snapshot.columns());
      put("snapshot.mask", new TreeSet<>(snapshot.mask()));
      put("snapshot.exclude", new TreeSet<>(snapshot.exclude()));
      put("--mask-key", snapshot.mask().isEmpty() ? "none" : model.redaction().keyName());
    }
  }

  private void baselines(Model model) {
    ProfileLayouts layouts = model.layouts();
    TreeSet<String> versions = new TreeSet<>();
    for (Baseline baseline : model.baselines().all()) {
      String version = baseline.version();
      versions.add(version.isEmpty() ? "all" : version);
      String of = version.isEmpty() ? "baseline" : "baseline of version " + version;
      ProfileLayout layout = layouts.of(model.spec().model(), version);
      for (int i = 0; i < layout.fields(); i++) {
        Field field = layout.layout().fields().get(i);
        String what = field.numeric() ? ": cut points of " : ": known values of ";
        put(of + what + field.name(), ShapeHash.of(layout, i));
      }
      if (baseline.performance() != null) {
        put(of + ": what it knows of labels", ShapeHash.of(baseline.performance().model()));
      }
    }
    put("baseline: model versions", versions);
  }

  /** The file that says what the state of a job that writes to an output depends on. */
  private static String path(String output, String model) {
    return OutputFiles.path(output, "jobs", OutputFiles.segment(model) + ".json");
  }

  public static void write(String output, TreeMap<String, StateShape> byModel) throws IOException {
    for (var each : byModel.entrySet()) {
      byte[] json = each.getValue().json().getBytes(StandardCharsets.UTF_8);
      OutputFiles.write(path(output, each.getKey()), json);
    }
  }

  /**
   * Compares with the job that wrote to the output before.
   *
   * @throws UsageException if a savepoint of that job cannot be gone on from
   */
  public static void check(String output, String model, StateShape now) throws IOException {
    String path = path(output, model);
    Optional<byte[]> file = OutputFiles.read(path);
    if (file.isEmpty()) {
      return;
    }
    StateShape before = StateShape.ofJson(new String(file.get(), StandardCharsets.UTF_8));
    if (before == null) {
      throw new UsageException(
          path
              + ": is damaged, its content is not what was written; delete it: the savepoint is"
              + " compared with the settings all the same, once the job begins");
    }
    String differences = before.differences(now);
    if (differences != null) {
      throw new UsageException(
          StateShape.refusal(model, differences)
              + " (the settings are in "
              + path
              + ": delete it if the savepoint is of another job)");
    }
  }
}
