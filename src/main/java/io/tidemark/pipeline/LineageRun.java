package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.format.ShownPath;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.lineage.Dataset;
import io.tidemark.lineage.RunEvent;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.ReleaseInfo;

/**
 * What lineage knows of a model's run before it begins.
 *
 * @param run its id, the same when it is repeated
 * @param engine the runner
 * @param streaming without end
 * @param from first event time, microseconds since the epoch; {@link Long#MIN_VALUE}: all
 * @param to last event time, exclusive; {@link Long#MAX_VALUE}: all
 * @param outputs folders that it writes to, of tables
 */
public record LineageRun(
    String model,
    UUID run,
    Places places,
    String baselines,
    String engine,
    boolean streaming,
    long from,
    long to,
    List<String> outputs)
    implements Serializable {

  /**
   * What the command line names.
   *
   * @param labels null: none
   * @param augmented null: none
   */
  public record Places(
      String events, String labels, String augmented, String baseline, String output)
      implements Serializable {

    /** Those of a model, as they may be shown. */
    private Places of(MonitoringSpec spec, Redaction redaction) {
      return new Places(
          shown("--events", events, spec, redaction),
          labels == null || spec.labels() == null
              ? null
              : shown("--labels", labels, spec, redaction),
          augmented == null || spec.snapshot() == null
              ? null
              : shown("--augmented", augmented, spec, redaction),
          baseline,
          output);
    }

    private static String shown(
        String option, String uri, MonitoringSpec spec, Redaction redaction) {
      String own = uri.replace(EventFiles.MODEL, spec.model());
      return KafkaTopic.isOne(own)
          ? KafkaTopic.of(option, own).shown()
          : ShownPath.of(own, redaction);
    }
  }

  /** A run that ends. */
  static LineageRun of(ModelRun model, Places asked, PipelineOptions options) {
    List<String> identity = new ArrayList<>();
    long from = model.range().statistics().from();
    long to = model.range().statistics().to();
    identity.add(Long.toString(from));
    identity.add(Long.toString(to));
    identity.add(model.files().hash());
    if (model.labels() != null) {
      identity.add(model.labels().files().hash());
      identity.add(Long.toString(model.labels().asOf()));
    }
    if (model.augmented() != null) {
      identity.add("augmented " + model.augmented().hash());
    }
    return of(model.model(), asked, options, false, from, to, identity);
  }

  /** A job that follows a topic, and those that go on from its savepoints. */
  static LineageRun following(Model model, Places asked, PipelineOptions options) {
    return of(model, asked, options, true, Long.MIN_VALUE, Long.MAX_VALUE, List.of());
  }

  private static LineageRun of(
      Model model,
      Places asked,
      PipelineOptions options,
      boolean streaming,
      long from,
      long to,
      List<String> identity) {
    MonitoringSpec spec = model.spec();
    Places places = asked.of(spec, model.redaction());
    List<String> all = new ArrayList<>(identity);
    all.add(spec.model());
    all.add(spec.hash());
    all.addAll(model.baselineHashes());
    all.add(places.events());
    all.add(String.valueOf(places.labels()));
    all.add(places.output());
    all.add(streaming ? "streaming" : "batch");
    return new LineageRun(
        spec.model(),
        RunEvent.id(all),
        places,
        String.join(",", model.baselineHashes()),
        options.getRunner().getSimpleName(),
        streaming,
        from,
        to,
        outputs(spec, places.output()));
  }

  /** Those of tables that the spec makes a run write; snapshots are named one by one. */
  private static List<String> outputs(MonitoringSpec spec, String output) {
    List<String> tables = new ArrayList<>();
    tables.add(Table.STATISTICS.folder());
    tables.add(Table.FINDINGS.folder());
    if (PerformanceBranch.applies(spec)) {
      tables.add(Table.PERFORMANCE.folder());
      tables.add(Table.LABEL_COVERAGE.folder());
    }
    if (SlicesBranch.applies(spec)) {
      tables.add(Table.SLICES.folder());
    }
    if (SnapshotBranch.applies(spec) && spec.snapshot().requestsRows()) {
      tables.add(Table.ACQUISITION.folder());
    }
    if (LabelIssuesBranch.applies(spec)) {
      tables.addAll(List.of("label-issues", "review", "label-quality"));
    }
    return tables.stream()
        .map(table -> WindowFolders.folder(output, table, spec.model(), ""))
        .toList();
  }

  /** An event without what is known only of a run that has done something. */
  RunEvent event(RunEvent.Type type, WallClock clock) {
    String version = ReleaseInfo.getReleaseInfo().getVersion();
    return new RunEvent(type, WindowSpec.instant(clock.micros()), run, model)
        .engine("Apache Beam " + engine, version, streaming)
        .nominal(instant(from, Long.MIN_VALUE), instant(to, Long.MAX_VALUE));
  }

  private static Instant instant(long time, long none) {
    return time == none ? null : WindowSpec.instant(time);
  }

  Dataset events() {
    return Dataset.matching(places.events());
  }

  /** Null where there are none. */
  Dataset labels() {
    return places.labels() == null ? null : Dataset.matching(places.labels());
  }

  /** These, and what the run compares them with. */
  List<Dataset> inputs(Dataset events, Dataset labels) {
    List<Dataset> inputs = new ArrayList<>();
    inputs.add(events);
    if (labels != null) {
      inputs.add(labels);
    }
    if (places.augmented() != null) {
      inputs.add(Dataset.matching(places.augmented()));
    }
    inputs.add(Dataset.matching(places.baseline()).version(baselines));
    return inputs;
  }

  /**
   * Tables, and the snapshots that were published.
   *
   * @param manifests their paths
   */
  List<Dataset> outputs(List<String> manifests) throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    outputs.forEach(folder -> datasets.add(Dataset.at(folder)));
    for (String path : manifests) {
      var file = OutputFiles.read(path);
      if (file.isPresent()) { // else it was deleted meanwhile
        datasets.add(SnapshotDataset.of(path, file.get()));
      }
    }
    return datasets;
  }
}
