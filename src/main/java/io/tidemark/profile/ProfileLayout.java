package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.spec.Field;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.NumericSummary;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Over which cut points and known values the fields of an event are counted, and which segments get
 * statistics of their own.
 *
 * @param model whose rows are counted
 * @param id position among the model's layouts, one a baseline
 * @param cuts a numeric field's cut points by its position in the layout; null for categorical
 * @param dictionaries a categorical field's known values; null for numeric
 * @param segments positions of the fields whose known values are segments
 * @param valueCapacity distinct values that a numeric summary holds exactly
 * @param unseenCapacity unknown values that are counted each by itself
 */
public record ProfileLayout(
    String model,
    int id,
    EventLayout layout,
    List<CutPoints> cuts,
    List<Dictionary> dictionaries,
    List<Integer> segments,
    int valueCapacity,
    int unseenCapacity)
    implements Serializable {

  /**
   * Windows hold exact values up to this many; beyond, shown quantiles are within about 1 % of the
   * value.
   */
  public static final int SHOWN_VALUES = 2048;

  /** Unknown categories of a window that are told apart. */
  public static final int UNSEEN_VALUES = 1000;

  /** A field's values get segments of their own only while they are so few. */
  public static final int MAX_SEGMENTS_OF_A_FIELD = 100;

  /** Values of a window that are held over all its fields, where methods compare values. */
  private static final int HELD_VALUES = 1 << 19;

  private static final int MOST_VALUES = 1 << 16;

  public int fields() {
    return layout.fields().size();
  }

  /**
   * Distinct values of a field that are held exactly where methods compare values: 65,536 up to
   * eight numeric fields, fewer where there are more, so that a window takes at most some 12 MB.
   */
  public static int comparedValues(int numericFields) {
    int share = HELD_VALUES / Math.max(1, numericFields);
    return Math.max(SHOWN_VALUES, Math.min(MOST_VALUES, share));
  }

  /** The same with another number of values that are held exactly. */
  public ProfileLayout withValues(int id, int capacity) {
    return new ProfileLayout(
        model, id, layout, cuts, dictionaries, segments, capacity, unseenCapacity);
  }

  /** Number of segments; 0 is the one of all rows. */
  public int segmentCount() {
    int count = 1;
    for (int field : segments) {
      count += dictionaries.get(field).size();
    }
    return count;
  }

  /** Names of the segments in their order: "" for all rows, else feature=value. */
  public List<Segment> segmentNames() {
    List<Segment> names = new ArrayList<>();
    names.add(new Segment(-1, null));
    for (int field : segments) {
      Dictionary values = dictionaries.get(field);
      for (int code = 0; code < values.size(); code++) {
        names.add(new Segment(field, values.value(code)));
      }
    }
    return names;
  }

  /**
   * @param field position of the field, or -1 for all rows
   */
  public record Segment(int field, String value) {}

  FieldState newState(int field) {
    Field column = layout.fields().get(field);
    return column.numeric()
        ? new FieldState(new NumericSummary(cuts.get(field), valueCapacity), null)
        : new FieldState(null, new CategorySummary(dictionaries.get(field), unseenCapacity));
  }

  FieldState readState(int field, DataInput in) throws IOException {
    Field column = layout.fields().get(field);
    return column.numeric()
        ? new FieldState(NumericSummary.read(cuts.get(field), valueCapacity, in), null)
        : new FieldState(null, CategorySummary.read(dictionaries.get(field), unseenCapacity, in));
  }
}
