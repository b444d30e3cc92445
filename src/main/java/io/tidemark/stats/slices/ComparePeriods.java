package io.tidemark.stats.slices;

import io.tidemark.stats.BenjaminiHochberg;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * Holds a period's weak slices against the period before: of each slice its rows then, whether it
 * stood out then, and whether its errors have become larger. That a slice stands out in one period
 * and not in the other is not enough for a change: near the limit chance alone does that.
 *
 * @param line the search, by the number of rows
 */
public record ComparePeriods(IntFunction<SliceLine> line) {
  /** The false discovery rate at which a slice stands out, or has changed. */
  public static final double RATE = 0.05;

  /**
   * The named slices in their order, then those that stood out before and are not named now.
   *
   * @param found in {@code now}
   * @param before rows of the same features; null or empty: there is nothing to compare with
   */
  public List<ComparedSlice> compare(CodedRows now, WeakSlices found, CodedRows before) {
    List<ComparedSlice> alone =
        found.slices().stream()
            .map(s -> new ComparedSlice(s, s.name(), s.figures(), s.adjusted(), null, null))
            .toList();
    if (before == null || before.size() == 0) {
      return alone;
    }
    List<Pair> pairs = pairs(now, found, before);
    double[] adjusted = adjusted(pairs, pair -> pair.now.p());
    double[] adjustedThen = adjusted(pairs, pair -> pair.then.p());
    double[] changes = adjusted(pairs, pair -> pair.change);
    int fewest = line.apply(before.size()).minSupport();
    List<ComparedSlice> compared = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      double own = pair.named == null ? adjusted[i] : pair.named.adjusted();
      boolean gone = pair.named == null && !(own <= RATE && pair.now.size() >= found.minSupport());
      boolean stoodOut = pair.named == null || adjustedThen[i] <= RATE;
      boolean larger = changes[i] <= RATE;
      SliceChange change =
          gone
              ? SliceChange.GONE
              : pair.then.size() < fewest
                  ? SliceChange.NEW
                  : !larger
                      ? SliceChange.AS_BEFORE
                      : stoodOut ? SliceChange.WORSE : SliceChange.NEW;
      compared.add(
          new ComparedSlice(
              pair.named,
              pair.name,
              pair.now,
              own,
              new ComparedSlice.Earlier(pair.then, adjustedThen[i], changes[i]),
              change));
    }
    return compared;
  }

  /** A slice in both periods. */
  private record Pair(
      WeakSlice named, Conjunction name, SliceFigures now, SliceFigures then, double change) {}

  private List<Pair> pairs(CodedRows now, WeakSlices found, CodedRows before) {
    List<Pair> pairs = new ArrayList<>();
    Set<Conjunction> names = new TreeSet<>();
    for (WeakSlice slice : found.slices()) {
      names.add(slice.name());
      names.addAll(slice.otherNames());
      pairs.add(pair(slice, slice.name(), slice.figures(), now, before));
    }
    for (WeakSlice earlier : line.apply(before.size()).search(before).slices()) {
      boolean dropped =
          earlier.adjusted() <= RATE
              && !names.contains(earlier.name())
              && earlier.otherNames().stream().noneMatch(names::contains);
      if (dropped) {
        SliceFigures figures = SliceFigures.of(now, earlier.name());
        pairs.add(pair(null, earlier.name(), figures, now, before));
      }
    }
    return pairs;
  }

  private static Pair pair(
      WeakSlice named, Conjunction name, SliceFigures figures, CodedRows now, CodedRows before) {
    return new Pair(named, name, figures, SliceFigures.of(before, name), change(now, before, name));
  }

  /** The rows of both periods with the period as their only feature: the later one as a slice. */
  private static double change(CodedRows now, CodedRows before, Conjunction name) {
    CodedRows.Builder both = CodedRows.builder(now.kind(), 2);
    before.where(name).stream().forEach(row -> both.add(before.error(row), 0));
    now.where(name).stream().forEach(row -> both.add(now.error(row), 1));
    return SliceFigures.of(both.build(), Conjunction.of(new Predicate(0, 1))).p();
  }

  private static double[] adjusted(List<Pair> pairs, ToDoubleFunction<Pair> p) {
    return BenjaminiHochberg.adjust(pairs.stream().mapToDouble(p).toArray());
  }
}
