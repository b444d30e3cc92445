package io.tidemark.spec;

import io.tidemark.spec.Field.Role;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to watch of one model: a validated {@code pipelines/<model>.yaml}. Defaults are filled in.
 *
 * @param features in the order of the file
 * @param labels null: none
 * @param horizons longer windows that windows are merged to; whole multiples of the window
 * @param segments names of categorical features whose values get statistics of their own
 * @param performance null: the section is absent
 * @param slices null: turned off
 * @param labelIssues null: turned off
 * @param snapshot null: turned off
 * @param retrain null: nobody asks when to train again
 * @param hash of the spec's meaning: equal for files that differ in comments, order of keys or
 *     defaults spelled out
 */
public record MonitoringSpec(
    String model,
    Task task,
    EventsSpec events,
    List<Field> features,
    LabelsSpec labels,
    WindowSpec window,
    List<WindowSpec> horizons,
    List<String> segments,
    DriftSpec drift,
    PerformanceSpec performance,
    SlicesSpec slices,
    LabelIssuesSpec labelIssues,
    SnapshotSpec snapshot,
    RetrainSpec retrain,
    String hash)
    implements Serializable {

  /** Every monitored column, in the order of all outputs: features, prediction, label. */
  public List<Field> fields() {
    return fields(task, events, features);
  }

  static List<Field> fields(Task task, EventsSpec events, List<Field> features) {
    List<Field> fields = new ArrayList<>(features);
    PredictionSpec prediction = events.prediction();
    if (prediction.score() != null) {
      fields.add(numeric("prediction.score", prediction.score()));
    }
    prediction
        .scores()
        .forEach((name, column) -> fields.add(numeric("prediction.score." + name, column)));
    if (prediction.value() != null) {
      fields.add(numeric("prediction.value", prediction.value()));
    }
    if (prediction.label() != null) {
      fields.add(
          new Field(
              "prediction.label", prediction.label(), FieldType.CATEGORICAL, Role.PREDICTION));
    }
    if (events.label() != null) {
      FieldType type = task == Task.REGRESSION ? FieldType.NUMERIC : FieldType.CATEGORICAL;
      fields.add(new Field("label", events.label(), type, Role.LABEL));
    }
    return List.copyOf(fields);
  }

  /** The horizon of a size, if there is one. */
  public Optional<WindowSpec> horizon(String size) {
    return horizons.stream().filter(each -> each.size().equals(size)).findFirst();
  }

  /** The same of a model that is watched over other windows, and over no horizons. */
  public MonitoringSpec over(WindowSpec other) {
    return copy(other, List.of(), snapshot, hash);
  }

  /** The same with another section of snapshots. */
  public MonitoringSpec with(SnapshotSpec other) {
    return copy(window, horizons, other, hash);
  }

  /** The column of augmented rows that says which request they answer. */
  public static final String REQUEST_ID = "request_id";

  /**
   * How rows that were made or collected on request are read: as the log's, with their label in the
   * log's column of it or else in {@code label}, and behind the carried columns {@link
   * #REQUEST_ID}.
   */
  public MonitoringSpec ofAugmented() {
    EventsSpec own =
        new EventsSpec(
            events.format(),
            events.id(),
            false,
            events.time(),
            events.zone(),
            events.modelVersion(),
            events.maxBad(),
            events.prediction(),
            events.label() == null ? "label" : events.label(),
            events.where());
    return new MonitoringSpec(
        model,
        task,
        own,
        features,
        null,
        window,
        List.of(),
        segments,
        drift,
        performance,
        slices,
        labelIssues,
        snapshot.carrying(REQUEST_ID),
        retrain,
        hash);
  }

  MonitoringSpec with(String otherHash) {
    return copy(window, horizons, snapshot, otherHash);
  }

  private MonitoringSpec copy(
      WindowSpec itsWindow,
      List<WindowSpec> itsHorizons,
      SnapshotSpec itsSnapshot,
      String itsHash) {
    return new MonitoringSpec(
        model,
        task,
        events,
        features,
        labels,
        itsWindow,
        itsHorizons,
        segments,
        drift,
        performance,
        slices,
        labelIssues,
        itsSnapshot,
        retrain,
        itsHash);
  }

  /** The windows that are looked at together: those of snapshots, or each where there are none. */
  public WindowSpec period() {
    return snapshot == null ? window : snapshot.period();
  }

  /** The columns that are shown masked, under every name that they have in any output. */
  public Set<String> masked() {
    return snapshot == null ? Set.of() : hidden(snapshot.mask());
  }

  /** The same of columns that are in no output. */
  public Set<String> excluded() {
    return snapshot == null ? Set.of() : hidden(snapshot.exclude());
  }

  /** The columns that are shown although they look personal, under every name that they have. */
  public Set<String> allowedPersonal() {
    return snapshot == null ? Set.of() : hidden(snapshot.allowPersonal());
  }

  private Set<String> hidden(List<String> columns) {
    return new ColumnNames(events, labels, fields()).all(columns);
  }

  /** Whether there are labels, in the log or from a source of their own. */
  public boolean labelled() {
    return events.label() != null || labels != null;
  }

  /** The sequential detectors that watch the outcomes; they are for models with classes. */
  public List<String> detectors() {
    if (task == Task.REGRESSION) {
      return List.of();
    }
    return performance == null ? PerformanceSpec.DETECTORS : performance.detectors();
  }

  /** How often a stream writes a window's performance again, at most. */
  public Duration performanceUpdate() {
    return performance == null ? PerformanceSpec.UPDATE : performance.update();
  }

  private static Field numeric(String name, String column) {
    return new Field(name, column, FieldType.NUMERIC, Role.PREDICTION);
  }
}
