package io.tidemark.profile;

import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.NumericSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a baseline has of one field in one segment: its bins, its counts over all reference rows,
 * and those of each of its windows.
 */
public final class FieldBaseline {
  private final FieldBins field;
  private final FieldState total;
  private final List<Window> windows;

  /** One window of the reference; {@code state} is null where the segment had no rows in it. */
  public record Window(long start, long end, boolean full, long rows, FieldState state) {}

  private FieldBaseline(FieldBins field, FieldState total, List<Window> windows) {
    this.field = field;
    this.total = total;
    this.windows = windows;
  }

  /**
   * @param layout of the run, whose positions {@code segment} and {@code field} are
   * @return null where the baseline lacks the field, holds it as another type, or has no row of the
   *     segment
   */
  public static FieldBaseline of(
      Baseline baseline, ProfileLayout layout, ProfileLayout.Segment segment, int field) {
    int at = baseline.indexOf(layout.layout().fields().get(field).name());
    int segmentAt = segmentAt(baseline, layout, segment);
    if (at < 0 || segmentAt < 0) {
      return null;
    }
    FieldBins reference = baseline.fields().get(at);
    FieldState total = baseline.total().state(segmentAt, at);
    if (total == null || reference.field().type() != layout.layout().fields().get(field).type()) {
      return null;
    }
    List<Window> windows = new ArrayList<>();
    for (Baseline.ReferenceWindow window : baseline.windows()) {
      windows.add(
          new Window(
              window.start(),
              window.end(),
              window.full(),
              window.profile().rows(),
              window.profile().state(segmentAt, at)));
    }
    return new FieldBaseline(reference, total, windows);
  }

  private static int segmentAt(
      Baseline baseline, ProfileLayout layout, ProfileLayout.Segment segment) {
    if (segment.field() < 0) {
      return 0;
    }
    String name = layout.layout().fields().get(segment.field()).name();
    List<ProfileLayout.Segment> segments = baseline.layout().segmentNames();
    for (int i = 1; i < segments.size(); i++) {
      ProfileLayout.Segment candidate = segments.get(i);
      if (baseline.fields().get(candidate.field()).field().name().equals(name)
          && Objects.equals(candidate.value(), segment.value())) {
        return i;
      }
    }
    return -1;
  }

  public FieldBins field() {
    return field;
  }

  public FieldState total() {
    return total;
  }

  public List<Window> windows() {
    return windows;
  }

  /**
   * Whether the windows with rows have been at three quarters of the day or more, so that they show
   * how much its hours differ. Always so for windows of a day or longer.
   */
  public boolean spansDay() {
    return DaySpan.of(
        windows.stream().filter(window -> window.state() != null).toList(),
        Window::start,
        Window::end);
  }

  /** The grid that statistics show: NannyML's or the default; null without a value to bin. */
  public Grid grid(boolean doane) {
    return doane ? field.doane() : field.quantile();
  }

  /** All reference rows by bin. */
  public long[] counts(Grid grid) {
    return counts(grid, total);
  }

  /** A state of this reference by bin; all zero for null. */
  public long[] counts(Grid grid, FieldState state) {
    if (state == null) {
      return new long[grid.bins() + 2];
    }
    NumericSummary numbers = state.numeric();
    return grid.counts(numbers.cuts(), numbers.cells());
  }

  /** Reference rows with a category. */
  public long count(String value) {
    return count(value, total);
  }

  /** Rows with a category in a state of this reference. */
  public long count(String value, FieldState state) {
    if (state == null) {
      return 0;
    }
    CategorySummary categories = state.categories();
    int code = categories.dictionary().code(value);
    if (code >= 0) {
      return categories.count(code);
    }
    return categories.unseen().count(value);
  }
}
