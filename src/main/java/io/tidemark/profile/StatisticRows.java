package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.Bin;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Moments;
import io.tidemark.stats.NumericSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A window's profile as the rows of the statistics table. */
public final class StatisticRows {
  private final MonitoringSpec spec;
  private final Redaction redaction;

  public StatisticRows(MonitoringSpec spec, Redaction redaction) {
    this.spec = spec;
    this.redaction = redaction;
  }

  /**
   * @param baseline null: the version has none, so its fields have no bins
   * @param complete whether the run's bounds left the window whole
   */
  public List<Statistic> of(
      WindowKey key, WindowProfile profile, Baseline baseline, boolean complete) {
    List<Statistic> rows = new ArrayList<>();
    ProfileLayout layout = profile.layout();
    List<ProfileLayout.Segment> segments = layout.segmentNames();
    for (int segment = 0; segment < segments.size(); segment++) {
      for (int field = 0; field < layout.fields(); field++) {
        FieldState state = profile.state(segment, field);
        if (state == null) {
          continue; // a segment that has no rows in this window
        }
        Statistic row = new Statistic();
        row.setModel(spec.model());
        row.setModelVersion(key.version());
        row.setWindowStart(WindowSpec.instant(key.start()));
        row.setWindowEnd(WindowSpec.instant(spec.window().endOf(key.start())));
        row.setRevision(profile.rows());
        row.setComplete(complete);
        row.setSegment(segmentName(layout, segments.get(segment), redaction));
        fill(
            row,
            layout.layout().fields().get(field),
            state,
            reference(baseline, layout, segments.get(segment), field));
        rows.add(row);
      }
    }
    return rows;
  }

  /** {@code feature=value} as it may be shown, "" for all rows. */
  public static String segmentName(
      ProfileLayout layout, ProfileLayout.Segment segment, Redaction redaction) {
    if (segment.field() < 0) {
      return "";
    }
    Field field = layout.layout().fields().get(segment.field());
    String shown = redaction.show(field, segment.value());
    if (shown == null) { // without a key segments have to be told apart all the same
      shown = "value " + layout.dictionaries().get(segment.field()).code(segment.value());
    }
    return field.name() + "=" + shown;
  }

  /** What the baseline has of a field in a segment, or null. */
  private static FieldBaseline reference(
      Baseline baseline, ProfileLayout layout, ProfileLayout.Segment segment, int field) {
    return baseline == null ? null : FieldBaseline.of(baseline, layout, segment, field);
  }

  private void fill(Statistic row, Field field, FieldState state, FieldBaseline reference) {
    row.setField(field.name());
    row.setType(field.numeric() ? "numeric" : "categorical");
    row.setRows(state.rows());
    row.setMissing(state.missing());
    row.setInvalid(state.invalid());
    row.setBins(new ArrayList<>());
    if (field.numeric()) {
      fillNumeric(row, field, state.numeric(), reference);
    } else {
      fillCategorical(row, field, state.categories(), reference);
    }
  }

  private void fillNumeric(
      Statistic row, Field field, NumericSummary numbers, FieldBaseline reference) {
    Moments moments = numbers.moments();
    row.setMean(finite(moments.mean()));
    row.setStd(finite(moments.deviation()));
    row.setDistinct(numbers.distinct());
    boolean hidden = redaction.hides(field);
    if (!hidden) {
      row.setMin(finite(moments.min()));
      row.setMax(finite(moments.max()));
      row.setP01(finite(numbers.quantile(.01)));
      row.setP05(finite(numbers.quantile(.05)));
      row.setP25(finite(numbers.quantile(.25)));
      row.setP50(finite(numbers.quantile(.5)));
      row.setP75(finite(numbers.quantile(.75)));
      row.setP95(finite(numbers.quantile(.95)));
      row.setP99(finite(numbers.quantile(.99)));
    }
    Grid grid = reference == null ? null : reference.grid(spec.drift().preset() == Preset.NANNYML);
    if (grid == null) {
      return;
    }
    long[] window = grid.counts(numbers.cuts(), numbers.cells());
    long[] baseline = reference.counts(grid);
    double[] edges = grid.edges();
    for (int bin = 0; bin < window.length; bin++) {
      boolean outer = bin == 0 || bin == window.length - 1;
      if (outer && window[bin] == 0 && baseline[bin] == 0) {
        continue; // nothing beyond the baseline's range
      }
      row.getBins()
          .add(
              new Bin(
                  hidden || bin == 0 ? null : (Double) edges[bin - 1],
                  hidden || bin == window.length - 1 ? null : (Double) edges[bin],
                  null,
                  window[bin],
                  baseline[bin]));
    }
  }

  private void fillCategorical(
      Statistic row, Field field, CategorySummary categories, FieldBaseline reference) {
    row.setUnseen(reference == null ? null : (Long) categories.unseenRows());
    row.setDistinct(categories.distinct());
    for (int code = 0; code < categories.dictionary().size(); code++) {
      String value = categories.dictionary().value(code);
      long baseline = reference == null ? 0 : reference.count(value);
      addValue(row, field, value, categories.count(code), baseline);
    }
    for (Map.Entry<String, Long> unseen : categories.unseen().counts().entrySet()) {
      addValue(row, field, unseen.getKey(), unseen.getValue(), 0);
    }
    long other = categories.unseen().other();
    if (other > 0) {
      row.getBins().add(new Bin(null, null, null, other, 0L));
    }
  }

  private void addValue(Statistic row, Field field, String value, long count, long baseline) {
    row.getBins().add(new Bin(null, null, redaction.show(field, value), count, baseline));
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
