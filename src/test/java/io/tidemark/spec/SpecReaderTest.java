package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.stats.Method;
import io.tidemark.stats.labelissues.LabelFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpecReaderTest {
  private static final String MINIMAL =
      """
      model: m
      task: binary
      events:
        time: t
        prediction: {score: s, positive: 1}
      features:
        x: numeric
        c: categorical
      window: {size: P1D}
      """;

  private static MonitoringSpec read(String yaml) {
    return SpecReader.read("spec.yaml", yaml);
  }

  private static List<SpecProblem> problems(String yaml) {
    return catchThrowableOfType(SpecException.class, () -> read(yaml)).problems();
  }

  @Test
  void fillsInTheDefaults() {
    MonitoringSpec spec = read(MINIMAL);

    assertThat(spec.events().deduplicate()).isFalse();
    assertThat(spec.events().maxBad()).isEqualTo(.05);
    assertThat(spec.events().zone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(spec.drift().preset()).isEqualTo(DriftSpec.Preset.TIDEMARK);
    assertThat(spec.drift().minRows()).isEqualTo(100);
    assertThat(spec.drift().fdr()).isEqualTo(.01);
    assertThat(spec.drift().effect()).isEqualTo(.05);
    assertThat(spec.drift().persistence()).isEqualTo(new DriftSpec.Persistence(1, 1));
    assertThat(spec.window().allowedLateness()).isEqualTo(Duration.ZERO);
    assertThat(spec.snapshot().period()).isEqualTo(spec.window());
    assertThat(spec.snapshot().rows()).isEqualTo(10_000);
    assertThat(spec.snapshot().split()).isEqualTo(new SnapshotSpec.Split(.8, .1, .1, false));
    assertThat(spec.labels()).isNull();
    assertThat(spec.performance()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1",
    "0.50, 0.5",
    "1e3, 1000",
    "True, true",
    "007, 007",
    "yes, yes",
    "'\"0.50\"', 0.50"
  })
  void writesClassesAsLogsGiveThem(String written, String positive) {
    String binary = MINIMAL.replace("positive: 1", "positive: " + written);
    assertThat(read(binary).events().prediction().positive()).isEqualTo(positive);
    String classes = "{scores: {" + written + ": a, other: b}}";
    String multiclass =
        MINIMAL.replace("binary", "multiclass").replace("{score: s, positive: 1}", classes);
    assertThat(read(multiclass).events().prediction().scores()).containsEntry(positive, "a");
  }

  @Test
  void readsNamesAsTheyAreWritten() {
    String yaml = MINIMAL.replace("time: t", "time: 1.50\n  model_version: 1.0");
    assertThat(read(yaml).events().time()).isEqualTo("1.50");
    assertThat(read(yaml).events().modelVersion()).isEqualTo("1.0");
  }

  @Test
  void removesDuplicatesWhereAnIdIsDeclared() {
    assertThat(read(MINIMAL.replace("time: t", "time: t\n  id: i")).events().deduplicate())
        .isTrue();
  }

  @Test
  void ordersFieldsAsFeaturesThenPredictionThenLabel() {
    String yaml =
        MINIMAL.replace("{score: s, positive: 1}", "{score: s, label: p, positive: 1}\n  label: y");
    assertThat(read(yaml).fields())
        .extracting(Field::name)
        .containsExactly("x", "c", "prediction.score", "prediction.label", "label");
  }

  @Test
  void readsTheLongFormOfAFeature() {
    String yaml = MINIMAL.replace("x: numeric", "x: {type: numeric, path: inputs.x}");
    assertThat(read(yaml).features().get(0).path()).isEqualTo("inputs.x");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "'\"1\"',1", "1.0,1", "true,true", "True,true", "yes,yes", "'\"1.0\"',1.0"})
  void takesThePositiveClassAsText(String written, String text) {
    String yaml = MINIMAL.replace("positive: 1", "positive: " + written);
    assertThat(read(yaml).events().prediction().positive()).isEqualTo(text);
  }

  @Test
  void turnsTheSnapshotOff() {
    assertThat(read(MINIMAL + "snapshot: off\n").snapshot()).isNull();
    assertThat(read(MINIMAL + "slices: off\n").slices()).isNull();
    assertThat(read(MINIMAL).slices()).isEqualTo(SlicesSpec.DEFAULT);
    assertThat(read(MINIMAL + "label_issues: off\n").labelIssues()).isNull();
    assertThat(read(MINIMAL).labelIssues()).isEqualTo(LabelIssuesSpec.DEFAULT);
    assertThat(read(MINIMAL + "label_issues: {filter: both}\n").labelIssues().filter())
        .isEqualTo(LabelFilter.BOTH);
  }

  @Test
  void readsHorizonsInOneSpelling() {
    assertThat(read(MINIMAL).horizons()).isEmpty();
    assertThat(read(MINIMAL.replace("P1D", "PT6H, horizons: [PT24H, PT36H, P1Y]")).horizons())
        .extracting(WindowSpec::size)
        .containsExactly("P1D", "PT36H", "P12M");
    String berlin = "P1D, timezone: Europe/Berlin, horizons: [p7d, P1M]";
    assertThat(read(MINIMAL.replace("P1D", berlin)).horizons())
        .extracting(WindowSpec::size)
        .containsExactly("P7D", "P1M");
  }

  @Test
  void readsMethodsAndOverrides() {
    MonitoringSpec spec =
        read(
            MINIMAL
                + """
                drift:
                  methods: [psi, kolmogorov_smirnov]
                  features: {x: {method: psi, threshold: 0.2}}
                """);
    assertThat(spec.drift().methods()).containsExactly(Method.PSI, Method.KOLMOGOROV_SMIRNOV);
    assertThat(spec.drift().features().get("x"))
        .isEqualTo(new DriftSpec.FieldRule(Method.PSI, .2, null));
  }

  @Test
  void reportsEveryProblemAtOnceInTheOrderOfLines() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    model: m
                    task: binray
                    events:
                      tiem: t
                      prediction: {score: s, positive: 1}
                    features:
                      x: number
                    window: {size: P1Q}
                    """))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            """
            spec.yaml:2: task: must be one of binary, multiclass, regression, not 'binray'
            spec.yaml:3: events.time: is missing
            spec.yaml:4: events.tiem: is no key here; did you mean time?
            spec.yaml:7: features.x: must be one of numeric, categorical, not 'number'
            spec.yaml:8: window.size: must be a positive duration such as PT1H or P7D, or a calendar period such as P1M, not 'P1Q'\
            """);
  }

  static Stream<String[]> rejections() {
    return Stream.of(
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nperformance: {metrics: [f1, rmse]}",
          "performance.metrics: rmse is no metric of task binary; choose from accuracy, precision,"
              + " recall, specificity, f1, roc_auc, average_precision, log_loss, brier, ece"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nperformance: {metrics: [auc]}",
          "performance.metrics: auc is none of accuracy, precision, recall, specificity, f1,"
              + " roc_auc, average_precision, log_loss, brier, ece"
        },
        new String[] {"model: m", "model:", "model: has no value"},
        new String[] {"model: m", "model: m\nmodel: n", "model: is given twice; keep one"},
        new String[] {
          "time: t",
          "time: t\n  deduplicate: true",
          "events.deduplicate: needs events.id: copies are known by their id"
        },
        new String[] {
          "time: t", "time: t\n  max_bad: 2", "events.max_bad: must be from 0 to 1, not 2"
        },
        new String[] {
          ", positive: 1",
          "",
          "events.prediction.positive: is missing: the class that the score is the probability of"
        },
        new String[] {
          "x: numeric",
          "label: numeric",
          "features.label: is the name of an output column; call the feature otherwise and give its"
              + " path"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: PT0S}",
          "window.size: must be a positive duration such as PT1H or P7D, or a calendar period such"
              + " as P1M, not 'PT0S'"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsegments: [x]",
          "segments: x is no categorical feature"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {period: PT36H}",
          "snapshot.period: must be a whole multiple of window.size"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: [PT36H]}",
          "window.horizons: PT36H must be a whole multiple of window.size, and longer than it"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: [PT24H]}",
          "window.horizons: PT24H must be a whole multiple of window.size, and longer than it"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: [PT168H, P7D]}",
          "window.horizons: names P7D twice, once as P7D"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: [P7D, P7D]}",
          "window.horizons: names P7D twice"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: [a week]}",
          "window.horizons: must list sizes such as P7D or P1M, not 'a week'"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D, horizons: P7D}",
          "window.horizons: must be a list"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {split: {train: .8, validation: .1, test: .2}}",
          "snapshot.split: must sum to 1, not 1.1"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {near_duplicates: {tolerance: 2}}",
          "snapshot.near_duplicates.tolerance: must be from 0 to 1, not 2"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {acquisition: {half_width: 0}}",
          "snapshot.acquisition.half_width: must be from 0.001 to 1, not 0"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {mask: [email]}",
          "snapshot.mask: email is no column of this spec; what is not declared is in no output"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nsnapshot: {exclude: [t]}",
          "snapshot.exclude: t is the event time, which every output is ordered by: leave it out of"
              + " exclude"
        },
        new String[] {
          "  time: t\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: categorical",
          "  time: t\n"
              + "  model_version: v\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: categorical\n"
              + "snapshot: {mask: [v]}",
          "snapshot.mask: v is the model version, which names the folders and rows of every output:"
              + " leave it out of mask, or log a code in its place"
        },
        new String[] {
          "  time: t\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: categorical",
          "  time: t\n"
              + "  model_version: v\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: categorical\n"
              + "snapshot: {exclude: [v]}",
          "snapshot.exclude: v is the model version, which names the folders and rows of every"
              + " output: leave it out of exclude, or log a code in its place"
        },
        new String[] {
          "  time: t\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: categorical",
          "  time: t\n"
              + "  model_version: v\n"
              + "  prediction: {score: s, positive: 1}\n"
              + "features:\n"
              + "  x: numeric\n"
              + "  c: {type: categorical, path: v}\n"
              + "snapshot: {mask: [c]}",
          "snapshot.mask: c is the model version, which names the folders and rows of every output:"
              + " leave it out of mask, or log a code in its place"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\ndrift: {fdr: 1}",
          "drift.fdr: must be between 0 and 1, both excluded"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\ndrift: {features: {x: {method: chi_square}}}",
          "drift.features.x.method: chi_square is not defined for a numeric feature"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\ndrift: {persistence: {windows: 3, of: 2}}",
          "drift.persistence.windows: must not be more than persistence.of, 2"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nlabels: {id: i, value: v, time: t, horizon: P7D}",
          "labels: are joined on ids, and events.id is missing"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\n"
              + "labels: {id: i, value: v, time: t, horizon: P7D, trusted: [review]}",
          "labels.trusted: names sources, and labels.source does not say which column has them; add"
              + " labels.source"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\n"
              + "labels: {id: i, value: v, time: t, horizon: P7D, trusted_horizon: P9D}",
          "labels.trusted_horizon: has no effect without labels.trusted"
        },
        new String[] {
          "window: {size: P1D}",
          "window: {size: P1D}\nlabels: {id: i, value: v, time: t, source: s, horizon: P7D,"
              + " trusted: [review], trusted_horizon: P6D}",
          "labels.trusted_horizon: is at least labels.horizon: other labels wait that long"
        });
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void rejects(String part, String by, String message) {
    assertThat(problems(MINIMAL.replace(part, by)))
        .extracting(problem -> problem.path() + ": " + problem.message())
        .contains(message);
  }

  private static RetrainSpec retrain(String section) {
    String labelled = MINIMAL.replace("time: t\n", "time: t\n  label: y\n");
    assertThat(labelled).isNotEqualTo(MINIMAL);
    return read(labelled + "retrain: " + section + "\n").retrain();
  }

  @Test
  void readsWhenToTrainAgain() {
    assertThat(read(MINIMAL).retrain()).isNull();
    assertThat(read(MINIMAL + "retrain: off\n").retrain()).isNull();
    assertThat(retrain("{when: [rows_at_least, performance_below]}"))
        .isEqualTo(
            new RetrainSpec(false, true, new TreeMap<>(), 10_000, false, null, Duration.ZERO));
    assertThat(
            retrain(
                "{when: [concept_drift, performance_below: {f1: 0.8, log_loss: 1}, rows_at_least:"
                    + " 500, new_slice, every: P30D], cooldown: P7D}"))
        .isEqualTo(
            new RetrainSpec(
                true,
                true,
                new TreeMap<>(Map.of("f1", .8, "log_loss", 1.)),
                500,
                true,
                Duration.ofDays(30),
                Duration.ofDays(7)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | retrain.when: names no condition; there are",
        "{when: concept_drift} | retrain.when: must be a list",
        "{when: [concept_drift, concept_drift]} | retrain.when.concept_drift: is given twice",
        "{when: [drift]} | retrain.when.drift: is no key here",
        "{when: [every]} | retrain.when.every: has no duration; write it as every: P30D",
        "{when: [every: P0D]} | retrain.when.every: must be a duration such as P30D, not 'P0D'",
        "{when: [every: P1D], cooldown: no} | retrain.cooldown: must be a duration",
        "{when: [rows_at_least: 0]} | retrain.when.rows_at_least: must be at least 1, not 0",
        "{when: [new_slice: 3]} | retrain.when.new_slice: takes no value",
        "{when: [new_slice]} | retrain.when.new_slice: needs labels",
        "{when: [performance_below: {}]} | retrain.when.performance_below: names no metric",
        "{when: [performance_below: {mae: 1}]} | retrain.when.performance_below.mae: is no metric",
        "{when: [every: P1D]}SNAPSHOT | retrain: comes with a period's snapshot"
      })
  void refusesToTrainAgainOn(String section, String message) {
    assertThat(
            problems(MINIMAL + "retrain: " + section.replace("SNAPSHOT", "\nsnapshot: off") + "\n"))
        .extracting(problem -> problem.path() + ": " + problem.message())
        .anyMatch(each -> each.startsWith(message));
  }

  @Test
  void saysWhereYamlIsBroken() {
    List<SpecProblem> problems = problems("model: [a\ntask: b\n");
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).message()).startsWith("is no YAML");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing'", "'- a'", "'text'"})
  void refusesWhatIsNoSpec(String yaml) {
    assertThat(problems(yaml)).isNotEmpty();
  }

  @Test
  void hashesTheMeaningNotTheText() {
    String commented = "# a comment\n" + MINIMAL + "drift: {preset: tidemark, min_rows: 100}\n";
    assertThat(read(commented).hash()).isEqualTo(read(MINIMAL).hash());
    assertThat(read(MINIMAL.replace("P1D", "P2D")).hash()).isNotEqualTo(read(MINIMAL).hash());
  }

  @Test
  void everyShippedSpecIsRight() throws Exception {
    try (Stream<Path> specs = Files.list(Path.of("pipelines"))) {
      assertThat(specs)
          .isNotEmpty()
          .allSatisfy(path -> SpecReader.read(path.toString(), Files.readString(path)));
    }
  }
}
