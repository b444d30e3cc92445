package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Runs that write snapshots into one output, one after the other, and are killed, while a reader
 * follows {@code LATEST}: each snapshot that it is led to has to be whole. Run by {@code
 * scripts/reader-run}; exit 1 where one is not. Which run is killed, and how long after what, is
 * the same each time; where it then is, the machine decides.
 *
 * <p>Arguments: a folder for log and outputs, whose content goes; kills, 200 by default.
 */
public final class ReaderRun {
  /** Snapshots of several parts, of a period of two windows. */
  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, region: categorical, product: categorical}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: PT12H, rows: ROWS, seed: SEED}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 20;
  private static final int WINDOWS = 16;
  private static final int LOG_ROWS = 12_000;

  /** Periods that a run writes. */
  private static final int PERIODS = 3;

  /** Rows that a snapshot may have, which are of three, two and one part. */
  private static final List<Integer> ROWS = List.of(120_000, 60_000, 300);

  /** Each one of so many runs ends by itself. */
  private static final int ENDING = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final Path output;
  private final Path said;
  private final int kills;
  private final Random random = new Random(SEED);
  private final AtomicReference<Exception> reading = new AtomicReference<>();
  private final List<String> partial = new ArrayList<>(); // guarded by itself
  private Log log;
  private List<String> bounds;
  private volatile boolean over;
  private volatile long looks;
  private final TreeSet<String> seen = new TreeSet<>(); // of the reader, until it has ended
  private final TreeSet<String> periods = new TreeSet<>();

  private ReaderRun(Path folder, int kills) {
    this.folder = folder;
    this.output = folder.resolve("out");
    this.said = folder.resolve("monitor.log");
    this.kills = kills;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "target/reader-run");
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.createDirectories(folder);
    System.exit(new ReaderRun(folder.toRealPath(), kills).run() ? 0 : 1);
  }

  /** What became of a run. */
  private enum End {
    KILLED,
    /** When something below snapshots/ was written, and not all. */
    KILLED_WHILE_WRITING,
    ENDED
  }

  private boolean run() throws Exception {
    log =
        Log.of(
            folder.resolve("log"),
            spec(0),
            LOG_ROWS,
            "--windows=" + WINDOWS,
            "--seed=7",
            "--clean");
    bounds = log.windowBounds();
    Files.copy(Path.of("target/tidemark.jar"), folder.resolve("tidemark.jar"));
    Thread reader = new Thread(this::follow, "reader");
    reader.setDaemon(true);
    reader.start();
    long[] lasts = measure();
    System.out.printf(
        "a run takes %.1f s, and is at its snapshots for %.2f s%n", lasts[0] / 1e3, lasts[1] / 1e3);
    int killed = 0;
    int writing = 0;
    int ended = 0;
    int left = 0;
    for (int i = 0; killed < kills; i++) {
      End end = attempt(i, killed, lasts);
      killed += end == End.ENDED ? 0 : 1;
      writing += end == End.KILLED_WHILE_WRITING ? 1 : 0;
      ended += end == End.ENDED ? 1 : 0;
      left += (int) snapshots().keySet().stream().filter(ReaderRun::inTheMaking).count();
      if (reading.get() != null) {
        throw reading.get();
      }
      if ((i + 1) % 20 == 0) {
        System.out.println(killed + " killed, " + ended + " ended, " + looks + " looks");
      }
    }
    List<String> differing = comesToTheSame();
    over = true;
    reader.join();
    if (reading.get() != null) {
      throw reading.get();
    }
    synchronized (partial) {
      partial.stream().limit(10).forEach(line -> System.out.println("PARTIAL  " + line));
      differing.forEach(line -> System.out.println("DIFFERS  " + line));
      System.out.printf(
          Locale.ROOT,
          "%d runs killed (%d of them while they wrote snapshots, %d files in the making left), %d"
              + " ended; %d looks at LATEST, %d snapshots of %d periods seen; %d partial, %d periods"
              + " other than of a run alone%n",
          killed,
          writing,
          left,
          ended,
          looks,
          seen.size(),
          periods.size(),
          partial.size(),
          differing.size());
      return partial.isEmpty() && differing.isEmpty() && seen.size() > 1;
    }
  }

  /**
   * @param rows of a snapshot at most: the parts are one for each 50,000
   */
  static String spec(int rows, int seed) {
    return SPEC.replace("ROWS", Integer.toString(rows)).replace("SEED", Integer.toString(seed));
  }

  private static String spec(int i) {
    return spec(ROWS.get(i % ROWS.size()), i + 1);
  }

  /**
   * The run over the periods that are there by now, with a seed and parts of its own.
   *
   * @param progress from 0 to 1: how far the log is read
   */
  private Process start(int i, double progress, Path to, String... java) throws IOException {
    Files.writeString(log.spec, spec(i));
    int all = (bounds.size() - 1) / 2;
    int end = Math.min(all, PERIODS + (int) (progress * (all - PERIODS + 1)));
    return start(bounds.get(2 * (end - PERIODS)), bounds.get(2 * end), to, java);
  }

  private Process start(String from, String until, Path to, String... java) throws IOException {
    List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-Xmx1g"));
    command.addAll(List.of(java));
    command.addAll(
        List.of(
            "-jar",
            folder.resolve("tidemark.jar").toString(),
            "monitor",
            "--spec=" + log.spec,
            "--events=" + log.events(),
            "--baseline=" + log.baseline,
            "--from=" + from,
            "--to=" + until,
            "--output=" + to));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private void awaitEnd(Process run) throws Exception {
    if (!run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      run.destroyForcibly();
      throw new IllegalStateException("a run does not end: " + Servers.text(said));
    }
    if (run.exitValue() != 0) {
      throw new IllegalStateException("a run failed: " + Servers.text(said));
    }
  }

  private String archive() {
    return "-XX:SharedArchiveFile=" + folder.resolve("tidemark.jsa");
  }

  /** How long a run lasts, and how long it is at its snapshots, milliseconds; alone. */
  private long[] measure() throws Exception {
    Path alone = folder.resolve("measured");
    awaitEnd(start(0, 0, alone, "-XX:ArchiveClassesAtExit=" + folder.resolve("tidemark.jsa")));
    long begun = System.nanoTime();
    Process run = start(1, 0, alone, archive());
    TreeMap<String, Long> before = below(alone);
    long first = 0;
    long last = begun;
    while (run.isAlive()) {
      TreeMap<String, Long> now = below(alone);
      if (!now.equals(before)) {
        before = now;
        last = System.nanoTime();
        first = first == 0 ? last : first;
      }
      Thread.sleep(2);
    }
    awaitEnd(run);
    long end = System.nanoTime();
    return new long[] {(end - begun) / 1_000_000, Math.max(1, (last - first) / 1_000_000)};
  }

  /**
   * Every other run is killed somewhere between its begin and its end, the others after they have
   * begun to write their snapshots.
   */
  private End attempt(int i, int killed, long[] lasts) throws Exception {
    TreeMap<String, Long> before = snapshots();
    Process run = start(i, (double) killed / kills, output, archive());
    boolean ends = i % ENDING == ENDING - 1;
    double when = random.nextDouble();
    if (!ends && i % 2 == 0) {
      Thread.sleep((long) (when * lasts[0]));
    } else if (!ends) {
      while (run.isAlive() && snapshots().equals(before)) {
        Thread.sleep(1);
      }
      Thread.sleep((long) (when * lasts[1]));
    }
    if (!ends && run.isAlive()) {
      run.destroyForcibly().waitFor();
      if (run.exitValue() != 0) { // else it was done when it was killed
        boolean wrote = !snapshots().equals(before);
        return wrote ? End.KILLED_WHILE_WRITING : End.KILLED;
      }
    }
    awaitEnd(run);
    return End.ENDED;
  }

  /** Files of snapshots with when they were written. */
  private TreeMap<String, Long> snapshots() throws IOException {
    return below(output);
  }

  private static TreeMap<String, Long> below(Path output) throws IOException {
    TreeMap<String, Long> files = new TreeMap<>();
    Path snapshots = output.resolve("snapshots");
    if (Files.isDirectory(snapshots)) {
      for (Path file : Cli.files(snapshots)) {
        files.put(file.toString(), file.toFile().lastModified());
      }
    }
    return files;
  }

  private static boolean inTheMaking(String path) {
    return path.endsWith(".tmp");
  }

  /** After all of it a run over the whole log leaves what one in an empty folder does. */
  private List<String> comesToTheSame() throws Exception {
    Path alone = folder.resolve("alone");
    Files.writeString(log.spec, spec(0));
    for (Path to : List.of(output, alone)) {
      awaitEnd(start(bounds.get(0), bounds.get(bounds.size() - 1), to, archive()));
    }
    List<String> differing = new ArrayList<>();
    Path expected = alone.resolve("snapshots/loans");
    try (Stream<Path> all = Files.list(expected)) {
      for (Path period : all.filter(Files::isDirectory).sorted().toList()) {
        Path own = output.resolve("snapshots/loans").resolve(period.getFileName());
        if (!contentOf(own).equals(contentOf(period))) {
          differing.add(own.toString());
        }
      }
    }
    snapshots().keySet().stream().filter(ReaderRun::inTheMaking).forEach(differing::add);
    return differing;
  }

  /** All that a manifest says but for what it took the place of. */
  private static JsonNode contentOf(Path period) throws IOException {
    JsonNode manifest = JSON.readTree(Files.readAllBytes(period.resolve("manifest.json")));
    ((ObjectNode) manifest).remove("supersedes");
    return manifest;
  }

  private void follow() {
    LatestReader latest = new LatestReader(output.resolve("snapshots/loans"));
    String last = "";
    try {
      while (!over) {
        LatestReader.Look look = latest.look();
        looks++;
        List<String> wrong = new ArrayList<>(look.wrong());
        if (look.period() == null ? !last.isEmpty() : look.period().compareTo(last) < 0) {
          wrong.add("LATEST was " + last + " and is " + look.period());
        }
        if (look.manifest() != null) {
          seen.add(look.period() + " " + look.manifest());
          periods.add(look.period());
        }
        last = look.period() == null ? last : look.period();
        synchronized (partial) {
          partial.addAll(wrong);
        }
        Thread.sleep(2);
      }
    } catch (Exception e) {
      reading.set(e);
    }
  }
}
