package io.tidemark.drift;

import io.tidemark.event.ClassWords;
import io.tidemark.event.Redaction;
import io.tidemark.profile.FieldState;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.NumericSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a window's predictions are what the spec says they are: scores that are probabilities,
 * and classes that are called as the spec calls them. Where there are labels, classes are looked at
 * with them, where performance is measured.
 */
final class CompareMeaning {
  /** A larger share of scores outside 0 to 1 is no accident. */
  private static final double MOST_OUTSIDE = .01;

  private CompareMeaning() {}

  static List<PendingFinding> of(
      PendingFindings drafts, MonitoringSpec spec, Redaction redaction, WindowProfile profile) {
    List<PendingFinding> found = new ArrayList<>();
    ProfileLayout layout = profile.layout();
    for (int i = 0; i < layout.fields(); i++) {
      Field field = layout.layout().fields().get(i);
      FieldState state = profile.state(0, i);
      String problem = null;
      if (field.name().startsWith("prediction.score")) {
        problem = outside(state.numeric(), !redaction.hides(field));
      } else if (field.name().equals("prediction.label") && !spec.labelled()) {
        problem = words(spec, state.categories(), !redaction.hides(field));
      }
      if (problem != null) {
        found.add(
            drafts
                .begin(FindingKind.schema, "", field.name(), "schema", i, 0, state.valid())
                .conclude(true, problem));
      }
    }
    return found;
  }

  private static String outside(NumericSummary scores, boolean shown) {
    boolean above = scores.quantile(1 - MOST_OUTSIDE) > 1;
    boolean below = scores.quantile(MOST_OUTSIDE) < 0;
    if (!above && !below) {
      return null;
    }
    double example = above ? scores.moments().max() : scores.moments().min();
    return "more than 1 % of the scores are outside 0 to 1"
        + (shown && !Double.isNaN(example) ? ", as " + example : "")
        + ": they are no probabilities, and no figure of scores has them";
  }

  private static String words(MonitoringSpec spec, CategorySummary classes, boolean shown) {
    Set<String> said = new TreeSet<>(classes.unseen().counts().keySet());
    for (int code = 0; code < classes.dictionary().size(); code++) {
      if (classes.count(code) > 0) {
        said.add(classes.dictionary().value(code));
      }
    }
    return ClassWords.problem(spec, said, List.of(), shown);
  }
}
