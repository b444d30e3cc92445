package io.tidemark.slices;

import io.tidemark.event.Redaction;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.schema.PredicateKind;
import io.tidemark.schema.SlicePredicate;
import io.tidemark.spec.Field;
import io.tidemark.stats.NumberText;
import io.tidemark.stats.slices.Conjunction;
import io.tidemark.stats.slices.Predicate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the codes of slices stand for, as it may be shown. */
final class SliceWords {
  /** Digits of an edge, more where edges would look alike. */
  private static final int DIGITS = 4;

  private static final int MOST_DIGITS = 17;

  private final List<FeatureCodes.Coded> features;
  private final Redaction redaction;
  private final MathContext[] digits;

  SliceWords(FeatureCodes codes, Redaction redaction) {
    this.features = codes.features();
    this.redaction = redaction;
    this.digits = new MathContext[features.size()];
  }

  /** Names no two slices alike. */
  String of(Conjunction slice) {
    return slice.predicates().stream().map(this::words).collect(Collectors.joining(" and "));
  }

  List<FieldCell> cells(Conjunction slice) {
    return slice.predicates().stream()
        .map(each -> features.get(each.feature()).cell(each.code()))
        .toList();
  }

  List<SlicePredicate> predicates(Conjunction slice) {
    return slice.predicates().stream().map(this::predicate).toList();
  }

  private String words(Predicate predicate) {
    SlicePredicate shown = predicate(predicate);
    String feature = shown.getFeature();
    return switch (shown.getKind()) {
      case missing -> feature + " is missing";
      case unseen -> feature + " is unseen";
      case value, hidden -> feature + " = " + shown.getValue();
      case range ->
          shown.getLower() == null
              ? shown.getUpper() == null
                  ? feature + " is a number"
                  : feature + " <= " + number(predicate.feature(), shown.getUpper())
              : shown.getUpper() == null
                  ? feature + " > " + number(predicate.feature(), shown.getLower())
                  : feature
                      + " in ("
                      + number(predicate.feature(), shown.getLower())
                      + ", "
                      + number(predicate.feature(), shown.getUpper())
                      + "]";
    };
  }

  private SlicePredicate predicate(Predicate predicate) {
    FeatureCodes.Coded feature = features.get(predicate.feature());
    Field field = feature.field();
    int code = predicate.code();
    SlicePredicate shown = new SlicePredicate();
    shown.setFeature(field.name());
    if (code == feature.codes() - 1) {
      shown.setKind(PredicateKind.missing);
    } else if (feature.cells() instanceof FieldCells.Categorical known) {
      if (code == feature.codes() - 2) {
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
      double[] edges = edges(feature);
      shown.setKind(PredicateKind.range);
      shown.setLower(code == 0 ? null : edges[code - 1]);
      shown.setUpper(code == edges.length ? null : edges[code]);
    }
    return shown;
  }

  private static double[] edges(FeatureCodes.Coded feature) {
    return ((FieldCells.Numeric) feature.cells()).edges();
  }

  private String number(int feature, double edge) {
    if (digits[feature] == null) {
      digits[feature] = digits(edges(features.get(feature)));
    }
    return number(edge, digits[feature]);
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
