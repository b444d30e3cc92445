package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.schema.PredicateKind;
import io.tidemark.schema.SlicePredicate;
import io.tidemark.spec.Field;
import io.tidemark.stats.NumberText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the cells of a layout's fields stand for, as it may be shown. Not thread-safe. */
public final class CellWords {
  /** Digits of an edge, more where edges would look alike. */
  private static final int DIGITS = 4;

  private static final int MOST_DIGITS = 17;

  private final List<Field> fields;
  private final List<FieldCells> cells;
  private final Redaction redaction;
  private final MathContext[] digits;

  /**
   * @param fields of a layout
   * @param cells of each of them
   */
  public CellWords(List<Field> fields, List<FieldCells> cells, Redaction redaction) {
    this.fields = fields;
    this.cells = cells;
    this.redaction = redaction;
    this.digits = new MathContext[fields.size()];
  }

  /** Names no two regions alike that are the rows of all of some cells. */
  public String of(List<FieldCell> region) {
    return region.stream().map(this::words).collect(Collectors.joining(" and "));
  }

  /** One predicate a cell. */
  public List<SlicePredicate> predicates(List<FieldCell> region) {
    return region.stream().map(this::predicate).toList();
  }

  private String words(FieldCell cell) {
    SlicePredicate shown = predicate(cell);
    String feature = shown.getFeature();
    return switch (shown.getKind()) {
      case missing -> feature + " is missing";
      case unseen -> feature + " is unseen";
      case value, hidden -> feature + " = " + shown.getValue();
      case range ->
          shown.getLower() == null
              ? shown.getUpper() == null
                  ? feature + " is a number"
                  : feature + " <= " + number(cell.field(), shown.getUpper())
              : shown.getUpper() == null
                  ? feature + " > " + number(cell.field(), shown.getLower())
                  : feature
                      + " in ("
                      + number(cell.field(), shown.getLower())
                      + ", "
                      + number(cell.field(), shown.getUpper())
                      + "]";
    };
  }

  private SlicePredicate predicate(FieldCell cell) {
    Field field = fields.get(cell.field());
    int code = cell.cell();
    SlicePredicate shown = new SlicePredicate();
    shown.setFeature(field.name());
    if (code == FieldCell.MISSING) {
      shown.setKind(PredicateKind.missing);
    } else if (cells.get(cell.field()) instanceof FieldCells.Categorical known) {
      if (code == known.cells() - 1) {
        shown.setKind(PredicateKind.unseen);
      } else {
        String value = redaction.show(field, known.known().value(code));
        shown.setKind(value == null ? PredicateKind.hidden : PredicateKind.value);
        shown.setValue(value == null ? String.format(Locale.ROOT, "value %d", code) : value);
      }
    } else if (redaction.hides(field)) {
      shown.setKind(PredicateKind.hidden);
      shown.setValue(String.format(Locale.ROOT, "bin %d", code));
    } else {
      double[] edges = edges(cell.field());
      shown.setKind(PredicateKind.range);
      shown.setLower(code == 0 ? null : edges[code - 1]);
      shown.setUpper(code == edges.length ? null : edges[code]);
    }
    return shown;
  }

  private double[] edges(int field) {
    return ((FieldCells.Numeric) cells.get(field)).edges();
  }

  private String number(int field, double edge) {
    if (digits[field] == null) {
      digits[field] = digits(edges(field));
    }
    return number(edge, digits[field]);
  }

  private static String number(double edge, MathContext rounded) {
    return NumberText.of(new BigDecimal(edge).round(rounded));
  }

  /** So many that no two edges look alike. */
  private static MathContext digits(double[] edges) {
    for (int digits = DIGITS; digits < MOST_DIGITS; digits++) {
      MathContext rounded = new MathContext(digits);
      String[] shown = new String[edges.length];
      for (int i = 0; i < edges.length; i++) {
        shown[i] = number(edges[i], rounded);
      }
      if (List.of(shown).stream().distinct().count() == edges.length) {
        return rounded;
      }
    }
    return new MathContext(MOST_DIGITS);
  }
}
