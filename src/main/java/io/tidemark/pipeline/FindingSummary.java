package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the findings over windows of one length say, read back from what a run wrote. */
final class FindingSummary {
  static final FindingSummary NONE = new FindingSummary(0, 0, 0, 0, 0, 0, 0, List.of());

  private static final int SHOWN = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long firstWindow;
  private final long lastWindow;
  private final int windows;
  private final int others;
  private final int comparisons;
  private final int alarms;
  private final int beside;
  private final List<Series> ringing;

  /** The alarms of one comparison over the windows, with the strongest of them. */
  private static final class Series {
    /** Segments that rang for the same reason. */
    final java.util.TreeSet<String> segments = new java.util.TreeSet<>();

    /** Windows in which all rows rang: a detector may ring several times in one. */
    final java.util.TreeSet<String> windows = new java.util.TreeSet<>();

    String first;
    double strength = -1;
    JsonNode strongest;

    /** What the log has otherwise than the spec or the baseline explains all the rest. */
    boolean ofSchema;
  }

  private FindingSummary(
      long firstWindow,
      long lastWindow,
      int windows,
      int others,
      int comparisons,
      int alarms,
      int beside,
      List<Series> ringing) {
    this.firstWindow = firstWindow;
    this.lastWindow = lastWindow;
    this.windows = windows;
    this.others = others;
    this.comparisons = comparisons;
    this.alarms = alarms;
    this.beside = beside;
    this.ringing = ringing;
  }

  /**
   * @param folder of the windows' folders
   * @param period of windows that slices are searched in
   * @param first a time in the first window of the run
   * @param last a time in its last window
   * @param labelled windows of which the run has written what rests on labels
   */
  static FindingSummary read(
      String folder,
      WindowSpec window,
      WindowSpec period,
      long first,
      long last,
      TimeRange labelled)
      throws IOException {
    String from = WindowFolders.name(window.startOf(first));
    String to = WindowFolders.name(window.startOf(last));
    String fromPeriod = WindowFolders.name(period.startOf(first));
    String earliest =
        labelled.from() == Long.MIN_VALUE ? from : WindowFolders.name(labelled.from());
    String earliestPeriod =
        labelled.from() == Long.MIN_VALUE
            ? fromPeriod
            : WindowFolders.name(period.startOf(labelled.from()));
    String latest = labelled.to() == Long.MAX_VALUE ? "9" : WindowFolders.name(labelled.to() - 1);
    Map<String, Series> series = new TreeMap<>();
    Set<String> windows = new HashSet<>(); // stages have a file each
    Set<String> others = new HashSet<>();
    int comparisons = 0;
    int alarms = 0;
    int beside = 0;
    for (String path : OutputFiles.list(OutputFiles.path(folder, "*", "*.jsonl"))) {
      String name = path.replaceFirst(".*/window=", "").replaceFirst("/.*", "");
      String file = path.substring(path.lastIndexOf('/') + 1);
      boolean slices = file.startsWith(Table.SLICES.folder() + "-"); // at the period's start
      boolean before = name.compareTo(slices ? fromPeriod : from) < 0;
      boolean after = name.compareTo(to) > 0;
      // Late labels make what rests on them anew of earlier windows, and ring in later ones.
      boolean ofLabels =
          before
              ? (file.startsWith("performance-") && name.compareTo(earliest) >= 0)
                  || (slices && name.compareTo(earliestPeriod) >= 0)
              : file.startsWith("detectors-") && name.compareTo(latest) <= 0;
      if ((before || after) && !ofLabels) {
        continue;
      }
      if (!slices) {
        (before || after ? others : windows).add(name);
      }
      String text = new String(OutputFiles.read(path).orElseThrow(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        comparisons++;
        if (line.contains("\"alarm\":true")) {
          alarms++;
          beside += before || after ? 1 : 0;
          add(series, JSON.readTree(line));
        }
      }
    }
    List<Series> ringing = new ArrayList<>(series.values());
    ringing.sort(
        Comparator.comparing((Series one) -> !one.ofSchema)
            .thenComparingInt(one -> -one.windows.size())
            .thenComparing(Comparator.comparingDouble((Series one) -> one.strength).reversed()));
    return new FindingSummary(
        window.startOf(first),
        window.endOf(window.startOf(last)),
        windows.size(),
        others.size(),
        comparisons,
        alarms,
        beside,
        ringing);
  }

  private static void add(Map<String, Series> all, JsonNode finding) {
    String key =
        String.join(
            "\u0000",
            finding.get("model_version").asText(),
            finding.get("kind").asText(),
            finding.get("subject").asText(),
            finding.get("method").asText());
    Series series = all.computeIfAbsent(key, name -> new Series());
    series.ofSchema = finding.get("kind").asText().equals("schema");
    String segment = finding.get("segment").asText();
    if (!segment.isEmpty()) {
      series.segments.add(segment);
      return; // what all rows say comes first; segments are told beside it
    }
    series.windows.add(finding.get("window_start").asText());
    series.first = series.windows.first();
    JsonNode measure = finding.hasNonNull("effect") ? finding.get("effect") : finding.get("value");
    if (measure.asDouble(0) > series.strength) {
      series.strength = measure.asDouble(0);
      series.strongest = finding;
    }
  }

  int alarms() {
    return alarms;
  }

  int windows() {
    return windows;
  }

  int comparisons() {
    return comparisons;
  }

  /** First window's start, microseconds since the epoch. */
  long firstWindow() {
    return firstWindow;
  }

  /** Last window's end, microseconds since the epoch. */
  long lastWindow() {
    return lastWindow;
  }

  /**
   * @param over what the windows are called: "" or "over P7D "
   */
  void print(PrintWriter out, String over) {
    out.printf(
        Locale.ROOT,
        "  %s %sfrom %s to %s, %s, %s.%n",
        CountText.of(windows, "window"),
        over,
        WindowSpec.instant(firstWindow),
        WindowSpec.instant(lastWindow),
        CountText.of(comparisons, "comparison"),
        CountText.of(alarms, "alarm"));
    if (beside > 0) {
      out.printf(
          Locale.ROOT,
          "  Of the alarms %s of other windows: labels of theirs have come.%n",
          CountText.of(beside, "is", "are"));
    }
    if (!ringing.isEmpty()) {
      String order =
          ringing.get(0).ofSchema ? ", schema and then most often first:" : ", most often first:";
      out.println("What rang" + (" " + over).stripTrailing() + order);
    }
    for (Series series : ringing.subList(0, Math.min(SHOWN, ringing.size()))) {
      print(out, series);
    }
    if (ringing.size() > SHOWN) {
      out.printf(Locale.ROOT, "  ... and %d more.%n", ringing.size() - SHOWN);
    }
  }

  private void print(PrintWriter out, Series series) {
    JsonNode finding = series.strongest;
    if (finding == null) {
      out.println("  only in segments: " + PlainText.line(String.join(", ", series.segments)));
      return;
    }
    String subject = PlainText.line(finding.get("subject").asText());
    String version = PlainText.line(finding.get("model_version").asText());
    out.printf(
        Locale.ROOT,
        "  %-18s %s%s by %s: %,d of %s, first %s%n",
        finding.get("kind").asText(),
        subject.isEmpty() ? "all rows" : subject,
        version.isEmpty() ? "" : " of version " + version,
        finding.get("method").asText(),
        series.windows.size(),
        CountText.of(windows + others, "window"),
        series.first);
    out.printf(
        Locale.ROOT,
        "      strongest %s: %s%n",
        finding.get("window_start").asText(),
        PlainText.line(finding.get("reason").asText()));
    if (!series.segments.isEmpty()) {
      out.println("      also in " + CountText.of(series.segments.size(), "segment"));
    }
    JsonNode movers = finding.get("top_movers");
    if (!movers.isEmpty()) {
      JsonNode mover = movers.get(0);
      out.printf(
          Locale.ROOT,
          "      most moved: %s from %.1f %% to %.1f %% of rows%n",
          PlainText.line(mover.get("bin").asText()),
          100 * mover.get("baseline").asDouble(),
          100 * mover.get("window").asDouble());
    }
  }
}
