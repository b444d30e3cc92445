package io.tidemark.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Content;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A log written to a folder, and what SQL reads back from it. */
record SimulatedLog(Path folder, JsonNode truth) {
  static final String BINARY =
      """
      model: m
      task: binary
      events:
        format: FORMAT
        id: id
        time: at
        model_version: version
        prediction: {score: p, label: guess, positive: "1"}
        label: truth
      features:
        age: numeric
        b: {type: numeric, path: nested.b}
        c: numeric
        d: numeric
        e: numeric
        f: numeric
        g: {type: categorical, path: nested.deeper.g}
        h: categorical
        i: categorical
      window: {size: PT1H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: PT1H, columns: [note]}
      """;

  static final String MULTICLASS =
      """
      model: m
      task: multiclass
      events:
        format: FORMAT
        id: id
        time: at
        prediction: {scores: {cat: p_cat, dog: p_dog, owl: p_owl}, label: guess}
        label: truth
      features: {a: numeric, b: numeric, c: numeric, d: categorical}
      window: {size: PT1H, origin: 2024-01-01T00:00:00Z}
      """;

  static final String REGRESSION =
      """
      model: m
      task: regression
      events:
        format: FORMAT
        id: id
        time: at
        prediction: {value: y}
        label: truth
      features: {a: numeric, b: numeric, c: numeric, d: categorical}
      window: {size: PT1H, origin: 2024-01-01T00:00:00Z}
      """;

  /** Options of the command line, one changed after the other. */
  record Options(SimulationOptions given) {
    static Options rows(long rows) {
      return new Options(SimulationOptions.of(rows, 1));
    }

    Options drift(Drift... drift) {
      return with(Set.of(drift), given.pattern(), given.sizes(), given.clean());
    }

    Options pattern(Pattern pattern) {
      return with(given.drift(), pattern, given.sizes(), given.clean());
    }

    Options size(double size) {
      return with(given.drift(), given.pattern(), Sizes.all(size), given.clean());
    }

    Options clean() {
      return with(given.drift(), given.pattern(), given.sizes(), true);
    }

    private Options with(Set<Drift> drift, Pattern pattern, Sizes sizes, boolean clean) {
      return new Options(
          new SimulationOptions(
              given.rows(),
              given.seed(),
              given.windows(),
              drift,
              pattern,
              given.period(),
              sizes,
              given.seasonality(),
              given.amplitude(),
              given.correlation(),
              given.sharpness(),
              clean));
    }

    Options season(Seasonality seasonality, double amplitude, int windows) {
      return new Options(
          new SimulationOptions(
              given.rows(),
              given.seed(),
              windows,
              given.drift(),
              given.pattern(),
              SimulationOptions.defaultPeriod(windows),
              given.sizes(),
              seasonality,
              amplitude,
              given.correlation(),
              given.sharpness(),
              given.clean()));
    }

    Options correlation(double correlation) {
      return new Options(
          new SimulationOptions(
              given.rows(),
              given.seed(),
              given.windows(),
              given.drift(),
              given.pattern(),
              given.period(),
              given.sizes(),
              given.seasonality(),
              given.amplitude(),
              correlation,
              given.sharpness(),
              given.clean()));
    }
  }

  static MonitoringSpec spec(String yaml, String format) {
    return SpecReader.read("spec.yaml", yaml.replace("FORMAT", format));
  }

  static SimulatedLog write(Path folder, String yaml, String format, Options options)
      throws IOException {
    return write(folder, yaml, format, options, 2);
  }

  static SimulatedLog write(Path folder, String yaml, String format, Options options, int threads)
      throws IOException {
    String truth =
        Simulator.simulate(
            spec(yaml, format), options.given(), folder.toString(), threads, more -> {});
    return new SimulatedLog(folder, new ObjectMapper().readTree(truth));
  }

  /** Every file's bytes. */
  TreeMap<String, String> files() throws IOException {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Content.of(Files.readAllBytes(file));
        contents.put(folder.relativize(file).toString(), content);
      }
    }
    return contents;
  }

  /**
   * Rows of text that a query gives.
   *
   * @param sql {@code EVENTS} and {@code REFERENCE} stand for what is in Parquet files, with each
   *     row's window as {@code w}
   */
  List<List<String>> query(String sql) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery(
                withPart(withPart(sql, "EVENTS", "events"), "REFERENCE", "reference"))) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private String withPart(String sql, String name, String part) {
    return sql.contains(name) ? sql.replace(name, rows(part)) : sql;
  }

  private String rows(String part) {
    String from = truth.get(part).get("from").asText();
    return "(select *, (epoch_us(\"at\") - epoch_us(timestamptz '"
        + from
        + "')) // 3600000000 as w from '"
        + folder.resolve(part)
        + "/*.parquet')";
  }

  /** One number of each row of a query. */
  double[] numbers(String sql) throws SQLException {
    return query(sql).stream().mapToDouble(row -> Double.parseDouble(row.get(0))).toArray();
  }

  double number(String sql) throws SQLException {
    return numbers(sql)[0];
  }
}
