package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cli.SpecFiles;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.topic.StateShape;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamShapeTest {
  private static final String SPEC =
      Log.SPEC.replace("  label: truth\n", "").replace("FORMAT", "jsonl")
          + "labels: {id: id, value: is, time: known, horizon: P1D}\n";
  private static final byte[] KEY = "secret".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static Path baseline;
  private static Path otherBaseline;

  @BeforeAll
  static void build() throws Exception {
    baseline = Log.of(folder.resolve("log"), SPEC, 3000).baseline;
    otherBaseline = Log.of(folder.resolve("other"), SPEC, 3000, "--seed=2").baseline;
  }

  private static StateShape shape(String text, byte[] key, Path baselineFile) throws Exception {
    Path file = folder.resolve("changed.yaml");
    Files.writeString(file, text);
    MonitoringSpec spec = SpecFiles.one(file.toString());
    Baselines baselines = Baselines.read(baselineFile.toString(), spec.model());
    return StreamShape.of(new Model(spec, Redaction.of(spec, key), baselines), true);
  }

  private static String changed(String part, String by) throws Exception {
    String text = SPEC.replace(part, by);
    assertThat(text).isNotEqualTo(SPEC);
    return shape(SPEC, KEY, baseline).differences(shape(text, KEY, baseline));
  }

  @Test
  void saysWhatIsOfAnotherKind() throws Exception {
    assertThat(changed("size: PT6H", "size: PT3H")).isEqualTo("window.size was PT6H, is PT3H");
    assertThat(changed("origin: 2024-01-01", "origin: 2024-01-02"))
        .startsWith("window.origin was ");
    assertThat(changed("Z}\nseg", "Z, allowed_lateness: PT1H}\nseg"))
        .isEqualTo("window.allowed_lateness was PT0S, is PT1H");
    assertThat(changed("Z}\nseg", "Z, horizons: [P1D]}\nseg"))
        .isEqualTo("window.horizons was [], is [P1D]");
    assertThat(changed("segments: [region]", "segments: [product]"))
        .isEqualTo("segments was [region], is [product]");
    assertThat(changed("  id: id\n", "  id: id\n  deduplicate: false\n"))
        .isEqualTo("events.deduplicate was true, is false");
    assertThat(changed("time: at", "time: when")).isEqualTo("events.time was at, is when");
    assertThat(changed("horizon: P1D", "horizon: P2D")).isEqualTo("labels.horizon was P1D, is P2D");
    assertThat(changed("value: is", "value: was")).isEqualTo("labels.value was is, is was");
    assertThat(changed("period: PT12H", "period: PT6H"))
        .isEqualTo("snapshot.period was PT12H, is PT6H");
    assertThat(changed("rows: 300", "rows: 500")).isEqualTo("snapshot.rows was 300, is 500");
    assertThat(changed("rows: 300", "rows: 300, quotas: {error: 0.1, drifted: 0.2}"))
        .isEqualTo("snapshot.reasons was [base, drifted], is [base, drifted, error]");
    assertThat(changed("rows: 300", "rows: 300, quotas: {base: 0.9, drifted: 0.1}")).isNull();
    assertThat(
            changed(
                "model: loans\n", "model: loans\nlabel_issues: {filter: low_self_confidence}\n"))
        .isEqualTo("label_issues.filter was by margin, is low_self_confidence");
    assertThat(changed("[note, email]", "[email, note]"))
        .isEqualTo("snapshot.columns was [note, email], is [email, note]");
    assertThat(changed("mask: [email]", "mask: [email, note]"))
        .isEqualTo("snapshot.mask was [email], is [email, note]");
    assertThat(changed("mask: [email]", "mask: [email], exclude: [note]"))
        .isEqualTo("snapshot.exclude was [], is [note]");
  }

  @Test
  void saysWhichFeatureCameWentOrMoved() throws Exception {
    assertThat(changed("  tenure: numeric\n", ""))
        .isEqualTo(
            "baseline: cut points of tenure was there, is not there any more; features.tenure was"
                + " numeric, is not there any more");
    assertThat(changed("  tenure: numeric\n", "  tenure: numeric\n  age: numeric\n"))
        .isEqualTo("baseline: cut points of age is new; features.age is new");
    assertThat(changed("path: applicant.debt", "path: debt.all"))
        .isEqualTo("features.debt was numeric of applicant.debt, is numeric of debt.all");
    assertThat(
            changed(
                "  product: categorical\n  tenure: numeric",
                "  tenure: numeric\n  product: categorical"))
        .startsWith("the order of features was income, region, debt, product, tenure, is income");
    assertThat(changed("score: p,", "score: q,"))
        .isEqualTo("prediction.score was numeric of p, is numeric of q");
  }

  @Test
  void saysThatAnotherBaselineOrKeyIsGiven() throws Exception {
    StateShape before = shape(SPEC, KEY, baseline);
    assertThat(before.differences(shape(SPEC, KEY, otherBaseline)))
        .contains("baseline: cut points of income: not the same any more")
        .doesNotContain("#");
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    assertThat(before.differences(shape(SPEC, other, baseline)))
        .startsWith("--mask-key was key ")
        .doesNotContain("secret", "other");
    assertThat(before.differences(shape(SPEC, null, baseline))).endsWith(", is none");
  }

  @Test
  void letsChangeWhatOnlyJudges() throws Exception {
    assertThat(changed("segments: [region]", "segments: [region]\ndrift: {preset: nannyml}"))
        .isNull();
    assertThat(
            changed("segments: [region]", "segments: [region]\ndrift: {min_rows: 5, effect: 0.2}"))
        .isNull();
    assertThat(changed("  id: id\n", "  id: id\n  max_bad: 0.5\n")).isNull();
    assertThat(changed("rows: 300", "rows: 300, split: {train: 0.5, validation: 0.3, test: 0.2}"))
        .isNull();
    assertThat(changed("labels: ", "performance: {metrics: [f1], detectors: [ddm]}\nlabels: "))
        .isNull();
  }

  @Test
  void isComparedWithTheJobBeforeBesideTheOutput() throws Exception {
    String output = folder.resolve("out").toString();
    StateShape before = shape(SPEC, KEY, baseline);
    StreamShape.check(output, "loans", before); // nobody wrote there
    StreamShape.write(output, new TreeMap<>(java.util.Map.of("loans", before)));
    StreamShape.check(output, "loans", before);
    StateShape after = shape(SPEC.replace("size: PT6H", "size: PT3H"), KEY, baseline);
    assertThatThrownBy(() -> StreamShape.check(output, "loans", after))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(
            "--savepointPath: what it holds of loans was made with other settings: window.size was"
                + " PT6H, is PT3H. Go on with those it was made with, or begin anew")
        .hasMessageContaining("jobs/loans.json");
  }
}
