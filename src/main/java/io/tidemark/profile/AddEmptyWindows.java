package io.tidemark.profile;

import io.tidemark.event.WallClock;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.KvCoder;
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

  private static final KvCoder<ModelVersion, Long> STARTS =
      KvCoder.of(new ModelVersion.VersionCoder(), VarLongCoder.of());

  private final Fleet<Gaps> gaps;
  private final Broadcast<ProfileLayouts> layouts;
  private final WallClock clock;

  /**
   * What is filled in of a model.
   *
   * @param versions whether rows have a model version
   * @param from what was asked for of rows without a version, inclusive, microseconds since the
   *     epoch; {@link Long#MIN_VALUE}: no bound
   * @param to exclusive; {@link Long#MAX_VALUE}: no bound
   */
  record Gaps(WindowSpec window, boolean versions, long from, long to) implements Serializable {
    static Gaps of(MonitoringSpec spec) {
      return new Gaps(spec.window(), spec.events().versioned(), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    Gaps within(long asked, long end) {
      return versions ? this : new Gaps(window, false, asked, end);
    }

    /** Starts of the first and the last window that were asked for. */
    TreeSet<Long> bounds() {
      TreeSet<Long> bounds = new TreeSet<>();
      if (from != Long.MIN_VALUE) {
        bounds.add(window.startOf(from));
      }
      if (to != Long.MAX_VALUE) {
        bounds.add(window.startOf(to - 1));
      }
      return bounds;
    }

    /** How many windows a gap has at most that is filled. */
    int longest() {
      return from != Long.MIN_VALUE && to != Long.MAX_VALUE ? LONGEST_ASKED : LONGEST_GAP;
    }
  }

  private AddEmptyWindows(Fleet<Gaps> gaps, Broadcast<ProfileLayouts> layouts, WallClock clock) {
    this.gaps = gaps;
    this.layouts = layouts;
    this.clock = clock;
  }

  public static AddEmptyWindows of(Fleet<MonitoringSpec> specs, Broadcast<ProfileLayouts> layouts) {
    return ofGaps(specs.map(Gaps::of), layouts);
  }

  static AddEmptyWindows ofGaps(Fleet<Gaps> gaps, Broadcast<ProfileLayouts> layouts) {
    return new AddEmptyWindows(gaps, layouts, WallClock.SYSTEM);
  }

  /**
   * The same, and at least the windows of these bounds for rows without a version.
   *
   * @param from inclusive, microseconds since the epoch; {@link Long#MIN_VALUE}: none
   * @param to exclusive; {@link Long#MAX_VALUE}: none
   */
  public AddEmptyWindows within(long from, long to) {
    return new AddEmptyWindows(gaps.map(each -> each.within(from, to)), layouts, clock);
  }

  /** What a test sets instead of the machine's. */
  AddEmptyWindows at(WallClock other) {
    return new AddEmptyWindows(gaps, layouts, other);
  }

  @Override
  public PCollection<KV<WindowKey, WindowProfile>> expand(
      PCollection<KV<WindowKey, WindowProfile>> profiles) {
    PCollection<KV<ModelVersion, Long>> present =
        profiles.apply("WindowsPresent", ParDo.of(new KeysFn())).setCoder(STARTS);
    PCollection<KV<WindowKey, WindowProfile>> empty =
        profiles.isBounded() == PCollection.IsBounded.UNBOUNDED
            ? present.apply(
                "FindEmpty", ParDo.of(new EmptyOfStreamFn(Broadcast.of(gaps), layouts, clock)))
            : bound(present)
                .apply("GroupByVersion", GroupByKey.create())
                .apply("FindEmpty", ParDo.of(new EmptyFn(Broadcast.of(gaps), layouts)));
    return empty.setCoder(profiles.getCoder());
  }

  private PCollection<KV<ModelVersion, Long>> bound(PCollection<KV<ModelVersion, Long>> present) {
    List<KV<ModelVersion, Long>> bounds = new ArrayList<>();
    for (String model : gaps.models()) {
      ModelVersion all = new ModelVersion(model, "");
      gaps.of(model).bounds().forEach(start -> bounds.add(KV.of(all, start)));
    }
    if (bounds.isEmpty()) {
      return present;
    }
    PCollection<KV<ModelVersion, Long>> asked =
        present.getPipeline().apply("WindowsAsked", Create.of(bounds).withCoder(STARTS));
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

  private static final class KeysFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<ModelVersion, Long>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> profile, OutputReceiver<KV<ModelVersion, Long>> out) {
      out.output(KV.of(profile.getKey().answeredBy(), profile.getKey().start()));
    }
  }

  private static final class EmptyFn
      extends DoFn<KV<ModelVersion, Iterable<Long>>, KV<WindowKey, WindowProfile>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<Gaps>> gaps;
    private final Broadcast<ProfileLayouts> layouts;

    EmptyFn(Broadcast<Fleet<Gaps>> gaps, Broadcast<ProfileLayouts> layouts) {
      this.gaps = gaps;
      this.layouts = layouts;
    }

    @ProcessElement
    public void process(
        @Element KV<ModelVersion, Iterable<Long>> version,
        OutputReceiver<KV<WindowKey, WindowProfile>> out) {
      ModelVersion own = version.getKey();
      Gaps asked = gaps.get().of(own.model());
      WindowSpec window = asked.window();
      TreeSet<Long> bounds = asked.bounds();
      // Flink lets what it grouped be read once.
      TreeMap<Long, Integer> mentions = new TreeMap<>();
      version.getValue().forEach(start -> mentions.merge(start, 1, Integer::sum));
      NavigableSet<Long> starts = mentions.navigableKeySet();
      // Bounds came in as markers; whether they have rows only their second mention would tell.
      TreeSet<Long> withRows = new TreeSet<>(starts);
      if (own.version().isEmpty()) {
        withRows.removeIf(start -> bounds.contains(start) && mentions.get(start) < 2);
      }
      for (long start : starts) {
        if (!withRows.contains(start)) {
          emit(own, start, out);
        }
        Long next = starts.higher(start);
        if (next != null) {
          gap(window, start, next, asked.longest()).forEach(empty -> emit(own, empty, out));
        }
      }
    }

    private void emit(
        ModelVersion own, long start, OutputReceiver<KV<WindowKey, WindowProfile>> out) {
      WindowKey key = own.window(start);
      out.output(KV.of(key, new WindowProfile(layouts.get().of(key))));
    }
  }
}
