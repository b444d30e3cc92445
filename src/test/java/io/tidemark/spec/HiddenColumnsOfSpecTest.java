package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a spec may hide, and under which names it is hidden then. */
class HiddenColumnsOfSpecTest {
  private static final String BINARY =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, label: g, positive: yes}, label: y}
      features: {x: numeric, c: {type: categorical, path: r}, again: {type: categorical, path: i}, when: {type: numeric, path: t}}
      labels: {id: li, value: lv, time: lt, source: ls, horizon: P1D}
      window: {size: P1D}
      segments: [c]
      snapshot: {HIDDEN}
      """;
  private static final String MULTICLASS =
      """
      model: m
      task: multiclass
      events: {id: i, time: t, prediction: {scores: {a: pa, b: pb}, label: g}, label: y}
      features: {x: numeric}
      window: {size: P1D}
      snapshot: {HIDDEN}
      """;

  private static MonitoringSpec spec(String hidden) {
    return SpecReader.read("test", BINARY.replace("HIDDEN", hidden));
  }

  @Test
  void hidesAColumnUnderEveryNameOfIt() {
    assertThat(spec("mask: [li]").masked()).contains("i", "li", "row_id", "again");
    assertThat(spec("mask: [i]").masked()).contains("i", "li", "row_id", "again");
    assertThat(spec("mask: [again]").masked()).contains("i", "li");
    assertThat(spec("exclude: [lv]").excluded()).contains("y", "lv", "label").doesNotContain("g");
    assertThat(spec("exclude: [y]").excluded()).contains("y", "lv", "label");
    assertThat(spec("mask: [r]").masked()).containsExactlyInAnyOrder("r", "c");
    assertThat(spec("mask: [c]").masked()).containsExactlyInAnyOrder("r", "c");
    assertThat(spec("mask: [g]").masked()).containsExactlyInAnyOrder("g", "prediction.label");
    assertThat(spec("mask: [ls]").masked()).containsExactly("ls");
    assertThat(spec("rows: 10").masked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mask: [t] | snapshot.mask: t is the event time",
        "exclude: [t] | snapshot.exclude: t is the event time",
        "mask: [when] | snapshot.mask: when is the event time",
        "mask: [lt] | snapshot.mask: lt is the time of labels",
        "exclude: [lt] | snapshot.exclude: lt is the time of labels",
        "exclude: [i] | snapshot.exclude: i names the rows and cannot be left out; mask it",
        "exclude: [li] | snapshot.exclude: li names the rows and cannot be left out; mask it",
        "exclude: [c] | snapshot.exclude: c names the segments of every table",
        "exclude: [r] | snapshot.exclude: r names the segments of every table",
        "mask: [y], exclude: [lv] | snapshot.exclude: lv is masked as well; choose one"
      })
  void refusesWhatOutputsCannotDoWithout(String hidden, String message) {
    assertThatThrownBy(() -> spec(hidden)).hasMessageContaining(message.strip());
  }

  @Test
  void allowsAColumnUnderEveryNameOfIt() {
    assertThat(spec("allow_personal: [r]").allowedPersonal()).containsExactlyInAnyOrder("r", "c");
    assertThat(spec("columns: [n], allow_personal: [n, c]").allowedPersonal())
        .containsExactlyInAnyOrder("n", "r", "c");
    assertThat(spec("rows: 10").allowedPersonal()).isEmpty();
    // What is allowed is of the spec's meaning, in whatever order; nothing is as it was before.
    assertThat(spec("columns: [n], allow_personal: [n, c]").hash())
        .isEqualTo(spec("columns: [n], allow_personal: [c, n]").hash())
        .isNotEqualTo(spec("columns: [n]").hash());
    assertThat(spec("columns: [n], allow_personal: []").hash())
        .isEqualTo(spec("columns: [n]").hash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow_personal: [x] | snapshot.allow_personal: x is no free text, which columns of",
        "allow_personal: [again] | snapshot.allow_personal: again is no free text",
        "allow_personal: [i] | snapshot.allow_personal: i is no free text",
        "allow_personal: [g] | snapshot.allow_personal: g is no free text",
        "allow_personal: [nowhere] | snapshot.allow_personal: nowhere is no free text",
        "mask: [r], allow_personal: [c] | snapshot.allow_personal: c is masked or excluded as well",
        "columns: [n], exclude: [n], allow_personal: [n] | n is masked or excluded as well; choose",
        "allow_personal: c | snapshot.allow_personal: must be a list"
      })
  void refusesToAllowWhatIsNotLookedThrough(String key, String message) {
    assertThatThrownBy(() -> spec(key)).hasMessageContaining(message.strip());
  }

  @ParameterizedTest
  @CsvSource({"mask, y", "mask, g", "exclude, y", "exclude, g"})
  void refusesToHideClassesWhoseNamesAreFields(String how, String column) {
    String text = MULTICLASS.replace("HIDDEN", how + ": [" + column + "]");
    assertThatThrownBy(() -> SpecReader.read("test", text))
        .hasMessageContaining("snapshot." + how + ": " + column + " holds classes")
        .hasMessageContaining("log codes in place of classes");
    String scores = MULTICLASS.replace("HIDDEN", how + ": [pa]");
    assertThat(SpecReader.read("test", scores).snapshot()).isNotNull();
  }
}
