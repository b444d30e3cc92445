package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * The files that a run reads, looked at before anything else happens: a file that cannot be read at
 * all, or lacks a column without which no row is usable, ends the run before anything is written.
 *
 * @param splits all, in the order of path and place
 * @param rows known where all files are Parquet, else -1
 * @param hash of the files' names and sizes: tells runs over different input apart
 * @param absent declared columns that no file has, where every file says what it has
 * @param plans of the files; none of a topic
 * @param wanted the splits that a run within bounds reads, in the same order
 * @param passedOver what these leave out
 */
public record EventFiles(
    List<FileSplit> splits,
    int files,
    long bytes,
    long rows,
    String hash,
    List<String> absent,
    List<FilePlan> plans,
    List<FileSplit> wanted,
    PassedOver passedOver) {

  /** Read as a whole. */
  EventFiles(
      List<FileSplit> splits,
      int files,
      long bytes,
      long rows,
      String hash,
      List<String> absent,
      List<FilePlan> plans) {
    this(splits, files, bytes, rows, hash, absent, plans, splits, PassedOver.NONE);
  }

  /**
   * @param uri a path, a folder, a glob or a topic
   * @throws InputException with a message for the user
   */
  public static EventFiles plan(String uri, MonitoringSpec spec) {
    Format format = spec.events().format();
    return KafkaTopic.isOne(uri)
        ? KafkaPlan.of("--events", uri, EventColumns.all(spec), format)
        : plan(InputFiles.of(uri), EventColumns.all(spec), format, Redaction.of(spec, null));
  }

  /**
   * The same of the label source.
   *
   * @throws InputException with a message for the user
   */
  public static EventFiles planLabels(String uri, MonitoringSpec spec) {
    Format format = spec.labels().format();
    return KafkaTopic.isOne(uri)
        ? KafkaPlan.of("--labels", uri, EventColumns.labels(spec), format)
        : plan(
            InputFiles.of("--labels", uri),
            EventColumns.labels(spec),
            format,
            Redaction.of(spec, null));
  }

  private static EventFiles plan(
      List<MatchResult.Metadata> files, EventColumns columns, Format format, Redaction redaction) {
    Set<String> absent = new LinkedHashSet<>();
    columns.columns().forEach(use -> absent.add(use.path()));
    List<FileSplit> splits = new ArrayList<>();
    List<FilePlan> plans = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    long bytes = 0;
    long rows = 0;
    for (MatchResult.Metadata file : files) {
      bytes += file.sizeBytes();
      names.append(file.resourceId().getFilename()).append(' ');
      names.append(file.sizeBytes()).append('\n');
      FilePlan plan;
      try {
        plan = FilePlan.of(file, columns, format);
      } catch (InputException e) {
        throw new InputException(ShownPath.of(e.getMessage(), redaction));
      }
      splits.addAll(plan.splits());
      plans.add(plan);
      absent.retainAll(plan.absent());
      rows = rows < 0 || plan.rows() < 0 ? -1 : rows + plan.rows();
    }
    String hash = ContentHash.of(names.toString().getBytes(StandardCharsets.UTF_8));
    return new EventFiles(
        List.copyOf(splits),
        files.size(),
        bytes,
        rows,
        hash,
        List.copyOf(absent),
        List.copyOf(plans));
  }

  /**
   * The same for a run that reads such times alone: row groups that prove to hold none are passed
   * over.
   *
   * @param likely times that count as {@link UnlikelyTime} tells, which must be known of every row
   */
  public EventFiles within(TimeRange range, TimeRange likely) {
    List<FileSplit> read = new ArrayList<>();
    PassedOver over = PassedOver.NONE;
    for (FilePlan plan : plans) {
      if (plan.groups() == null) {
        read.addAll(plan.splits());
      } else {
        read.addAll(plan.groups().splits(group -> isRead(group, range, likely)));
        for (RowGroups.Group group : plan.groups().groups()) {
          over = over.plus(group, isRead(group, range, likely), likely);
        }
      }
    }
    return over.groups() == 0
        ? this
        : new EventFiles(splits, files, bytes, rows, hash, absent, plans, List.copyOf(read), over);
  }

  private static boolean isRead(RowGroups.Group group, TimeRange range, TimeRange likely) {
    TimeRange times = group.times();
    return times == null || times.meets(range) || times.meets(likely) && !likely.holds(times);
  }

  /** What is read, counted: files, or partitions of a topic. */
  public String places() {
    return CountText.of(files, isTopic() ? "partition" : "file");
  }

  private boolean isTopic() {
    return !splits.isEmpty() && splits.get(0).topic() != null;
  }

  /** As {@link #rows()}, of those that a run within bounds reads. */
  public long rowsWanted() {
    return rows < 0 ? -1 : rows - passedOver.rows();
  }

  /** The number of rows, or a guess where nobody counted them. */
  public long aboutRows() {
    return rows >= 0 ? rows : bytes / 100;
  }

  /** What the user should be told before the run. */
  public List<String> warnings() {
    String where = isTopic() ? "the topic's schema has no column " : "no file has a column ";
    return absent.stream()
        .map(column -> where + PlainText.line(column) + ": it is missing in every row")
        .toList();
  }

  /** All splits dealt out. */
  List<ScanTask> allTasks(int count) {
    return tasks(splits, count);
  }

  /** The wanted splits dealt out. */
  List<ScanTask> tasks(int count) {
    return tasks(wanted, count);
  }

  /**
   * Splits dealt out into tasks of about the same work. Few large tasks: each task gathers its own
   * states, and what leaves it is small.
   */
  private static List<ScanTask> tasks(List<FileSplit> splits, int count) {
    List<FileSplit> largestFirst = new ArrayList<>(splits);
    largestFirst.sort(Comparator.comparingLong(FileSplit::weight).reversed());
    List<List<FileSplit>> dealt = new ArrayList<>();
    long[] load = new long[Math.max(1, Math.min(count, splits.size()))];
    for (int i = 0; i < load.length; i++) {
      dealt.add(new ArrayList<>());
    }
    for (FileSplit split : largestFirst) {
      int lightest = 0;
      for (int i = 1; i < load.length; i++) {
        lightest = load[i] < load[lightest] ? i : lightest;
      }
      dealt.get(lightest).add(split);
      load[lightest] += split.weight();
    }
    List<ScanTask> tasks = new ArrayList<>();
    for (List<FileSplit> task : dealt) {
      if (!task.isEmpty()) {
        // Neighbouring pieces one after the other: rows of one window come together.
        task.sort(Comparator.comparing(FileSplit::path).thenComparingLong(FileSplit::start));
        tasks.add(new ScanTask(List.copyOf(task)));
      }
    }
    return tasks;
  }
}
