package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Content;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** A small simulated log with its spec and baseline, for tests of the whole program. */
final class Log {
  static final String SPEC =
      """
      model: loans
      task: binary
      events:
        format: FORMAT
        id: id
        time: at
        prediction: {score: p, label: guess, positive: "1"}
        label: truth
      features:
        income: numeric
        region: categorical
        debt: {type: numeric, path: applicant.debt}
        product: categorical
        tenure: numeric
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      segments: [region]
      snapshot: {period: PT12H, rows: 300, columns: [note, email], mask: [email]}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WindowSpec WINDOW =
      WindowSpec.fixed(Duration.ofHours(6), Instant.parse("2024-01-01T00:00:00Z"), Duration.ZERO);

  final Path folder;
  final Path spec;
  final Path baseline;

  private Log(Path folder) {
    this.folder = folder;
    this.spec = folder.resolve("spec.yaml");
    this.baseline = folder.resolve("baseline.avro");
  }

  static Log simulate(Path folder, String format, int rows, String... options) throws IOException {
    return of(folder, SPEC.replace("FORMAT", format), rows, options);
  }

  static Log of(Path folder, String spec, int rows, String... options) throws IOException {
    Log log = new Log(folder);
    Files.createDirectories(folder);
    Files.writeString(log.spec, spec);
    List<String> simulate =
        new ArrayList<>(
            List.of(
                "simulate",
                "--spec=" + log.spec,
                "--output=" + folder.resolve("log"),
                "--rows=" + rows));
    simulate.addAll(List.of(options));
    log.done(Cli.run(simulate.toArray(new String[0])));
    List<String> baseline =
        new ArrayList<>(
            List.of(
                "baseline",
                "--spec=" + log.spec,
                "--events=" + folder.resolve("log/reference"),
                "--output=" + log.baseline));
    if (Files.exists(log.labels())) {
      baseline.add("--labels=" + folder.resolve("log/reference-labels"));
    }
    log.done(Cli.run(baseline.toArray(new String[0])));
    return log;
  }

  private void done(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** Puts something else in place of a part of the spec. */
  void change(String part, String by) throws IOException {
    String text = Files.readString(spec);
    String changed = text.replaceFirst(part, by);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(spec, changed);
  }

  Path events() {
    return folder.resolve("log/events");
  }

  Path labels() {
    return folder.resolve("log/labels");
  }

  /** The events' lines in another order, in so many files. */
  Path shuffled(long seed, int files) throws IOException {
    return shuffled(events(), seed, files);
  }

  /** A folder's lines in another order, in so many files. */
  Path shuffled(Path source, long seed, int files) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : Cli.files(source)) {
      lines.addAll(Files.readAllLines(file));
    }
    Collections.shuffle(lines, new Random(seed));
    Path shuffled =
        Files.createDirectories(folder.resolve("shuffled-" + source.getFileName() + "-" + files));
    for (int i = 0; i < files; i++) {
      int from = (int) ((long) lines.size() * i / files);
      int to = (int) ((long) lines.size() * (i + 1) / files);
      Files.write(shuffled.resolve("f" + i + ".jsonl"), lines.subList(from, to));
    }
    return shuffled;
  }

  /** Where the windows of the events begin, and where the last ends. */
  List<String> windowBounds() throws IOException {
    TreeSet<String> bounds = new TreeSet<>();
    for (Path file : Cli.files(events())) {
      for (String line : Files.readAllLines(file)) {
        long start = WINDOW.startOf(time(line));
        bounds.add(WindowSpec.instant(start).toString());
        bounds.add(WindowSpec.instant(WINDOW.endOf(start)).toString());
      }
    }
    return List.copyOf(bounds);
  }

  /** The events in a folder each for so many windows; not for logs with unusable times. */
  List<Path> byWindow(int windows) throws IOException {
    List<String> bounds = windowBounds();
    TreeMap<Integer, List<String>> parts = new TreeMap<>();
    for (Path file : Cli.files(events())) {
      for (String line : Files.readAllLines(file)) {
        String start = WindowSpec.instant(WINDOW.startOf(time(line))).toString();
        int part = bounds.indexOf(start) / windows;
        parts.computeIfAbsent(part, name -> new ArrayList<>()).add(line);
      }
    }
    List<Path> folders = new ArrayList<>();
    for (Map.Entry<Integer, List<String>> part : parts.entrySet()) {
      Path own = Files.createDirectories(folder.resolve("by-" + windows + "-" + part.getKey()));
      Files.write(own.resolve("events.jsonl"), part.getValue());
      folders.add(own);
    }
    return folders;
  }

  private static long time(String line) throws IOException {
    return WindowSpec.micros(Instant.parse(JSON.readTree(line).get("at").asText()));
  }

  Cli.Result monitor(Path events, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + events,
                "--baseline=" + baseline,
                "--output=" + output));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  /** What a run wrote: contents by path, without what may differ from run to run. */
  static TreeMap<String, String> results(Path output, String... leftOut) throws IOException {
    TreeMap<String, String> results = new TreeMap<>();
    for (Path file : Cli.files(output)) {
      String path = output.relativize(file).toString();
      // What runs leave for later ones depends on how the log is cut into runs.
      boolean compared =
          !path.startsWith("runs")
              && !path.startsWith("lineage") // of the run, as its record is
              && !path.startsWith(".lock")
              && !path.startsWith("detectors")
              && !path.startsWith("candidates")
              && !path.startsWith("coded-rows")
              && !path.startsWith("label-evidence");
      for (String prefix : leftOut) {
        compared &= !path.startsWith(prefix);
      }
      if (compared) {
        results.put(path, Content.of(Files.readAllBytes(file)));
      }
    }
    return results;
  }
}
