package io.tidemark.stats;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Third-party figures that lie beside the repository where they are at hand. */
public final class Oracles {
  private Oracles() {}

  /** A file below the shared folder; the test is skipped where it is missing. */
  public static Path file(String path) {
    Path file = Path.of(System.getProperty("tidemark.shared", "../shared")).resolve(path);
    assumeTrue(Files.exists(file), "no third-party figures at " + file);
    return file;
  }

  public static JsonNode json(String path) throws IOException {
    return new ObjectMapper().readTree(file(path).toFile());
  }

  /** Rows of a CSV file without quotes, the header first. */
  public static List<String[]> csv(String path) throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file(path))) {
      rows.add(line.split(",", -1));
    }
    return rows;
  }
}
