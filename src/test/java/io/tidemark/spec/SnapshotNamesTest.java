package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotNamesTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events:
        id: i
        time: t
        model_version: v
        prediction: {score: s, label: p, positive: 1}
        label: y
      features:
        x: numeric
      window: {size: P1D}
      snapshot: {columns: [z]}
      """;

  private static void refused(String part, String by, String message) {
    assertThatThrownBy(() -> SpecReader.read("spec.yaml", SPEC.replace(part, by)))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label",
        "label_time",
        "reasons",
        "weight",
        "split",
        "slice",
        "row_id",
        "origin",
        "Label",
        "SPLIT",
        "Row_Id"
      })
  void noColumnTakesTheNameOfTheSnapshotsOwn(String name) {
    String message = name + " is the name of a column that the snapshot adds";
    refused("[z]", "[" + name + "]", message);
    refused("time: t", "time: " + name, message);
    refused("model_version: v", "model_version: " + name, message);
    refused("score: s", "score: " + name, message);
    refused("label: p", "label: " + name, message);
    refused("x: numeric", name + ": numeric", "is the name of an output column");
  }

  @Test
  void whatTheSnapshotsColumnIsMayBeCalledSo() {
    String spec = SPEC.replace("label: y", "label: label").replace("id: i", "id: row_id");
    assertThat(SpecReader.read("spec.yaml", spec).events().label()).isEqualTo("label");
    refused("id: i", "id: ROW_ID", "ROW_ID is the name of a column");
    refused("id: i", "id: split", "split is the name of a column");
    refused("label: y", "label: weight", "weight is the name of a column");
    refused("label: y", "label: LABEL", "LABEL is the name of a column");
    refused("label: y", "label: X", "differ in letter case only");
  }

  @Test
  void namesThatDifferInLetterCaseOnlyAreRefused() {
    refused("[z]", "[X]", "X and x differ in letter case only");
    refused("[z]", "[z, Z]", "Z and z differ in letter case only");
    refused("x: numeric", "T: numeric", "T and t differ in letter case only");
  }

  @Test
  void oneNameStandsForOneColumn() {
    refused("x: numeric", "s: {type: numeric, path: other}", "s would be two columns");
    assertThat(SpecReader.read("spec.yaml", SPEC.replace("x:", "s:")).features()).hasSize(1);
  }

  @Test
  void aFeatureIsRenamedThroughItsPath() {
    String spec = SPEC.replace("x: numeric", "raw_weight: {type: numeric, path: weight}");
    assertThat(SpecReader.read("spec.yaml", spec).features().get(0).path()).isEqualTo("weight");
  }

  @Test
  void aKeyThatIsGivenTwiceIsToldOnce() {
    SpecException e =
        catchThrowableOfType(
            SpecException.class,
            () -> SpecReader.read("spec.yaml", SPEC.replace("  id: i", "  id: i\n  id: j")));
    assertThat(e.problems()).hasSize(1);
  }

  @Test
  void withoutASnapshotNamesAreFree() {
    String spec = SPEC.replace("{columns: [z]}", "off").replace("time: t", "time: split");
    assertThat(SpecReader.read("spec.yaml", spec).snapshot()).isNull();
  }
}
