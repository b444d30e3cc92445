package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidemark.pipeline.Queries;
import io.tidemark.pipeline.RunnerOptions;
import io.tidemark.telemetry.StreamMetric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is shipped for running it: dashboard, alert rules, manifest, and what the README says. */
class OperationsTest {
  private static final Path MANIFEST = Path.of("src/ops/kubernetes/flink-deployment.yaml");
  private static final Path README = Path.of("README.md");

  /** As queries name them: those of subjects by a pattern. */
  private static Set<String> declared() {
    Set<String> names = new TreeSet<>();
    for (StreamMetric metric : StreamMetric.values()) {
      names.add(Queries.OURS + metric.id() + (metric.kind().ofSubjects() ? "_.+" : ""));
    }
    return names;
  }

  @Test
  void queriesNameMetricsOfTheList() throws Exception {
    Set<String> ours = new TreeSet<>(Queries.metrics());
    ours.removeIf(name -> !name.contains("tidemark"));
    assertThat(declared()).containsAll(ours);
    assertThat(ours).as("each metric is shown somewhere").isEqualTo(declared());
  }

  @Test
  void theDashboardIsWhole() throws Exception {
    JsonNode dashboard = Queries.dashboard();
    assertThat(dashboard.get("uid").asText()).isEqualTo("tidemark");
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertThat(ids.add(panel.get("id").asInt())).isTrue();
      JsonNode place = panel.get("gridPos");
      assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.get("title").asText()).isNotEmpty();
        assertThat(panel.get("description").asText()).isNotEmpty();
        assertThat(panel.get("targets")).isNotEmpty();
      }
    }
  }

  @Test
  void everyRuleSaysWhatIsWrong() throws Exception {
    Set<String> names = new HashSet<>();
    for (JsonNode group : Queries.rules().get("groups")) {
      assertThat(names.add(group.get("name").asText())).isTrue();
      for (JsonNode rule : group.get("rules")) {
        assertThat(names.add(rule.get("alert").asText())).isTrue();
        assertThat(rule.get("labels").get("severity").asText()).isIn("critical", "warning", "info");
        assertThat(rule.get("annotations").get("summary").asText()).isNotEmpty();
        if (rule.has("for")) {
          assertThat(rule.get("for").asText()).matches("[0-9]+[smh]");
        }
        assertParenthesesMatch(rule.get("expr").asText());
      }
    }
  }

  private static void assertParenthesesMatch(String query) {
    String plain = query.replaceAll("\"[^\"]*\"", "");
    assertThat(plain.replaceAll("[^(]", "")).as(query).hasSameSizeAs(plain.replaceAll("[^)]", ""));
    assertThat(plain.replaceAll("[^{]", "")).as(query).hasSameSizeAs(plain.replaceAll("[^}]", ""));
  }

  @Test
  void theReadmeSaysWhatEachMetricIs() throws Exception {
    String readme = Files.readString(README);
    for (StreamMetric metric : StreamMetric.values()) {
      String name = metric.id() + (metric.kind().ofSubjects() ? "_SUBJECT" : "");
      assertThat(readme).contains("| `" + name + "` |");
      assertThat(readme).contains(metric.help());
    }
  }

  @Test
  void theManifestStartsWhatThereIs() throws Exception {
    JsonNode spec = new YAMLMapper().readTree(MANIFEST.toFile()).get("spec");
    assertThat(spec.get("flinkVersion").asText()).isEqualTo("v1_19");
    JsonNode job = spec.get("job");
    assertThat(job.get("entryClass").asText()).isEqualTo(Main.class.getName());
    assertThat(job.get("upgradeMode").asText()).isEqualTo("savepoint");

    List<String> arguments = new ArrayList<>();
    job.get("args").forEach(argument -> arguments.add(argument.asText()));
    assertThat(arguments.remove(0)).isEqualTo("monitor");
    MonitorCommand monitor = new MonitorCommand();
    new CommandLine(monitor).parseArgs(arguments.toArray(new String[0]));
    PipelineOptions options = RunnerOptions.of(monitor.rest);
    TopicChecks.check(monitor.asked.events, options);
    assertThat(options.as(FlinkPipelineOptions.class).getFlinkMaster()).isEqualTo("[auto]");

    Map<?, ?> flink = new ObjectMapper().convertValue(spec.get("flinkConfiguration"), Map.class);
    // The custom resource takes nothing but text.
    assertThat(flink.values()).allMatch(String.class::isInstance);
    assertThat(flink.get("execution.attached")).isEqualTo("true");
    for (String dir : List.of("state.checkpoints.dir", "state.savepoints.dir")) {
      assertThat((String) flink.get(dir)).startsWith("STATE/");
    }
    assertThat(packages((String) flink.get("env.java.opts.all")))
        .isEqualTo(packages(Files.readString(Path.of("pom.xml"))));
    assertMounted(spec, arguments);
  }

  /** The packages of the JDK that are opened. */
  private static Set<String> packages(String text) {
    Set<String> packages = new TreeSet<>();
    java.util.regex.Pattern.compile("--add-opens=java.base/([a-z.]+)=ALL-UNNAMED")
        .matcher(text)
        .results()
        .forEach(opened -> packages.add(opened.group(1)));
    return packages;
  }

  /** Every path of the command line is below a mounted volume, and every mount has one. */
  private static void assertMounted(JsonNode spec, List<String> arguments) {
    JsonNode pod = spec.get("podTemplate").get("spec");
    Set<String> volumes = new TreeSet<>();
    pod.get("volumes").forEach(volume -> volumes.add(volume.get("name").asText()));
    Set<String> mounted = new TreeSet<>();
    Set<String> paths = new TreeSet<>();
    for (JsonNode mount : pod.get("containers").get(0).get("volumeMounts")) {
      mounted.add(mount.get("name").asText());
      paths.add(mount.get("mountPath").asText());
    }
    assertThat(mounted).isEqualTo(volumes);
    for (String argument : arguments) {
      String path = argument.replaceFirst("^[^=]*=(.*properties=)?", "");
      if (path.startsWith("/")) {
        assertThat(paths).as(argument).anyMatch(mount -> path.startsWith(mount + "/"));
      }
    }
  }
}
