package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CanonicalSpecTest {
  /** Every section and every key of today. */
  private static final String ALL =
      """
      model: m
      task: binary
      events:
        format: jsonl
        id: i
        time: t
        timezone: Europe/Berlin
        model_version: v
        max_bad: 0.1
        prediction: {score: s, label: l, positive: 1}
      features:
        x: numeric
        c: {type: categorical, path: a.c}
      labels: {format: csv, id: i, value: y, time: t, source: w, horizon: P7D}
      window: {size: P1D, origin: 2024-01-01T00:00:00Z, allowed_lateness: PT6H, horizons: [P7D]}
      segments: []
      drift:
        preset: nannyml
        min_rows: 50
        fdr: 0.05
        persistence: {windows: 2, of: 3}
        methods: [psi, hellinger]
        features: {x: {method: psi, threshold: 0.2, bins: quantile(5)}}
      performance: {metrics: [f1], estimate: cbpe, detectors: [ddm], update: PT30M}
      slices: {features: [c], max_predicates: 2, min_support: 0.02, top: 5}
      snapshot:
        period: P7D
        rows: 500
        split: {train: 0.7, validation: 0.2, test: 0.1}
        columns: [note, other]
        mask: [note]
        exclude: [c]
        seed: 3
      """;

  private static final String TEXT =
      """
      {"drift":{"effect":0.05,"fdr":0.05,"features":{"x":{"bins":"quantile(5)","method":"psi","threshold":0.2}},"methods":["psi","hellinger"],"min_rows":50,"persistence":{"of":3,"windows":2},"preset":"nannyml"},
      "events":{"deduplicate":true,"format":"jsonl","id":"i","max_bad":0.1,"model_version":"v","prediction":{"label":"l","positive":"1","score":"s","scores":{}},"time":"t","timezone":"Europe/Berlin"},
      "features":[{"name":"x","path":"x","type":"numeric"},{"name":"c","path":"a.c","type":"categorical"}],
      "labels":{"format":"csv","horizon":"PT168H","id":"i","source":"w","time":"t","value":"y"},
      "model":"m",
      "performance":{"detectors":["ddm"],"estimate":"cbpe","metrics":["f1"],"update":"PT30M"},
      "segments":[],
      "slices":{"features":["c"],"max_predicates":2,"min_support":0.02,"top":5},
      "snapshot":{"columns":["note","other"],"exclude":["c"],"mask":["note"],"period":"P7D","rows":500,"seed":3,"split":{"test":0.1,"train":0.7,"validation":0.2}},
      "task":"binary",
      "window":{"allowed_lateness":"PT6H","horizons":["P7D"],"origin":"2024-01-01T00:00:00Z","size":"P1D","timezone":"UTC"}}
      """;

  private static MonitoringSpec read(String yaml) {
    return SpecReader.read("spec.yaml", yaml);
  }

  /** What is stored beside data names its spec by this text's hash: it may gain keys only. */
  @Test
  void isOneTextForever() {
    assertThat(CanonicalSpec.text(read(ALL))).isEqualTo(TEXT.replace("\n", ""));
    assertThat(read(ALL).hash()).isEqualTo("97323a284ad85c7c");
  }

  @Test
  void isTheSameForDefaultsSpelledOut() {
    String minimal =
        """
        model: m
        task: binary
        events: {time: t, prediction: {score: s, positive: 1}}
        features: {x: numeric}
        window: {size: PT24H}
        """;
    List<String> more =
        List.of(
            "drift: {preset: tidemark, min_rows: 100}\n",
            "snapshot: {period: P1D, rows: 10000}\n",
            "snapshot: {near_duplicates: {tolerance: 0.001}}\n",
            "snapshot: {acquisition: {half_width: 0.05}}\n",
            "segments: []\n",
            "# a comment\n");
    for (String each : more) {
      assertThat(read(minimal + each).hash()).as(each).isEqualTo(read(minimal).hash());
    }
    assertThat(read(minimal + "snapshot: off\n").hash()).isNotEqualTo(read(minimal).hash());
    String stay = read(minimal + "snapshot: {near_duplicates: off}\n").hash();
    assertThat(stay).isNotEqualTo(read(minimal).hash());
    assertThat(read(minimal + "snapshot: {near_duplicates: {tolerance: 0}}\n").hash())
        .isNotIn(stay, read(minimal).hash());
    String none = read(minimal + "snapshot: {acquisition: off}\n").hash();
    assertThat(none).isNotEqualTo(read(minimal).hash());
    assertThat(read(minimal + "snapshot: {acquisition: {half_width: 0.02}}\n").hash())
        .isNotIn(none, read(minimal).hash());
    assertThat(read(minimal + "slices: off\n").hash()).isNotEqualTo(read(minimal).hash());
    assertThat(read(minimal + "slices: {top: 10}\n").hash()).isEqualTo(read(minimal).hash());
    assertThat(read(minimal + "label_issues: off\n").hash()).isNotEqualTo(read(minimal).hash());
    assertThat(read(minimal + "label_issues: {filter: prune_by_noise_rate}\n").hash())
        .isEqualTo(read(minimal).hash());
    assertThat(read(minimal + "retrain: off\n").hash()).isEqualTo(read(minimal).hash());
    String every = read(minimal + "retrain: {when: [every: P30D]}\n").hash();
    assertThat(every).isNotEqualTo(read(minimal).hash());
    assertThat(read(minimal + "retrain: {when: [every: PT720H]}\n").hash()).isEqualTo(every);
    assertThat(CanonicalSpec.text(read(ALL + RETRAIN)))
        .isEqualTo(
            TEXT.replace("\n", "").replace("\"segments\"", RETRAIN_TEXT.strip() + ",\"segments\""));
  }

  /** A section that is younger than hashes. */
  private static final String RETRAIN =
      "retrain: {when: [new_slice, concept_drift, every: P30D, rows_at_least: 5,"
          + " performance_below: {f1: 0.8}], cooldown: P7D}\n";

  private static final String RETRAIN_TEXT =
      """
      "retrain":{"cooldown":"PT168H","when":{"concept_drift":true,"every":"PT720H","new_slice":true,"performance_below":{"f1":0.8},"rows_at_least":5}}
      """;
}
