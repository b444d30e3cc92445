package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs the command line inside the test's process and reads what it wrote. */
public final class Cli {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Cli() {}

  /** What a command did. */
  public record Result(int code, String out, String err) {}

  public static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            args);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Every finding below an output folder, in the order of windows. */
  static List<JsonNode> findings(Path output) throws IOException {
    return rows(output.resolve("findings"));
  }

  /** Every row of the performance table, in the order of windows. */
  static List<JsonNode> performance(Path output) throws IOException {
    return rows(output.resolve("performance"));
  }

  private static List<JsonNode> rows(Path table) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (Path file : files(table)) {
      for (String line : Files.readAllLines(file)) {
        rows.add(JSON.readTree(line));
      }
    }
    return rows;
  }

  static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The folder of data and third-party figures that some tests compare with. */
  static Path shared() {
    return Path.of(System.getProperty("tidemark.shared", "../shared"));
  }
}
