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
        SnapshotColumns.of(spec, Redaction.of(spec, new byte[] {1}));
    List<ShownColumns.Column<SnapshotRow>> labels =
        columns.columns().stream().filter(column -> column.name().equals("label")).toList();
    assertThat(labels).hasSize(1);
    return labels.get(0).value().of(new SnapshotRow("r", event, List.of("base"), 1, "train", null));
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
