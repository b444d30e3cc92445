package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

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

  /** All below a folder, in order; those that go meanwhile may be among them or not. */
  static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path place, IOException e) throws IOException {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(place, e);
          }
        });
    files.sort(null);
    return files;
  }

  /** The folder of data and third-party figures that some tests compare with. */
  static Path shared() {
    return Path.of(System.getProperty("tidemark.shared", "../shared"));
  }
}
