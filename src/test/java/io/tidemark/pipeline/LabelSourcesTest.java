package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.SpecFiles;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.hold.PlayedTopic;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.WriteDeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels of several sources, and of the log itself, that disagree, through the whole program. Who
 * agrees with whom is held against queries over the same files.
 */
class LabelSourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2025-03-06T00:00:00Z");
  private static final int DAYS = 3;
  private static final int ROWS = 240; // a day

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, region: categorical}
      labels: {format: jsonl, id: ref, value: truth, time: known, source: by, horizon: PT12H,
          trusted: [review, audit], trusted_horizon: PT18H}
      window: {size: PT6H, origin: 2025-03-06T00:00:00Z}
      snapshot: {period: P1D, rows: 200}
      """;

  @TempDir static Path folder;
  private static Path events;
  private static Path labels;
  private static Path spec;
  private static Path baseline;
  private static Path whole;
  private static Cli.Result result;
  private static final List<String> ROW_LINES = new ArrayList<>();
  private static final List<String> LABEL_LINES = new ArrayList<>();

  /**
   * Ann labels most rows, Bob what she does but for a tenth, Cyd as a coin falls; the log has a
   * third of them. Some say a second thing, some come too late, and reviewers decide on some.
   */
  @BeforeAll
  static void oneRun() throws Exception {
    Random random = new Random(8);
    List<String> reference = new ArrayList<>();
    for (int i = 0; i < DAYS * ROWS; i++) {
      String id = "r" + i;
      Instant at = START.plus(Duration.ofSeconds(86_400L * i / ROWS));
      double score = random.nextInt(1000) / 1000.;
      int truth = random.nextDouble() < score ? 1 : 0;
      String own =
          random.nextInt(3) > 0
              ? "null"
              : "\"" + (random.nextInt(9) > 0 ? truth : 1 - truth) + "\"";
      ROW_LINES.add(row(id, at, score, own, random));
      label(id, at, random.nextInt(10) > 0 ? truth : 1 - truth, 1, "ann", random.nextInt(9) > 0);
      int again = random.nextInt(10) > 0 ? truth : 1 - truth;
      label(id, at, again, 2, "bob", random.nextInt(3) > 0);
      label(id, at, 1 - again, 3, "bob", random.nextInt(10) == 0); // too late to count
      label(id, at, random.nextInt(2), 4, "cyd", random.nextInt(4) == 0);
      label(id, at, truth, 5, "", random.nextInt(20) == 0);
      label(id, at, 1 - truth, 13, "dan", random.nextInt(20) == 0); // past the horizon
      label(id, at, 1 - truth, 6, "review", random.nextInt(9) == 0);
      label(id, at, truth, 17, "review", random.nextInt(9) == 0);
      label(id, at, random.nextInt(2), 16, "audit", random.nextInt(20) == 0);
      label(id, at, 1 - truth, 19, "audit", random.nextInt(20) == 0); // past their horizon
      reference.add(
          row("b" + i, at.minus(Duration.ofDays(30)), score, "\"" + truth + "\"", random));
    }
    events = write("events", "events.jsonl", ROW_LINES);
    List<String> mixed = new ArrayList<>(LABEL_LINES);
    Collections.shuffle(mixed, random);
    labels = write("labels", "labels.jsonl", mixed);
    spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    baseline = baseline(spec, "baseline.avro", write("reference", "reference.jsonl", reference));
    whole = folder.resolve("whole");
    result = monitor(spec, baseline, whole);
    done(result);
  }

  private static String row(String id, Instant at, double score, String own, Random random) {
    return String.format(
        Locale.ROOT,
        "{\"id\":\"%s\",\"at\":\"%s\",\"p\":%s,\"guess\":\"%d\",\"truth\":%s,\"income\":%.4f,\"region\":\"%s\"}",
        id,
        at,
        score,
        score > .5 ? 1 : 0,
        own,
        random.nextGaussian(),
        "abc".charAt(random.nextInt(3)));
  }

  private static void label(String id, Instant at, int value, int hours, String by, boolean given) {
    if (given) {
      LABEL_LINES.add(
          String.format(
              Locale.ROOT,
              "{\"ref\":\"%s\",\"truth\":\"%d\",\"known\":\"%s\",\"by\":\"%s\"}",
              id,
              value,
              at.plus(Duration.ofHours(hours)),
              by));
    }
  }

  private static Path write(String name, String file, List<String> lines) throws IOException {
    Path path = Files.createDirectories(folder.resolve(name));
    Files.write(path.resolve(file), lines);
    return path;
  }

  private static void done(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static Path baseline(Path spec, String name, Path reference) {
    Path path = folder.resolve(name);
    done(Cli.run("baseline", "--spec=" + spec, "--events=" + reference, "--output=" + path));
    return path;
  }

  private static Cli.Result monitor(Path spec, Path baseline, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + events,
                "--labels=" + labels,
                "--baseline=" + baseline,
                "--output=" + output));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  private static List<JsonNode> lines(Path table) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (Path file : Cli.files(table)) {
      if (file.toString().endsWith(".jsonl")) {
        for (String line : Files.readAllLines(file)) {
          lines.add(JSON.readTree(line));
        }
      }
    }
    return lines;
  }

  /** What each source says first of each row, trusted ones last, and what is decided. */
  private static final String SAID =
      """
      with event as (select id, "at"::timestamp as t, date_trunc('day', "at"::timestamp) as day,
          truth from read_json('EVENTS/*.jsonl', columns = {'id': 'varchar', 'at': 'varchar',
          'truth': 'varchar'})),
      label as (select id, day, l.truth as said, "by" as who,
          "by" in ('review', 'audit') as trusted, epoch(known::timestamp - t) / 3600 as hours
          from event join read_json('LABELS/*.jsonl', columns = {'ref': 'varchar',
          'truth': 'varchar', 'known': 'varchar', 'by': 'varchar'}) l on ref = id),
      said as (select id, day, who, case when trusted then arg_max(said, hours)
            else arg_min(said, hours) end as said
          from label where hours <= case when trusted then 18 else 12 end
          group by id, day, who, trusted
          union all select id, day, 'events.label', truth from event where truth is not null),
      decided as (select id, arg_max(said, hours) as decision
          from label where trusted and hours <= 18 group by id)
      """;

  private static String said() {
    return SAID.replace("EVENTS", events.toString()).replace("LABELS", labels.toString());
  }

  private static <T> T query(String sql, Reader<T> reader) throws Exception {
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute("set timezone = 'UTC'");
      return reader.read(statement.executeQuery(said() + sql));
    }
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet rows) throws Exception;
  }

  /**
   * By day and pair: rows, agreement, kappa, and both when decided. Of two classes, expected
   * agreement is p q + (1 - p) (1 - q).
   */
  private static TreeMap<String, double[]> expected() throws Exception {
    return query(
        """
        , two as (select a.day, least(a.who, b.who) || '|' || greatest(a.who, b.who) as pair,
            a.said::int as one, b.said::int as other, decision
            from said a join said b on a.id = b.id and a.who < b.who
            left join decided d on d.id = a.id),
        figures as (select day, pair, count(*) as n, avg((one = other)::int) as o,
            avg(one) * avg(other) + (1 - avg(one)) * (1 - avg(other)) as e,
            avg((decision is not null or one = other)::int) as o2,
            avg(coalesce(decision::int, one)) as p2, avg(coalesce(decision::int, other)) as q2
            from two group by day, pair having n >= 2)
        select strftime(day, '%Y-%m-%dT00:00:00Z') || ' ' || pair, n, o,
            case when e < 1 then (o - e) / (1 - e) end, o2,
            case when p2 * q2 + (1 - p2) * (1 - q2) < 1
              then (o2 - (p2 * q2 + (1 - p2) * (1 - q2))) / (1 - (p2 * q2 + (1 - p2) * (1 - q2))) end
        from figures
        """,
        rows -> {
          TreeMap<String, double[]> figures = new TreeMap<>();
          while (rows.next()) {
            double[] each = new double[5];
            for (int i = 0; i < each.length; i++) {
              each[i] = rows.getDouble(i + 2);
              each[i] = rows.wasNull() ? Double.NaN : each[i];
            }
            figures.put(rows.getString(1), each);
          }
          return figures;
        });
  }

  private static String pair(JsonNode pair) {
    TreeSet<String> names =
        new TreeSet<>(List.of(pair.get("first").asText(), pair.get("second").asText()));
    return String.join("|", names);
  }

  private static double number(JsonNode value) {
    return value.isNull() ? Double.NaN : value.asDouble();
  }

  @Test
  void agreementIsWhatAQueryGives() throws Exception {
    TreeMap<String, double[]> expected = expected();
    assertThat(expected).hasSizeGreaterThan(40);
    List<JsonNode> quality = lines(whole.resolve("label-quality"));
    assertThat(quality).hasSize(DAYS);
    TreeMap<String, double[]> found = new TreeMap<>();
    for (JsonNode period : quality) {
      for (JsonNode pair : period.at("/agreement/pairs")) {
        assertThat(pair.get("other_rows").asInt()).isZero();
        found.put(
            period.get("period_start").asText() + " " + pair(pair),
            new double[] {
              pair.get("rows").asDouble(),
              number(pair.at("/before/agreement")),
              number(pair.at("/before/kappa")),
              number(pair.at("/after/agreement")),
              number(pair.at("/after/kappa"))
            });
      }
      assertThat(period.at("/agreement/cut_rows").asInt()).isZero();
      assertThat(period.at("/agreement/other_pairs").asInt()).isZero();
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach(
        (pair, figures) ->
            assertThat(figures).as(pair).containsExactly(expected.get(pair), within(1e-9)));
    // Kappa of the coin is low, of those who look at the rows it is not.
    assertThat(found).anySatisfy((pair, figures) -> assertThat(figures[2]).isLessThan(.2));
    assertThat(found.get("2025-03-06T00:00:00Z ann|bob")[2]).isBetween(.4, .9);
    assertThat(found.get("2025-03-06T00:00:00Z ann|bob")[4])
        .isGreaterThan(found.get("2025-03-06T00:00:00Z ann|bob")[2]);
  }

  @Test
  void theSnapshotTellsTheAgreement() throws Exception {
    for (JsonNode period : lines(whole.resolve("label-quality"))) {
      String start = period.get("period_start").asText().replaceAll("[-:]", "");
      Path snapshot = whole.resolve("snapshots/loans/" + start);
      JsonNode manifest = JSON.readTree(Files.readString(snapshot.resolve("manifest.json")));
      assertThat(manifest.get("agreement")).isEqualTo(period.get("agreement"));
      JsonNode pair = null;
      for (JsonNode each : period.at("/agreement/pairs")) {
        pair = pair(each).equals("ann|bob") ? each : pair;
      }
      assertThat(Files.readString(snapshot.resolve("card.md")))
          .contains("## Agreement of label sources")
          .contains(
              String.format(
                  Locale.ROOT,
                  "| ann and bob | %d | %.1f %% | %.2f | %.1f %% | %.2f |",
                  pair.get("rows").asInt(),
                  100 * pair.at("/before/agreement").asDouble(),
                  pair.at("/before/kappa").asDouble(),
                  100 * pair.at("/after/agreement").asDouble(),
                  pair.at("/after/kappa").asDouble()))
          .contains("| (unnamed) and events.label |");
    }
  }

  @Test
  void rowsWhoseSourcesDisagreeAreQueuedUnlessSomebodyHasDecided() throws Exception {
    TreeMap<String, String> expected =
        query(
            """
            select id, string_agg(who || ': ' || said, '; ' order by who) from said
            where id not in (select id from decided)
            group by id having count(distinct said) > 1
            """,
            rows -> {
              TreeMap<String, String> said = new TreeMap<>();
              while (rows.next()) {
                said.put(rows.getString(1), rows.getString(2));
              }
              return said;
            });
    assertThat(expected).hasSizeGreaterThan(100);
    TreeMap<String, double[]> kappas = expected();
    TreeMap<String, String> found = new TreeMap<>();
    TreeSet<String> actions = new TreeSet<>();
    for (JsonNode issue : lines(whole.resolve("label-issues"))) {
      if (!issue.get("kind").asText().equals("conflicting_sources")) {
        assertThat(issue.has("sources") || issue.has("kappa")).isFalse();
        continue;
      }
      List<String> said = new ArrayList<>();
      TreeSet<String> texts = new TreeSet<>();
      double least = Double.POSITIVE_INFINITY;
      for (JsonNode one : issue.get("sources")) {
        said.add(one.get("source").asText() + ": " + one.get("label").asText());
        texts.add(one.get("label").asText());
        for (JsonNode other : issue.get("sources")) {
          if (!one.get("label").equals(other.get("label"))) {
            String pair =
                String.join(
                    "|",
                    new TreeSet<>(
                        List.of(one.get("source").asText(), other.get("source").asText())));
            double[] figures = kappas.get(issue.get("period_start").asText() + " " + pair);
            least = figures == null ? least : Math.min(least, figures[2]);
          }
        }
      }
      said.sort(Comparator.naturalOrder());
      found.put(issue.at("/labels/0/row_ids/0").asText(), String.join("; ", said));
      assertThat(texts).hasSize(2).contains(issue.get("label").asText());
      assertThat(issue.get("labels")).hasSize(2);
      assertThat(issue.get("self_confidence").asDouble()).isBetween(0., 1.);
      if (least < 2) {
        assertThat(issue.get("kappa").asDouble()).isCloseTo(least, within(1e-9));
      }
      assertThat(issue.get("action").asText()).isEqualTo(least < .4 ? "define" : "relabel");
      actions.add(issue.get("action").asText());
    }
    assertThat(found).isEqualTo(expected);
    assertThat(actions).containsExactly("define", "relabel");
    long listed = 0;
    for (JsonNode period : lines(whole.resolve("label-quality"))) {
      listed += period.get("conflicting_sources").asLong();
      JsonNode agreement = period.get("agreement");
      assertThat(agreement.get("disagreeing_rows").asLong())
          .isEqualTo(
              agreement.get("decided_rows").asLong() + period.get("conflicting_sources").asLong());
    }
    assertThat(listed).isEqualTo(expected.size());
    assertThat(result.out()).contains(", " + expected.size() + " rows whose sources disagree; ");
    TreeMap<String, String> queued = new TreeMap<>();
    for (JsonNode row : lines(whole.resolve("review"))) {
      if (row.get("kinds").toString().contains("conflicting_sources")) {
        List<String> said = new ArrayList<>();
        row.get("sources").forEach(each -> said.add(each.asText()));
        said.sort(Comparator.naturalOrder());
        queued.put(row.get("row_id").asText(), String.join("; ", said));
      }
    }
    assertThat(queued).isEqualTo(expected);
  }

  /** What is told of labels and of snapshots, by path. */
  private static TreeMap<String, String> told(Path output) throws IOException {
    TreeMap<String, String> told = new TreeMap<>();
    for (String table : List.of("label-quality", "label-issues", "review", "snapshots")) {
      for (Path file : Cli.files(output.resolve(table))) {
        String name = output.relativize(file).toString();
        if (file.endsWith("manifest.json")) {
          ObjectNode manifest = (ObjectNode) JSON.readTree(Files.readString(file));
          manifest.remove("supersedes");
          told.put(name, manifest.toString());
        } else if (name.endsWith(".jsonl") || name.endsWith("card.md")) {
          told.put(name.replaceAll("part-[^/]*$", "part"), Files.readString(file));
        }
      }
    }
    return told;
  }

  /** Runs over windows, in which a day's agreement is completed from what earlier ones left. */
  @Test
  void runsOverPartsTellTheSame() throws Exception {
    Path output = folder.resolve("parts");
    for (int from = 0; from < DAYS * 24; from += 18) {
      int to = Math.min(DAYS * 24, from + 18);
      done(
          monitor(
              spec,
              baseline,
              output,
              "--from=" + START.plus(Duration.ofHours(from)),
              "--to=" + START.plus(Duration.ofHours(to))));
    }
    Path once = folder.resolve("once");
    done(
        monitor(
            spec, baseline, once, "--from=" + START, "--to=" + START.plus(Duration.ofDays(DAYS))));
    TreeMap<String, String> one = told(once);
    assertThat(one).hasSizeGreaterThan(4 * DAYS);
    assertThat(told(output)).isEqualTo(one);
  }

  /** A job that follows rows and labels; the days that it has closed are those of the run. */
  @Test
  void aStreamTellsTheSame() throws Exception {
    MonitoringSpec read = SpecFiles.one(spec.toString());
    List<InferenceEvent> given = new ArrayList<>();
    for (String line : LABEL_LINES) {
      JsonNode label = JSON.readTree(line);
      given.add(
          new InferenceEvent(
              label.get("ref").asText(),
              WindowSpec.micros(Instant.parse(label.get("known").asText())),
              "",
              new double[0],
              new String[] {label.get("truth").asText()},
              null,
              new String[] {label.get("by").asText()}));
    }
    Path output = folder.resolve("stream");
    Baselines baselines = Baselines.read(baseline.toString(), read.model());
    Fleet<Model> models =
        Fleet.one(read.model(), new Model(read, Redaction.of(read, null), baselines));
    FollowedRecord record = new FollowedRecord(read, List.of(), "kafka://h:1/t", null, null);
    FollowedResults results =
        new FollowedResults(
            Fleet.one(read.model(), record),
            LogTopic.times(models.map(Model::spec), true),
            output.toString());
    TimeRange range = new TimeRange(WindowSpec.micros(START), Long.MAX_VALUE);
    LogTopic topic =
        new LogTopic(
            models,
            new PlayedTopic(read, range, ROW_LINES).withLabels(given),
            true,
            range,
            WriteDeadLetters.to(output.toString(), WriteDeadLetters.LATE),
            results,
            output.toString());
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        "Monitor",
        new MonitorPipeline(
            models, topic, Outputs.of(output.toString(), false, null, null), results));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining(PlayedTopic.KILLED);
    TreeMap<String, String> stream = told(output);
    Map<String, String> run = told(whole);
    assertThat(stream).containsKey("snapshots/loans/20250306T000000Z/manifest.json");
    run.keySet().retainAll(stream.keySet());
    assertThat(stream).isEqualTo(run);
    assertThat(stream.get("label-quality/model=loans/period=20250306T000000Z/part"))
        .contains("\"pairs\":[{");
  }

  /** Who labelled is in no output where the spec hides it; with a key as its hash. */
  @Test
  void namesOfSourcesCanBeHidden() throws Exception {
    String text = SPEC.replace("rows: 200}", "rows: 200, mask: [by]}");
    Path masked = Files.writeString(folder.resolve("masked.yaml"), text);
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef");
    for (String[] more : List.of(new String[0], new String[] {"--mask-key=" + key})) {
      Path output = folder.resolve("masked-" + more.length);
      done(monitor(masked, baseline, output, more));
      for (JsonNode period : lines(output.resolve("label-quality"))) {
        for (JsonNode pair : period.at("/agreement/pairs")) {
          for (String side : List.of("first", "second")) {
            String name = pair.get(side).asText();
            boolean plain = name.isEmpty() || name.equals("events.label");
            assertThat(plain || (more.length == 0 ? pair.get(side).isNull() : name.length() == 64))
                .as(name)
                .isTrue();
          }
        }
      }
      for (Path file : Cli.files(output)) {
        if (!file.toString().endsWith(".parquet")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain("\"ann\"", "ann: ", "ann and ", "\3ann", "\4ann");
        }
      }
      assertThat(lines(output.resolve("review"))).isNotEmpty();
    }
  }
}
