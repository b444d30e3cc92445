package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** NannyML's missing and unseen rates of the Titanic's passengers, in chunks of rows. */
class TitanicTest {
  private static final int KEPT = 2000;

  @Test
  void missingRates() throws Exception {
    compare("missing_values_rate", CategorySummary::missing, false);
    compare("missing_values_count", CategorySummary::missing, true);
  }

  @Test
  void unseenRates() throws Exception {
    compare("unseen_values_rate", CategorySummary::unseenRows, false);
    compare("unseen_values_count", CategorySummary::unseenRows, true);
  }

  private interface Figure {
    long of(CategorySummary summary);
  }

  private static void compare(String table, Figure figure, boolean absolute) throws Exception {
    List<String[]> rows = Oracles.csv("oracles/nannyml_titanic/" + table + "_10chunks_wide.csv");
    String[] header = rows.get(0);
    int compared = 0;
    for (int column = 0; column < header.length; column++) {
      if (!header[column].endsWith("_value")) {
        continue;
      }
      String name = header[column].substring(0, header[column].length() - "_value".length());
      List<String> reference = values("titanic_reference.csv", name);
      List<String> analysis = values("titanic_analysis.csv", name);
      Dictionary known = Dictionary.of(reference.stream().filter(Objects::nonNull).toList());
      for (String[] row : rows.subList(1, rows.size())) {
        int from = Integer.parseInt(row[2]);
        int to = Integer.parseInt(row[3]) + 1;
        List<String> all = row[6].equals("reference") ? reference : analysis;
        CategorySummary summary = summary(known, all.subList(from, to));
        double value = figure.of(summary) / (absolute ? 1.0 : to - from);
        assertThat(value)
            .as(table + " of " + name + " in " + row[6] + row[0])
            .isEqualTo(Double.parseDouble(row[column]));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(80);
  }

  private static CategorySummary summary(Dictionary known, Collection<String> values) {
    CategorySummary summary = new CategorySummary(known, KEPT);
    for (String value : values) {
      if (value == null) {
        summary.addMissing();
      } else {
        summary.add(value);
      }
    }
    return summary;
  }

  private static List<String> values(String file, String column) throws SQLException {
    Path path = Oracles.file("data/titanic/" + file);
    List<String> values = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "select \"" + column + "\" from read_csv('" + path + "', all_varchar = true)")) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
