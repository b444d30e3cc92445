package io.tidemark.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs a query and fetches all of its result. Arguments: the query, the number of threads. */
final class DuckDbQuery {
  private DuckDbQuery() {}

  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("set threads = " + Integer.parseInt(arguments[1]));
      long cells = 0;
      try (ResultSet rows = statement.executeQuery(arguments[0])) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int i = 1; i <= columns; i++) {
            cells += rows.getString(i) == null ? 0 : 1;
          }
        }
      }
      System.out.println(cells + " figures");
    }
  }
}
