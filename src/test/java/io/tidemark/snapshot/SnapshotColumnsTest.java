package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.profile.ShownColumns;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which value stands in a snapshot's column. */
class SnapshotColumnsTest {
  private static MonitoringSpec spec(String task, String prediction, String label, String more) {
    return SpecReader.read(
        "test",
        """
        model: m
        task: %s
        events: {id: i, time: t, prediction: %s, label: %s}
        features: {x: numeric}
        labels: {id: i, value: outcome, time: given, horizon: P1D}
        window: {size: P1D}
        snapshot: {%s}
        """
            .formatted(task, prediction, label, more));
  }

  private static Object label(MonitoringSpec spec, InferenceEvent event) {
    ShownColumns<SnapshotRow> columns =
        SnapshotColumns.of(spec, Redaction.of(spec, new byte[] {1}), false);
    List<ShownColumns.Column<SnapshotRow>> labels =
        columns.columns().stream().filter(column -> column.name().equals("label")).toList();
    assertThat(labels).hasSize(1);
    return labels.get(0).value().of(new SnapshotRow("r", event, List.of("base"), 1, "train", null));
  }

  private static List<String> names(MonitoringSpec spec) {
    return SnapshotColumns.of(spec, Redaction.of(spec, null), false).columns().stream()
        .map(ShownColumns.Column::name)
        .toList();
  }

  @Test
  void theTruthStandsInOneColumn() {
    String prediction = "{score: s, label: g, positive: 1}";
    MonitoringSpec spec = spec("binary", prediction, "y", "rows: 10");
    assertThat(names(spec))
        .containsExactly(
            "row_id", "i", "t", "x", "label", "label_time", "reasons", "weight", "split", "slice");
    assertThat(SnapshotColumns.leftOut(spec)).containsExactly("g", "s", "y");
    // Hidden columns are named nowhere; a label that is called so is the snapshot's own.
    assertThat(SnapshotColumns.leftOut(spec("binary", prediction, "y", "exclude: [g]")))
        .containsExactly("s", "y");
    assertThat(SnapshotColumns.leftOut(spec("binary", prediction, "label", "rows: 10")))
        .containsExactly("g", "s");
  }

  @Test
  void whatIsAskedForIsThereWithItsRole() {
    String prediction = "{scores: {a: pa, b: pb}, label: g}";
    MonitoringSpec spec = spec("multiclass", prediction, "y", "columns: [note, y, pb, g]");
    assertThat(names(spec)).containsSubsequence("x", "pb", "g", "y", "note", "label");
    assertThat(names(spec)).doesNotContain("pa");
    assertThat(SnapshotColumns.leftOut(spec)).containsExactly("pa");
    assertThat(
            List.of("i", "x", "pb", "g", "y", "note", "label", "weight", "split").stream()
                .map(name -> SnapshotColumns.role(spec, name))
                .toList())
        .containsExactly(
            "id",
            "feature",
            "prediction",
            "prediction",
            "free",
            "free",
            "label",
            "weight",
            "split");
    // It is read all the same: only what is not declared is carried along.
    assertThat(spec.snapshot().columns()).containsExactly("note");
    assertThat(spec.snapshot().outcomes()).containsExactly("g", "pb", "y");
  }

  /** A feature may be read from a column that is an outcome, too: it is there because it is one. */
  @Test
  void aFeatureOfAPredictionsColumnStays() {
    MonitoringSpec spec = spec("binary", "{score: x, positive: 1}", "y", "rows: 10");
    assertThat(names(spec)).contains("x");
  }

  /** What a run keeps for later ones does not depend on which outcomes are shown. */
  @Test
  void candidatesFitWhateverOutcomesAreAskedFor() {
    String prediction = "{score: s, positive: 1}";
    MonitoringSpec without = spec("binary", prediction, "y", "columns: [note]");
    MonitoringSpec with = spec("binary", prediction, "y", "columns: [s, note, y]");
    assertThat(with.snapshot().columns()).isEqualTo(without.snapshot().columns());
    assertThat(with.hash()).isNotEqualTo(without.hash());
    assertThat(with.hash())
        .isEqualTo(spec("binary", prediction, "y", "columns: [y, note, s]").hash());
  }

  @ParameterizedTest
  @CsvSource({"label", "y"})
  void theLabelIsTheLogsOwnAndElseTheJoinedOne(String column) {
    MonitoringSpec spec = spec("binary", "{score: s, positive: 1}", column, "rows: 10");
    InferenceEvent silent =
        new InferenceEvent(
            "a", 0, "", new double[] {1, .5}, new String[] {null}, null, new String[0]);
    assertThat(label(spec, silent)).isNull();
    assertThat(label(spec, silent.withLabel("0", 5))).isEqualTo("0");
    InferenceEvent says =
        new InferenceEvent(
            "a", 0, "", new double[] {1, .5}, new String[] {"1"}, null, new String[0]);
    assertThat(label(spec, says.withLabel("0", 5))).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"label", "y"})
  void soItIsWhereLabelsAreNumbers(String column) {
    MonitoringSpec spec = spec("regression", "{value: v}", column, "rows: 10");
    InferenceEvent silent =
        new InferenceEvent(
            "a", 0, "", new double[] {1, .5, Double.NaN}, new String[0], null, new String[0]);
    assertThat(label(spec, silent.withLabel("2.5", 5))).isEqualTo(2.5);
  }

  @Test
  void aHiddenLabelIsHiddenUnderTheSourcesName() {
    MonitoringSpec spec = spec("binary", "{score: s, positive: 1}", "label", "mask: [outcome]");
    InferenceEvent silent =
        new InferenceEvent(
            "a", 0, "", new double[] {1, .5}, new String[] {null}, null, new String[0]);
    assertThat((String) label(spec, silent.withLabel("0", 5))).hasSize(64);
  }
}
