package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.CompletePeriod;
import io.tidemark.profile.Held;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.Reach;
import io.tidemark.profile.WindowPart;
import io.tidemark.schema.StoredCandidates;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of a day, a snapshot a week. */
class CompletePeriodTest {
  private static final String TEXT =
      """
      model: m
      task: multiclass
      events: {id: i, time: t, prediction: {scores: {a: pa, b: pb}, label: p}, label: y}
      features: {c: categorical}
      window: {size: P1D}
      snapshot: {period: P7D, rows: 40, columns: [note]}
      """;
  private static final MonitoringSpec SPEC = SpecReader.read("test", TEXT);
  private static final long DAY = 86_400_000_000L;
  private static final long NONE = Long.MIN_VALUE;
  private static final long END = Long.MAX_VALUE;

  @TempDir Path output;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static Broadcast<Fleet<PoolSettings>> pools(MonitoringSpec spec) {
    var layout = EventLayout.of(spec);
    var none = Dictionary.of(List.of("0", "1"));
    var cut = new CutPoints(new double[] {.5});
    ProfileLayout profile =
        new ProfileLayout(
            "m",
            0,
            layout,
            Arrays.asList(null, cut, cut, null, null),
            Arrays.asList(none, null, null, none, none),
            List.of(),
            16,
            16);
    return Broadcast.of(
        Fleet.one(
            "m",
            PoolSettings.of(
                spec,
                ProfileLayouts.single(profile),
                any -> Arrays.asList(null, null, null, null, null),
                any -> CellShares.of(null, any),
                Redaction.none())));
  }

  /** So many rows of a day, some of them labelled. */
  private static WindowCandidates rows(long day, int rows, int labelled, boolean complete) {
    StratifiedSample pool = pools(SPEC).get().of("m").newPool("");
    for (int i = 0; i < rows; i++) {
      pool.add(
          new InferenceEvent(
              day + "-" + i,
              day * DAY + i,
              "",
              new double[] {.4, .6},
              new String[] {"a", "1", i < labelled ? "1" : null},
              null,
              new String[] {"secret" + i}));
    }
    List<DriftedField> drifted =
        List.of(new DriftedField(key(day), 0, "f" + rows, new double[] {.1, .2, -.3}));
    return new WindowCandidates(pool, drifted, complete);
  }

  private static WindowKey key(long day) {
    return new WindowKey("m", "", day * DAY);
  }

  private static CompletePeriod period(Reach asked, long firstDay, long lastDay) {
    WindowSpec window = SPEC.window();
    return new CompletePeriod(window, asked, asked.over(window, firstDay * DAY, lastDay * DAY));
  }

  private static Reach days(long from, long to, long readFrom, boolean joins) {
    return new Reach(from * DAY, to * DAY, readFrom * DAY, joins, true);
  }

  /** Whether day 3 of a run takes the place of what was kept. */
  private static boolean replaces(
      CompletePeriod period, WindowCandidates own, WindowCandidates kept) {
    var all =
        period.complete(new TreeMap<>(Map.of(key(3), own)), new TreeMap<>(Map.of(key(3), kept)));
    return all.get(key(3)).pool() == own.pool();
  }

  @Test
  void aWindowThatWasAskedForReplacesWhatWasKept() {
    CompletePeriod asked = period(days(3, 4, 0, true), 3, 3);
    assertThat(replaces(asked, rows(3, 5, 1, false), rows(3, 9, 9, true))).isTrue();
    CompletePeriod without = period(days(3, 4, 0, false), 3, 3);
    assertThat(replaces(without, rows(3, 9, 0, false), rows(3, 9, 9, true))).isFalse();
    assertThat(replaces(without, rows(3, 9, 0, false), rows(3, 9, 0, true))).isTrue();
  }

  @Test
  void aWindowThatWasLookedBackAtDoesWhereItHasNoLess() {
    CompletePeriod later = period(days(5, 6, 0, true), 0, 5);
    WindowCandidates kept = rows(3, 9, 4, true);
    assertThat(replaces(later, rows(3, 9, 5, false), kept)).isTrue();
    assertThat(replaces(later, rows(3, 9, 3, false), kept)).isFalse();
    assertThat(replaces(later, rows(3, 8, 8, false), kept)).isFalse();
    var all =
        later.complete(
            new TreeMap<>(Map.of(key(3), rows(3, 12, 5, false))),
            new TreeMap<>(Map.of(key(3), kept)));
    assertThat(all.get(key(3)).complete()).isTrue();
    // What rang was said by the run that was asked for the window.
    assertThat(all.get(key(3)).drifted()).isEqualTo(kept.drifted());
  }

  @Test
  void aWindowThatIsCutNeverReplacesAWholeOne() {
    Reach half = new Reach(3 * DAY + 5, 4 * DAY, 3 * DAY + 5, true, true);
    assertThat(replaces(period(half, 3, 3), rows(3, 20, 20, false), rows(3, 9, 9, true))).isFalse();
    assertThat(replaces(period(half, 3, 3), rows(3, 20, 20, false), rows(3, 9, 9, false))).isTrue();
    Reach end = new Reach(2 * DAY, 3 * DAY + 5, 2 * DAY, true, true);
    assertThat(replaces(period(end, 2, 3), rows(3, 20, 20, false), rows(3, 9, 9, true))).isFalse();
  }

  @Test
  void edgesOfALogWithoutBoundsDoNotReplaceMore() {
    Reach unbounded = new Reach(NONE, END, NONE, true, true);
    assertThat(replaces(period(unbounded, 3, 5), rows(3, 8, 8, false), rows(3, 9, 9, true)))
        .isFalse();
    assertThat(replaces(period(unbounded, 1, 3), rows(3, 8, 8, false), rows(3, 9, 9, true)))
        .isFalse();
    assertThat(replaces(period(unbounded, 2, 4), rows(3, 8, 8, false), rows(3, 9, 9, true)))
        .isTrue();
    assertThat(replaces(period(Reach.STREAM, 2, 4), rows(3, 8, 8, false), rows(3, 9, 9, true)))
        .isFalse();
  }

  @Test
  void windowsThatWereNotReadStay() {
    CompletePeriod period = period(days(3, 4, 0, true), 3, 3);
    TreeMap<WindowKey, WindowCandidates> kept = new TreeMap<>();
    kept.put(key(2), rows(2, 7, 0, true));
    kept.put(new WindowKey("m", "other", 3 * DAY), rows(3, 4, 0, true));
    var all = period.complete(new TreeMap<>(Map.of(key(3), rows(3, 5, 0, false))), kept);
    assertThat(all).hasSize(3);
    assertThat(all.get(key(3)).complete()).isTrue();
    assertThat(WindowPart.byWindow(all)).containsEntry(3 * DAY, new Held(9, 0));
  }

  @Test
  void aSnapshotIsNotReplacedByOneThatHoldsLess() {
    CompletePeriod period = period(days(3, 4, 0, true), 3, 3);
    TreeMap<WindowKey, WindowCandidates> now = new TreeMap<>();
    now.put(key(2), rows(2, 7, 3, true));
    now.put(key(3), rows(3, 5, 0, false));
    assertThat(period.lacking(Map.of(3 * DAY, new Held(9, 9)), now)).isEmpty();
    assertThat(period.lacking(Map.of(2 * DAY, new Held(7, 3)), now)).isEmpty();
    assertThat(period.lacking(Map.of(2 * DAY, new Held(8, 3)), now)).containsExactly(2 * DAY);
    assertThat(period.lacking(Map.of(2 * DAY, new Held(7, 4)), now)).containsExactly(2 * DAY);
    assertThat(period.lacking(Map.of(DAY, new Held(1, 0)), now)).containsExactly(DAY);
    // Windows were half as long then.
    Map<Long, Held> shorter = Map.of(2 * DAY, new Held(3, 1), 2 * DAY + DAY / 2, new Held(4, 2));
    assertThat(period.lacking(shorter, now)).isEmpty();
  }

  private StoredPools stored(MonitoringSpec spec, String baseline, String key) {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    return new StoredPools(
        spec,
        pools(spec),
        new TreeMap<>(Map.of("", baseline)),
        Redaction.of(spec, bytes),
        output.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(output)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void whatIsKeptIsTheSameToTheByte() throws IOException {
    TreeMap<WindowKey, WindowCandidates> windows = new TreeMap<>();
    windows.put(key(2), rows(2, 7, 3, true));
    windows.put(key(9), rows(9, 7, 3, false)); // of the next week
    stored(SPEC, "b", null).write(windows);
    assertThat(files().get(0).toString()).contains("candidates/model=m/window=19700103T000000Z/");
    StoredCandidates record =
        AvroFiles.read(Files.readAllBytes(files().get(0)), StoredCandidates.class).get(0);
    assertThat(ContentHash.of(record.getState().array())).isEqualTo("17509d27810bb11d");
    var kept = stored(SPEC, "b", null).read(0);
    assertThat(kept.keySet()).containsExactly(key(2));
    WindowCandidates two = kept.get(key(2));
    assertThat(two.complete()).isTrue();
    assertThat(two.rows()).isEqualTo(7);
    assertThat(two.labelled()).isEqualTo(3);
    assertThat(two.drifted().get(0).findingId()).isEqualTo("f7");
    assertThat(two.pool().candidates()).hasSize(7);
    List<Path> before = files();
    stored(SPEC, "b", null).write(kept);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void whatDoesNotFitIsPassedOver() throws IOException {
    TreeMap<WindowKey, WindowCandidates> windows =
        new TreeMap<>(Map.of(key(2), rows(2, 7, 3, true)));
    stored(SPEC, "b", null).write(windows);
    assertThat(stored(SPEC, "other", null).read(0)).isEmpty();
    for (String[] change :
        new String[][] {
          {"{c: categorical}", "{c: {type: categorical, path: d}}"},
          {"[note]", "[nota]"},
          {"rows: 40", "rows: 4000"},
          {"P7D,", "P7D, seed: 3,"},
          {"id: i", "id: j"},
          {"P7D,", "P7D, mask: [note],"},
        }) {
      MonitoringSpec changed = SpecReader.read("test", TEXT.replace(change[0], change[1]));
      assertThat(stored(changed, "b", "key").read(0)).as(change[1]).isEmpty();
    }
    MonitoringSpec stricter = SpecReader.read("test", TEXT + "drift: {min_rows: 7, effect: 0.2}\n");
    assertThat(stored(stricter, "b", null).read(0)).hasSize(1);
    Path file = files().get(0);
    byte[] bytes = Files.readAllBytes(file);
    int from = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("secret");
    for (int i = from; i < bytes.length - 20; i += 7) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x10;
      Files.write(file, damaged);
      assertThat(stored(SPEC, "b", null).read(0)).as("byte " + i).isEmpty();
    }
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
    assertThat(stored(SPEC, "b", null).read(0)).isEmpty();
  }

  @Test
  void hiddenColumnsAreSealedOrNotKept() throws IOException {
    MonitoringSpec hides = SpecReader.read("test", TEXT.replace("P7D,", "P7D, mask: [note, c],"));
    TreeMap<WindowKey, WindowCandidates> windows =
        new TreeMap<>(Map.of(key(2), rows(2, 7, 3, true)));
    stored(hides, "b", null).write(windows);
    assertThat(files()).isEmpty();
    stored(hides, "b", "key").write(windows);
    String text = Files.readString(files().get(0), StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain("secret");
    assertThat(stored(hides, "b", "key").read(0)).hasSize(1);
    assertThat(stored(hides, "b", "other").read(0)).isEmpty();
    assertThat(stored(hides, "b", null).read(0)).isEmpty();
  }

  @Test
  void aRefusalSaysWhichDaysToGive() throws IOException {
    CompletePeriod period = period(days(3, 4, 0, true), 3, 3);
    TreeMap<WindowKey, WindowCandidates> now = new TreeMap<>(Map.of(key(3), rows(3, 5, 0, false)));
    PublishedWindows published =
        new PublishedWindows(
            7 * DAY, new TreeMap<>(Map.of(DAY, new Held(4, 0), 5 * DAY, new Held(4, 0))), 0);
    assertThat(published.refusal(SPEC, 0, false, period, now).orElseThrow())
        .startsWith("the snapshot of m from 1970-01-01T00:00:00Z to 1970-01-08T00:00:00Z stays")
        .contains("2 windows (1970-01-02T00:00:00Z, 1970-01-06T00:00:00Z)")
        .endsWith("--from=1970-01-02T00:00:00Z --to=1970-01-07T00:00:00Z");
    assertThat(PublishedWindows.of(Optional.empty()).refusal(SPEC, 0, false, period, now))
        .isEmpty();
    PublishedWindows shorter =
        new PublishedWindows(DAY, new TreeMap<>(Map.of(0L, new Held(4, 0))), 0);
    assertThat(shorter.refusal(SPEC, 0, false, period, now).orElseThrow())
        .contains("snapshot.period");
  }
}
