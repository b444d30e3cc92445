package io.tidemark.profile;

import io.tidemark.event.Shipped;
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
 * Adds the windows that should have rows and have none: a model that fell silent must be able to
 * ring. Without a version column these are all windows of the run's bounds; a version's own windows
 * run from its first to its last row, because versions come and go.
 */
public final class FillWindows
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
  private final Shipped<ProfileLayouts> layouts;
  private final long from;
  private final long to;

  private FillWindows(WindowSpec window, Shipped<ProfileLayouts> layouts, long from, long to) {
    this.window = window;
    this.layouts = layouts;
    this.from = from;
    this.to = to;
  }

  public static FillWindows between(WindowSpec window, Shipped<ProfileLayouts> layouts) {
    return new FillWindows(window, layouts, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /**
   * The same, and at least the windows of these bounds for rows without a version.
   *
   * @param from inclusive, or {@link Long#MAX_VALUE}: none
   * @param to exclusive, or {@link Long#MIN_VALUE}: none
   */
  public FillWindows within(long from, long to) {
    return new FillWindows(window, layouts, from, to);
  }

  @Override
  public PCollection<KV<WindowKey, WindowProfile>> expand(
      PCollection<KV<WindowKey, WindowProfile>> profiles) {
    PCollection<KV<String, Long>> present =
        profiles
            .apply("WindowsPresent", ParDo.of(new KeysFn()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    TreeSet<Long> bounds = new TreeSet<>();
    if (from != Long.MAX_VALUE) {
      bounds.add(window.startOf(from));
    }
    if (to != Long.MIN_VALUE) {
      bounds.add(window.startOf(to - 1));
    }
    PCollection<KV<WindowKey, WindowProfile>> missing =
        bound(present, bounds)
            .apply("GroupByVersion", GroupByKey.create())
            .apply("FindEmpty", ParDo.of(new EmptyFn(window, layouts, bounds)))
            .setCoder(profiles.getCoder());
    return PCollectionList.of(profiles).and(missing).apply("WithEmpty", Flatten.pCollections());
  }

  private static PCollection<KV<String, Long>> bound(
      PCollection<KV<String, Long>> present, TreeSet<Long> bounds) {
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

  static final class KeysFn extends DoFn<KV<WindowKey, WindowProfile>, KV<String, Long>> {
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
    private final Shipped<ProfileLayouts> layouts;
    private final TreeSet<Long> bounds;

    EmptyFn(WindowSpec window, Shipped<ProfileLayouts> layouts, TreeSet<Long> bounds) {
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
      List<Long> gap = new ArrayList<>();
      for (long start : starts) {
        if (!withRows.contains(start)) {
          emit(version.getKey(), start, out);
        }
        Long next = starts.higher(start);
        gap.clear();
        for (long empty = window.endOf(start);
            next != null && empty < next && gap.size() <= longest;
            empty = window.endOf(empty)) {
          gap.add(empty);
        }
        if (gap.size() <= longest) {
          gap.forEach(empty -> emit(version.getKey(), empty, out));
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
