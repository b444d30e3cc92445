package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of the shipped dashboard and alert rules, and the metrics that they name. */
public final class Queries {
  static final Path DASHBOARD = Path.of("src/ops/grafana/tidemark.json");
  static final Path RULES = Path.of("src/ops/prometheus/rules.yml");

  /** Before every metric of ours, as Flink's reporter names what is an operator's. */
  public static final String OURS = "flink_taskmanager_job_task_operator_tidemark_";

  private static final Pattern METRIC =
      Pattern.compile("flink_[a-zA-Z0-9_]+?(?:_\\.\\+|_\\(\\.\\+\\)|(?![a-zA-Z0-9_]))");

  private Queries() {}

  public static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DASHBOARD.toFile());
  }

  public static JsonNode rules() throws IOException {
    return new YAMLMapper().readTree(RULES.toFile());
  }

  /** Of the dashboard's panels and variables, and of the rules. */
  static List<String> all() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : dashboard().get("panels")) {
      panel.path("targets").forEach(target -> queries.add(target.get("expr").asText()));
    }
    for (JsonNode variable : dashboard().get("templating").get("list")) {
      if (variable.get("type").asText().equals("query")) {
        queries.add(variable.get("definition").asText());
      }
    }
    for (JsonNode group : rules().get("groups")) {
      group.get("rules").forEach(rule -> queries.add(rule.get("expr").asText()));
    }
    return queries;
  }

  /** Names, and patterns that end in {@code .+}, of all queries; each query has one at least. */
  public static Set<String> metrics() throws IOException {
    Set<String> metrics = new TreeSet<>();
    for (String query : all()) {
      Matcher metric = METRIC.matcher(query);
      assertThat(metric.find()).as(query).isTrue();
      do {
        metrics.add(metric.group().replace("(.+)", ".+"));
      } while (metric.find());
    }
    return metrics;
  }
}
