package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.simulate.SimulatedLog.Options;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same log from the same options, and counts that are those of the files. */
class SimulatorTest {
  private static final String LABELS =
      """
      labels: {id: id, value: is, time: known, source: by, horizon: P2D}
      """;

  @TempDir Path folder;

  private SimulatedLog write(String name, String yaml, String format, Options options)
      throws Exception {
    return SimulatedLog.write(folder.resolve(name), yaml, format, options);
  }

  @Test
  void filesDoNotDependOnThreads() throws Exception {
    Options options =
        Options.rows(160_000).drift(Drift.DEFAULT, Drift.PRIOR, Drift.CONCEPT).correlation(.5);
    TreeMap<String, String> one =
        SimulatedLog.write(folder.resolve("one"), SimulatedLog.BINARY, "jsonl", options, 1).files();
    TreeMap<String, String> four =
        SimulatedLog.write(folder.resolve("four"), SimulatedLog.BINARY, "jsonl", options, 4)
            .files();
    assertThat(one).containsKeys("events/part-00001.jsonl", "reference/part-00001.jsonl");
    assertThat(four).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro", "jsonl", "csv"})
  void theSameAgainAndAnotherSeedAnotherLog(String format) throws Exception {
    SimulationOptions options = Options.rows(500).given();
    String yaml = SimulatedLog.BINARY;
    TreeMap<String, String> first = write("first", yaml, format, new Options(options)).files();
    assertThat(write("again", yaml, format, new Options(options)).files()).isEqualTo(first);
    SimulationOptions other = SimulationOptions.of(options.rows(), 2);
    assertThat(write("other", yaml, format, new Options(other)).files().values())
        .doesNotContainAnyElementsOf(first.values());
  }

  @Test
  void aRowIsMadeFromItsNumberAlone() {
    MonitoringSpec spec = SimulatedLog.spec(SimulatedLog.BINARY, "csv");
    SimulationOptions options =
        Options.rows(3000).drift(Drift.DEFAULT, Drift.PRIOR, Drift.CONCEPT).given();
    Season season = new Season(Seasonality.DAILY, .5);
    Draws draws = new Draws(1, "any");
    Timeline timeline = new Timeline(spec.window(), 12, 0, 3000, season, draws);
    List<Planted> planted = Planted.in(spec.features(), options, "1");
    Features features = new Features(spec, options, "events", planted, "f", 1);
    RowKinds kinds = RowKinds.faulty(spec, Format.CSV, timeline, draws);
    RowSource source = new RowSource(spec, 1, "events", timeline, features, planted, kinds);
    List<Object[]> forth = new ArrayList<>();
    Row row = source.row();
    for (int number = 0; number < 3000; number++) {
      forth.add(values(source, row, number));
    }
    for (int number = 2999; number >= 0; number--) {
      assertThat(values(source, row, number)).isEqualTo(forth.get(number));
      assertThat(values(source, source.row(), number)).isEqualTo(forth.get(number));
    }
  }

  private static Object[] values(RowSource source, Row row, long number) {
    Object[] values = new Object[source.columns().size()];
    source.make(number, row);
    source.show(row, values);
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro", "jsonl", "csv"})
  void fewerRowsThanWindowsAreALogToo(String format) throws Exception {
    JsonNode truth = write("tiny", SimulatedLog.BINARY, format, Options.rows(3).clean()).truth();
    int profiled = 0;
    for (JsonNode window : truth.get("events").get("by_window")) {
      profiled += window.get("profiled").asInt();
    }
    assertThat(profiled).isEqualTo(3);
  }

  @Test
  void countsAreThoseOfTheFiles() throws Exception {
    SimulatedLog log = write("log", SimulatedLog.BINARY, "parquet", Options.rows(40_000));
    JsonNode rows = log.truth().get("expected_rows");
    JsonNode letters = log.truth().get("expected_dead_letters");
    String good = "EVENTS where id is not null and \"at\" is not null and p is not null";
    assertThat(log.number("select count(*) from EVENTS")).isEqualTo(rows.get("read").asDouble());
    assertThat(log.number("select count(*) from EVENTS where id is null"))
        .isPositive()
        .isEqualTo(letters.get("id_missing").asDouble());
    assertThat(log.number("select count(*) from EVENTS where \"at\" is null"))
        .isPositive()
        .isEqualTo(letters.get("time_missing").asDouble());
    assertThat(log.number("select count(*) from EVENTS where p is null"))
        .isPositive()
        .isEqualTo(letters.get("prediction_missing").asDouble());
    assertThat(log.number("select count(*) - count(distinct id) from " + good))
        .isPositive()
        .isEqualTo(rows.get("duplicate").asDouble());
    assertThat(
            log.number(
                "select count(*) from (select id from "
                    + good
                    + " group by id having count(distinct p) > 1)"))
        .isPositive()
        .isEqualTo(rows.get("conflicting_duplicate").asDouble());
    assertThat(log.number("select count(distinct id) from " + good))
        .isEqualTo(rows.get("profiled").asDouble());
  }

  @Test
  void countsOfEachWindowAreThoseOfTheFiles() throws Exception {
    SimulatedLog log =
        write("log", SimulatedLog.BINARY, "parquet", Options.rows(20_000).drift(Drift.CONCEPT));
    for (String part : new String[] {"reference", "events"}) {
      String each =
          "from (select distinct on (id) * from "
              + part.toUpperCase(Locale.ROOT)
              + " where id is not null and \"at\" is not null and p is not null)"
              + " group by w order by w";
      JsonNode windows = log.truth().get(part).get("by_window");
      assertThat(windows).hasSize(12);
      double[] rows = log.numbers("select count(*) " + each);
      double[] ones = log.numbers("select count(*) filter (truth = '1') " + each);
      double[] correct = log.numbers("select count(*) filter (truth = guess) " + each);
      for (int i = 0; i < windows.size(); i++) {
        assertThat(rows[i]).isEqualTo(windows.get(i).get("profiled").asDouble());
        assertThat(ones[i]).isEqualTo(windows.get(i).get("truths").get("1").asDouble());
        assertThat(correct[i]).isEqualTo(windows.get(i).get("correct").asDouble());
      }
    }
  }

  @Test
  void aCleanLogHasNeitherCopiesNorBadRows() throws Exception {
    SimulatedLog log = write("log", SimulatedLog.BINARY, "parquet", Options.rows(5000).clean());
    assertThat(log.number("select count(distinct id) from EVENTS where \"at\" is not null"))
        .isEqualTo(5000);
    assertThat(log.truth().get("expected_rows").get("profiled").asInt()).isEqualTo(5000);
    assertThat(log.truth().get("expected_dead_letters")).isEmpty();
  }

  @Test
  void thePlantedListOfTheDefaultStays() throws Exception {
    SimulatedLog log = write("log", SimulatedLog.BINARY, "parquet", Options.rows(1000));
    assertThat(log.truth().get("planted"))
        .extracting(planted -> planted.get("field").asText() + " " + planted.get("kind").asText())
        .containsExactly(
            "age covariate_shift",
            "g category_shares",
            "h new_category",
            "c missing",
            "e covariate_shift");
    assertThat(log.truth().get("stationary"))
        .extracting(JsonNode::asText)
        .containsExactly("b", "d", "f", "i");
    assertThat(log.truth().get("planted").get(4).toString())
        .contains(
            "\"from\":\"2024-01-01T20:00:00Z\"", "\"to\":\"2024-01-02T00:00:00Z\"", "\"size\":1.0");
  }

  @Test
  void labelsOfTheirOwnComeWithinTheHorizonAndAreDrawnFromTheScore() throws Exception {
    for (String yaml : new String[] {SimulatedLog.BINARY, SimulatedLog.MULTICLASS}) {
      Path here = Files.createTempDirectory(folder, "labels");
      String spec = yaml.replace("  label: truth\n", "") + LABELS;
      Options options = Options.rows(20_000).drift().clean();
      SimulatedLog log = SimulatedLog.write(here, spec, "parquet", options);
      String labels = "'" + here.resolve("labels") + "/*.parquet'";
      assertThat(log.number("select count(*) from " + labels))
          .isEqualTo(log.truth().get("expected_labels").asDouble())
          .isBetween(18_000.0, 19_500.0);
      String joined = " from EVENTS e join " + labels + " l on l.id = e.id";
      String waited = "(epoch(known) - epoch(\"at\"))";
      assertThat(log.number("select min" + waited + joined)).isNotNegative();
      assertThat(log.number("select max" + waited + joined)).isLessThan(2 * 86_400);
      double correct = log.number("select avg((\"is\" = guess)::int)" + joined);
      JsonNode window = log.truth().get("events").get("by_window").get(0);
      double expected = window.get("correct").asDouble() / window.get("profiled").asDouble();
      assertThat(correct).isCloseTo(expected, within(.05));
    }
  }

  @Test
  void refusesWhatTheSpecCannotHave() {
    Options concept = Options.rows(10).drift(Drift.CONCEPT);
    String unlabelled = SimulatedLog.BINARY.replace("  label: truth\n", "");
    assertThatThrownBy(() -> write("no", unlabelled, "parquet", concept))
        .isInstanceOf(SimulationException.class)
        .hasMessageContaining("neither events.label nor labels");
    String one = SimulatedLog.MULTICLASS.replace("a: numeric, b: numeric, ", "");
    assertThatThrownBy(() -> write("no", one, "parquet", Options.rows(10).correlation(.5)))
        .isInstanceOf(SimulationException.class)
        .hasMessageContaining("fewer than two numeric features");
    String odd = SimulatedLog.MULTICLASS.replace("p_cat", "p-cat");
    assertThatThrownBy(() -> write("no", odd, "avro", Options.rows(10)))
        .isInstanceOf(SimulationException.class)
        .hasMessageContaining("column 'p-cat' cannot be written as Avro");
  }

  @Test
  void leavesOtherFilesAlone() throws Exception {
    Files.createDirectories(folder.resolve("mine"));
    Path mine = Files.writeString(folder.resolve("mine/letter.txt"), "mine");
    assertThatThrownBy(() -> write("mine", SimulatedLog.BINARY, "csv", Options.rows(10)))
        .isInstanceOf(SimulationException.class)
        .hasMessageContaining("choose an empty folder");
    assertThat(mine).hasContent("mine");
    write("ours", SimulatedLog.BINARY, "csv", Options.rows(10));
    Set<String> again =
        write("ours", SimulatedLog.BINARY, "jsonl", Options.rows(10)).files().keySet();
    assertThat(again)
        .containsExactlyInAnyOrder(
            "events/part-00000.jsonl", "reference/part-00000.jsonl", "truth.json");
  }
}
