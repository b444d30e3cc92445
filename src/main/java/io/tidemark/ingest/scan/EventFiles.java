package io.tidemark.ingest.scan;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.FilePlan;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.format.InputFiles;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.format.PassedOver;
import io.tidemark.ingest.format.RowGroups;
import io.tidemark.ingest.format.ShownPath;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /** What stands for a model's name in the places of its events and labels. */
  public static final String MODEL = "{model}";

  /**
   * @param uri a path, a folder, a glob or a topic
   * @throws InputException with a message for the user
   */
  public static EventFiles plan(String uri, MonitoringSpec spec) {
    return plan(uri, Fleet.one(spec.model(), spec)).of(spec.model());
  }

  /**
   * Those of several models, each file looked at once where they read it alike.
   *
   * @param uri the same for all, or with {@code {model}} in it, which stands for each one's name
   * @throws InputException with a message for the user
   */
  public static Fleet<EventFiles> plan(String uri, Fleet<MonitoringSpec> specs) {
    Planning planning = new Planning("--events", uri);
    return specs.map(spec -> planning.of(spec, EventColumns.planned(spec), spec.events().format()));
  }

  /**
   * The same of label sources.
   *
   * @param specs that have the section
   * @throws InputException with a message for the user
   */
  public static Fleet<EventFiles> planLabels(String uri, Fleet<MonitoringSpec> specs) {
    Planning planning = new Planning("--labels", uri);
    return specs.map(spec -> planning.of(spec, EventColumns.labels(spec), spec.labels().format()));
  }

  /**
   * The same of rows that were made or collected on request.
   *
   * @param specs see {@link MonitoringSpec#ofAugmented}
   * @throws InputException with a message for the user
   */
  public static Fleet<EventFiles> planAugmented(String uri, Fleet<MonitoringSpec> specs) {
    Planning planning = new Planning("--augmented", uri);
    return specs.map(
        spec ->
            planning.of(
                spec, EventColumns.augmented(spec).planned(spec.events()), spec.events().format()));
  }

  /** One look at the files of a run. */
  private static final class Planning {
    private final String option;
    private final String pattern;
    private final Map<String, List<MatchResult.Metadata>> listed = new HashMap<>();
    private final Map<List<Object>, EventFiles> planned = new HashMap<>();

    Planning(String option, String pattern) {
      this.option = option;
      this.pattern = pattern;
    }

    EventFiles of(MonitoringSpec spec, EventColumns columns, Format format) {
      String uri = pattern.replace(MODEL, spec.model());
      Redaction redaction = Redaction.of(spec, null);
      List<Object> alike = new ArrayList<>();
      alike.add(uri);
      alike.add(columns.columns());
      alike.add(columns.needed());
      alike.add(columns.time().zone());
      alike.add(format == null ? "" : format);
      alike.add(redaction.any());
      EventFiles known = redaction.any() ? null : planned.get(alike);
      if (known == null) {
        known =
            KafkaTopic.isOne(uri)
                ? KafkaPlan.of(option, uri, columns, format)
                : plan(
                    listed.computeIfAbsent(uri, each -> InputFiles.of(option, each)),
                    columns,
                    format,
                    redaction);
        planned.put(alike, known);
      }
      return known;
    }
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
   * The same for a run that reads such times alone: row groups that prove to hold none, for all the
   * models that read the file, are passed over.
   *
   * @param ranges of the models
   * @param likely times that count as {@link UnlikelyTime} tells, which must be known of every row
   */
  public static Fleet<EventFiles> within(
      Fleet<EventFiles> files, Fleet<TimeRange> ranges, TimeRange likely) {
    Map<String, boolean[]> read = new HashMap<>();
    for (String model : files.models()) {
      for (FilePlan plan : files.of(model).plans) {
        if (plan.groups() != null) {
          List<RowGroups.Group> groups = plan.groups().groups();
          boolean[] own =
              read.computeIfAbsent(plan.groups().path(), path -> new boolean[groups.size()]);
          for (int i = 0; i < own.length; i++) {
            own[i] |= isRead(groups.get(i), ranges.of(model), likely);
          }
        }
      }
    }
    return files.map(each -> each.within(read, likely));
  }

  private EventFiles within(Map<String, boolean[]> read, TimeRange likely) {
    List<FileSplit> own = new ArrayList<>();
    PassedOver over = PassedOver.NONE;
    for (FilePlan plan : plans) {
      if (plan.groups() == null) {
        own.addAll(plan.splits());
      } else {
        boolean[] wanted = read.get(plan.groups().path());
        own.addAll(plan.groups().splits(wanted));
        for (int i = 0; i < wanted.length; i++) {
          over = over.plus(plan.groups().groups().get(i), wanted[i], likely);
        }
      }
    }
    return over.groups() == 0
        ? this
        : new EventFiles(splits, files, bytes, rows, hash, absent, plans, List.copyOf(own), over);
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
}
