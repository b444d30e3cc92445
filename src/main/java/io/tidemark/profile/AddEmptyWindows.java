package io.tidemark.profile;

import io.tidemark.event.Broadcast;
import io.tidemark.event.WallClock;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * The windows that should have rows and have none: a model that fell silent must be able to ring.
 * Without a version column these are all windows of a run's bounds; a version's own windows run
 * from its first to its last row, because versions come and go.
 *
 * <p>In a stream gaps are found when event time has passed them, and windows after the last row as
 * time passes these; see {@link EmptyOfStreamFn}.
 */
public final class AddEmptyWindows
    extends PTransform<
        PCollection<KV<WindowKey, WindowProfile>>, PCollection<KV<WindowKey, WindowProfile>>> {
  private static final long serialVersionUID = 1;

  /**
   * The longest gap between rows that is filled, in windows: a row dated in the year 1 must not
   * bring forth millions of empty windows.
   */
  static final int LONGEST_GAP = 1000;

  /** The same for bounds that a person asked for. */
  static final int LONGEST_ASKED = 100_000;

  private final WindowSpec window;
  private final Broadcast<ProfileLayouts> layouts;
  private final boolean versions;
  private final WallClock clock;
  private final TreeSet<Long> bounds;

  private AddEmptyWindows(
      WindowSpec window,
      Broadcast<ProfileLayouts> layouts,
      boolean versions,
      WallClock clock,
      TreeSet<Long> bounds) {
    this.window = window;
    this.layouts = layouts;
    this.versions = versions;
    this.clock = clock;
    this.bounds = bounds;
  }

  /**
   * @param versions whether rows have a model version
   */
  public static AddEmptyWindows of(
      WindowSpec window, Broadcast<ProfileLayouts> layouts, boolean versions) {
    return new AddEmptyWindows(window, layouts, versions, WallClock.SYSTEM, new TreeSet<>());
  }

  /**
   * The same, and at least the windows of these bounds for rows without a version.
   *
   * @param from inclusive, microseconds since the epoch; {@link Long#MIN_VALUE}: none
   * @param to exclusive; {@link Long#MAX_VALUE}: none
   */
  public AddEmptyWindows within(long from, long to) {
    TreeSet<Long> asked = new TreeSet<>();
    if (from != Long.MIN_VALUE && !versions) {
      asked.add(window.startOf(from));
    }
    if (to != Long.MAX_VALUE && !versions) {
      asked.add(window.startOf(to - 1));
    }
    return new AddEmptyWindows(window, layouts, versions, clock, asked);
  }

  /** What a test sets instead of the machine's. */
  AddEmptyWindows at(WallClock other) {
    return new AddEmptyWindows(window, layouts, versions, other, bounds);
  }

  @Override
  public PCollection<KV<WindowKey, WindowProfile>> expand(
      PCollection<KV<WindowKey, WindowProfile>> profiles) {
    PCollection<KV<String, Long>> present =
        profiles
            .apply("WindowsPresent", ParDo.of(new KeysFn()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    PCollection<KV<WindowKey, WindowProfile>> empty =
        profiles.isBounded() == PCollection.IsBounded.UNBOUNDED
            ? present.apply(
                "FindEmpty", ParDo.of(new EmptyOfStreamFn(window, layouts, versions, clock)))
            : bound(present)
                .apply("GroupByVersion", GroupByKey.create())
                .apply("FindEmpty", ParDo.of(new EmptyFn(window, layouts, bounds)));
    return empty.setCoder(profiles.getCoder());
  }

  private PCollection<KV<String, Long>> bound(PCollection<KV<String, Long>> present) {
    if (bounds.isEmpty()) {
      return present;
    }
    PCollection<KV<String, Long>> asked =
        present
            .getPipeline()
            .apply(
                "WindowsAsked",
                Create.of(bounds.stream().map(start -> KV.of("", start)).toList())
                    .withCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of())));
    return PCollectionList.of(present).and(asked).apply("PresentAndAsked", Flatten.pCollections());
  }

  /** The windows between two; none where they are so far apart that nothing is filled in. */
  static List<Long> gap(WindowSpec window, long before, long start, int longest) {
    List<Long> gap = new ArrayList<>();
    for (long empty = window.endOf(before); empty < start; empty = window.endOf(empty)) {
      gap.add(empty);
      if (gap.size() > longest) {
        return List.of();
      }
    }
    return gap;
  }

  private static final class KeysFn extends DoFn<KV<WindowKey, WindowProfile>, KV<String, Long>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> profile, OutputReceiver<KV<String, Long>> out) {
      out.output(KV.of(profile.getKey().version(), profile.getKey().start()));
    }
  }

  private static final class EmptyFn
      extends DoFn<KV<String, Iterable<Long>>, KV<WindowKey, WindowProfile>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec window;
    private final Broadcast<ProfileLayouts> layouts;
    private final TreeSet<Long> bounds;

    EmptyFn(WindowSpec window, Broadcast<ProfileLayouts> layouts, TreeSet<Long> bounds) {
      this.window = window;
      this.layouts = layouts;
      this.bounds = bounds;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<Long>> version,
        OutputReceiver<KV<WindowKey, WindowProfile>> out) {
      // Flink lets what it grouped be read once.
      TreeMap<Long, Integer> mentions = new TreeMap<>();
      version.getValue().forEach(start -> mentions.merge(start, 1, Integer::sum));
      NavigableSet<Long> starts = mentions.navigableKeySet();
      // Bounds came in as markers; whether they have rows only their second mention would tell.
      TreeSet<Long> withRows = new TreeSet<>(starts);
      if (version.getKey().isEmpty()) {
        withRows.removeIf(start -> bounds.contains(start) && mentions.get(start) < 2);
      }
      boolean asked = version.getKey().isEmpty() && bounds.size() == 2;
      int longest = asked ? LONGEST_ASKED : LONGEST_GAP;
      for (long start : starts) {
        if (!withRows.contains(start)) {
          emit(version.getKey(), start, out);
        }
        Long next = starts.higher(start);
        if (next != null) {
          gap(window, start, next, longest).forEach(empty -> emit(version.getKey(), empty, out));
        }
      }
    }

    private void emit(
        String version, long start, OutputReceiver<KV<WindowKey, WindowProfile>> out) {
      WindowKey key = new WindowKey(version, start);
      out.output(KV.of(key, new WindowProfile(layouts.get().of(version))));
    }
  }
}
