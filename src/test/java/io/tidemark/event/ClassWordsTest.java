package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassWordsTest {
  private static String binary(String positive, List<String> predicted, List<String> labels) {
    return problem(
        "binary", "{score: s, label: p, positive: \"" + positive + "\"}", predicted, labels);
  }

  private static String problem(
      String task, String prediction, List<String> predicted, List<String> labels) {
    MonitoringSpec spec =
        SpecReader.read(
            "spec.yaml",
            """
            model: m
            task: %s
            events: {time: t, prediction: %s, label: y}
            features: {x: numeric}
            window: {size: P1D}
            """
                .formatted(task, prediction));
    return ClassWords.problem(spec, predicted, labels, true);
  }

  @Test
  void booleansAreOneAndZero() {
    for (String one : new String[] {"1", "true", "True", "TRUE"}) {
      for (String other : new String[] {"1", "true", "True"}) {
        assertThat(ClassText.same(one, other)).isTrue();
      }
      assertThat(ClassText.same(one, "0")).isFalse();
      assertThat(ClassText.same(one, "yes")).isFalse();
    }
    assertThat(ClassText.same("false", "0")).isTrue();
    assertThat(ClassText.same(" 1", "1")).isFalse();
    assertThat(ClassText.same("Yes", "yes")).isFalse();
  }

  @Test
  void classesNamedAlikeAreFine() {
    assertThat(binary("1", List.of("0", "1"), List.of("0", "1"))).isNull();
    assertThat(binary("1", List.of("false", "true"), List.of("0", "1"))).isNull();
    assertThat(binary("true", List.of("0", "1"), List.of("True", "False"))).isNull();
    assertThat(binary("yes", List.of(), List.of("no", "yes"))).isNull();
    assertThat(binary("1", List.of(), List.of())).isNull();
  }

  @Test
  void aRareClassMayBeAway() {
    assertThat(binary("1", List.of("0"), List.of("0"))).isNull();
    assertThat(binary("1", List.of("0"), List.of("0", "1"))).isNull();
    assertThat(binary("1", List.of("0", "1"), List.of("0"))).isNull();
    assertThat(binary("1", List.of("1"), List.of("0"))).as("always wrong").isNull();
  }

  @Test
  void aPositiveClassThatNeverOccurs() {
    assertThat(binary("Yes", List.of("yes", "no"), List.of("yes", "no")))
        .startsWith("no row is predicted as or labelled 'Yes', the events.prediction.positive")
        .contains("Predicted: 'no', 'yes'.");
    assertThat(binary("1", List.of(" 1", " 0"), List.of())).contains("no row is predicted as");
    assertThat(binary("Yes", List.of("yes"), List.of("yes"))).contains("no row is predicted as");
    assertThat(binary("1", List.of(), List.of("good", "bad"))).contains("labelled '1'");
    assertThat(binary("Yes", List.of("yes", "no"), List.of("Yes", "No")))
        .contains("though labels say it");
  }

  @Test
  void labelsThatAreNeverPredicted() {
    assertThat(binary("1", List.of("0", "1"), List.of("no", "yes")))
        .startsWith("no label is a class that is predicted");
    assertThat(binary("yes", List.of("no", "yes"), List.of("YES"))).startsWith("no label is");
  }

  @Test
  void labelsOfWhichOnlyTheOthersArePredicted() {
    assertThat(binary("yes", List.of("no", "yes"), List.of("YES", "no")))
        .startsWith("no row is labelled 'yes', the events.prediction.positive of the spec")
        .contains("Labels: 'YES', 'no'.");
    assertThat(binary("1", List.of("0", "1"), List.of("0", "2"))).startsWith("no row is labelled");
    assertThat(binary("1", List.of("0", "1"), List.of("-1", "1"))).as("0 is not 1 either").isNull();
  }

  @Test
  void aPositiveClassThatIsWrittenInSeveralWays() {
    assertThat(binary("yes", List.of("no", "yes"), List.of("Yes", "no", "yes")))
        .contains("in several ways");
    assertThat(binary("yes", List.of("no", "yes", "yes "), List.of("no", "yes")))
        .contains("in several ways");
    assertThat(binary("1", List.of("0", "1"), List.of("True", "true", "false"))).isNull();
    assertThat(binary("yes", List.of("no", "yes"), List.of("No", "no", "yes"))).isNull();
  }

  @Test
  void severalClasses() {
    String scores = "{scores: {cat: c, dog: d}, label: p}";
    assertThat(problem("multiclass", scores, List.of("cat"), List.of("dog"))).isNull();
    assertThat(problem("multiclass", scores, List.of("cat"), List.of("Dog", "Cat")))
        .startsWith("no label is a class that is predicted");
    assertThat(problem("multiclass", scores, List.of("Cat", "Dog"), List.of()))
        .startsWith("no row is predicted as a class of events.prediction.scores");
  }

  @Test
  void valuesThatAreHiddenAreNotShown() {
    MonitoringSpec spec =
        SpecReader.read(
            "spec.yaml",
            """
            model: m
            task: binary
            events: {time: t, prediction: {score: s, label: p, positive: "1"}}
            features: {x: numeric}
            window: {size: P1D}
            """);
    assertThat(ClassWords.problem(spec, List.of("secret", "other"), List.of(), false))
        .isNotNull()
        .doesNotContain("secret");
  }
}
