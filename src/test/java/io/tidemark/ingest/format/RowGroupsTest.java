package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.ingest.scan.ScanTask;
import io.tidemark.ingest.scan.UnlikelyTime;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passing over row groups changes what is read, never what of it lies within the bounds. */
class RowGroupsTest {
  private static final MonitoringSpec SPEC = WrittenParquet.spec("x: numeric");
  private static final long DAY = 86_400_000_000L;
  private static final long FROM = micros("2025-03-05T00:00:00Z");
  private static final TimeRange RANGE = new TimeRange(FROM, FROM + DAY);

  /** Clocks in Berlin are put forward at 2. */
  private static final long CHANGE = micros("2025-03-30T00:30:00Z");

  private static final TimeRange LIKELY = UnlikelyTime.likely(micros("2025-06-01T00:00:00Z"));
  private static final int ROWS = 200;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static long micros(String time) {
    return WindowSpec.micros(Instant.parse(time));
  }

  /** Times of ten days, ascending but for a few. */
  private static long[] times(long seed) {
    return times(seed, FROM, DAY);
  }

  private static long[] times(long seed, long from, long step) {
    Random random = new Random(seed);
    long[] times = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      long day = random.nextInt(40) == 0 ? random.nextInt(10) : i * 10L / ROWS;
      times[i] = from + (day - 5) * step + random.nextLong(step);
    }
    return times;
  }

  private static long calendar(long micros, String pattern) {
    return Long.parseLong(
        DateTimeFormatter.ofPattern(pattern)
            .format(WindowSpec.instant(micros).atOffset(ZoneOffset.UTC)));
  }

  private static void set(String kind, long micros, Group row) {
    switch (kind) {
      case "millis", "epoch millis" -> row.append("at", micros / 1000);
      case "micros", "epoch micros", "local" -> row.append("at", micros);
      case "nanos", "epoch nanos" -> row.append("at", micros * 1000);
      case "seconds" -> row.append("at", micros / 1_000_000);
      case "small seconds" -> row.append("at", (int) (micros / 1_000_000));
      case "date" -> row.append("at", (int) (micros / DAY));
      case "8 digits" -> row.append("at", calendar(micros, "yyyyMMdd"));
      case "14 digits" -> row.append("at", calendar(micros, "yyyyMMddHHmmss"));
      case "text" -> row.append("at", WindowSpec.instant(micros).toString());
      case "double" -> row.append("at", micros / 1e6);
      case "mixed" -> row.append("at", micros % 7 == 0 ? micros : micros / 1000);
      case "unsigned" -> row.append("at", micros);
      case "decimal" -> row.append("at", micros / 1000);
      case "some missing" -> {
        if (micros % 5 != 0) {
          row.append("at", micros);
        }
      }
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private static WrittenParquet.Rows read(List<FileSplit> splits) throws IOException {
    WrittenParquet.Rows rows = new WrittenParquet.Rows();
    Readers readers = new Readers(EventColumns.all(SPEC), Redaction.of(SPEC, null));
    for (FileSplit split : splits) {
      readers.of(split.format()).read(split, rows);
    }
    return rows;
  }

  private static EventFiles within(EventFiles files, TimeRange range) {
    return EventFiles.within(Fleet.one("m", files), Fleet.one("m", range), LIKELY).of("m");
  }

  private static List<Double> within(WrittenParquet.Rows rows, TimeRange range) {
    List<Double> within = new ArrayList<>();
    for (InferenceEvent event : rows.events) {
      if (range.contains(event.timeMicros())) {
        within.add(event.numbers()[1]);
      }
    }
    return within;
  }

  private static long unlikely(WrittenParquet.Rows rows) {
    return rows.events.stream().filter(event -> !LIKELY.contains(event.timeMicros())).count();
  }

  @ParameterizedTest
  @CsvSource({
    "millis, 'required int64', '(TIMESTAMP(MILLIS,true))', true",
    "micros, 'required int64', '(TIMESTAMP(MICROS,true))', true",
    "micros, 'optional int64', '(TIMESTAMP(MICROS,true))', true",
    "nanos, 'required int64', '(TIMESTAMP(NANOS,true))', true",
    "local, 'required int64', '(TIMESTAMP(MICROS,false))', true",
    "date, 'required int32', '(DATE)', true",
    "seconds, 'required int64', '', true",
    "small seconds, 'required int32', '', true",
    "epoch millis, 'required int64', '', true",
    "epoch micros, 'required int64', '', true",
    "epoch nanos, 'required int64', '', true",
    "8 digits, 'required int64', '', true",
    "14 digits, 'required int64', '', false",
    "text, 'required binary', '(STRING)', false",
    "double, 'required double', '', false",
    "mixed, 'required int64', '', ",
    "unsigned, 'required int64', '(INTEGER(64,false))', false",
    "decimal, 'required int64', '(DECIMAL(18,0))', false",
    "some missing, 'optional int64', '(TIMESTAMP(MICROS,true))', ",
  })
  void nothingWithinIsLost(String kind, String type, String logical, Boolean prunes)
      throws IOException {
    for (long seed = 0; seed < 6; seed++) {
      long[] times = times(seed);
      EventFiles all = write(type + " at " + logical, kind, times);
      EventFiles some = within(all, RANGE);
      WrittenParquet.Rows whole = read(all.splits());
      WrittenParquet.Rows read = read(some.wanted());
      assertThat(within(read, RANGE)).as(kind + " " + seed).isEqualTo(within(whole, RANGE));
      assertThat(read.bad.stream().map(DeadLetter::getPosition).toList())
          .isEqualTo(whole.bad.stream().map(DeadLetter::getPosition).toList());
      PassedOver over = some.passedOver();
      assertThat(read.events.size() + read.bad.size() + over.rows()).isEqualTo(ROWS);
      assertThat(unlikely(read) + over.unlikely()).isEqualTo(unlikely(whole));
      assertThat(some.splits()).isEqualTo(all.splits());
      assertThat(some.rowsWanted()).isEqualTo(ROWS - over.rows());
      if (prunes != null) {
        assertThat(over.rows() > ROWS / 2).as(kind).isEqualTo(prunes);
        assertThat(over.rows() > 0).as(kind).isEqualTo(prunes);
      }
    }
  }

  private EventFiles write(String column, String kind, long[] times) throws IOException {
    String[] parts = column.split(" at ", -1);
    Path file =
        WrittenParquet.write(
            folder.resolve("f.parquet"),
            parts[0] + " at " + parts[1] + "; required double p; required double x;",
            ROWS,
            settings -> settings.withRowGroupSize(200L).withMinRowCountForPageSizeCheck(1),
            (i, row) -> {
              set(kind, times[i], row);
              row.append("p", i % 10 / 10.0).append("x", (double) i);
            });
    return EventFiles.plan(file.toString(), SPEC);
  }

  @Test
  void nothingIsLostWhereClocksChange() throws IOException {
    TimeRange range = new TimeRange(CHANGE, CHANGE + DAY / 48);
    for (long seed = 0; seed < 10; seed++) {
      long[] times = times(seed, CHANGE + DAY / 24, DAY / 48); // on the clocks of Berlin
      EventFiles all = write("required int64 at (TIMESTAMP(MICROS,false))", "local", times);
      WrittenParquet.Rows read = read(within(all, range).wanted());
      assertThat(within(read, range)).isNotEmpty().isEqualTo(within(read(all.splits()), range));
    }
  }

  @Test
  void timesThatNobodyExpectsAreCountedWherePassedOver() throws IOException {
    // Seconds that were meant to be something else: all of 1970.
    long[] times = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      times[i] = i * 1_000_000L;
    }
    EventFiles some = within(write("required int64 at ", "seconds", times), RANGE);
    assertThat(some.wanted()).isEmpty();
    assertThat(ScanTask.deal(Fleet.one("m", some.wanted()), 4)).isEmpty();
    assertThat(some.passedOver().unlikely()).isEqualTo(ROWS);
  }

  @Test
  void withoutBoundsAllIsRead() throws IOException {
    EventFiles all = write("required int64 at (TIMESTAMP(MICROS,true))", "micros", times(1));
    assertThat(within(all, TimeRange.ALL)).isSameAs(all);
    TimeRange open = new TimeRange(FROM, Long.MAX_VALUE);
    assertThat(within(all, open).passedOver().rows()).isBetween(ROWS / 4L, ROWS * 3L / 4);
  }

  @Test
  void aFolderTellsTheTimeOnlyOfFilesThatHaveNone() throws IOException {
    for (String day : List.of("2025-03-04", "2025-03-05", "2025-03-06")) {
      Files.createDirectories(folder.resolve("a/at=" + day));
      WrittenParquet.write(
          folder.resolve("a/at=" + day + "/f.parquet"),
          "required double p; required double x;",
          10,
          settings -> settings,
          (i, row) -> row.append("p", .5).append("x", (double) i));
    }
    // Dated otherwise than its folder says: the column in the file counts.
    Files.createDirectories(folder.resolve("a/at=2025-03-07"));
    WrittenParquet.write(
        folder.resolve("a/at=2025-03-07/f.parquet"),
        "required int32 at (DATE); required double p; required double x;",
        10,
        settings -> settings,
        (i, row) ->
            row.append("at", (int) LocalDate.of(2025, 3, 5).toEpochDay())
                .append("p", .5)
                .append("x", (double) i));
    EventFiles all = EventFiles.plan(folder.resolve("a").toString(), SPEC);
    EventFiles some = within(all, new TimeRange(FROM - DAY / 24, FROM + DAY / 2));
    assertThat(some.passedOver()).isEqualTo(new PassedOver(20, 2, 4, 0));
    assertThat(read(some.wanted()).events).hasSize(20);
    assertThat(some.passedOver().text())
        .isEqualTo("Passed over 20 rows in 2 of 4 row groups by their times.");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5})
  void numbersThatProveAnOrderHaveIt(long seed) {
    EventTime time = new EventTime(ZoneOffset.UTC);
    Random random = new Random(seed);
    long[] around = {
      0,
      99_999_999_999L,
      100_000_000_000L,
      100_000_000_000_000L,
      100_000_000_000_000_000L,
      19_000_101,
      20_250_228,
      20_250_301,
      21_001_231,
      19_000_101_000_000L,
      20_250_301_235_959L,
      21_001_231_235_959L,
      -100_000_000_000L,
      Long.MIN_VALUE,
      Long.MAX_VALUE
    };
    int proved = 0;
    for (int i = 0; i < 20_000; i++) {
      long least = around[random.nextInt(around.length)] + random.nextInt(2001) - 1000;
      long width = 1L << random.nextInt(50);
      long greatest = least + random.nextLong(width);
      if (!EventTime.isAscending(least, greatest)) {
        continue;
      }
      proved++;
      long low = time.ofNumber(least);
      long high = time.ofNumber(greatest);
      for (int j = 0; j < 20; j++) {
        long between = least + (long) (random.nextDouble() * (greatest - least));
        assertThat(time.ofNumber(between))
            .as("%d %d %d", least, between, greatest)
            .isBetween(low, high);
      }
    }
    assertThat(proved).isPositive();
  }
}
