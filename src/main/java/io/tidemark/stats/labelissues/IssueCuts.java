package io.tidemark.stats.labelissues;

import io.tidemark.stats.labelissues.SmallestMargins.Place;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** Up to where the lists of a rule took rows; with it each row tells by itself what it is. */
public final class IssueCuts implements Serializable {
  private static final long serialVersionUID = 1;

  private final IssueRule rule;
  private final TreeMap<Integer, Place> last;

  /**
   * Made by {@link SmallestMargins}.
   *
   * @param last of each list that is full; the others took all that came
   */
  IssueCuts(IssueRule rule, Map<Integer, Place> last) {
    this.rule = rule;
    this.last = new TreeMap<>(last);
  }

  /**
   * Whether a row's label is an issue.
   *
   * @param given the code of the label, -1: a class that the model does not know, no issue
   * @param probabilities one a class; null, or NaN in places: not scored, no issue
   * @param name the row's, as it was added
   */
  public boolean flags(int given, double[] probabilities, String name) {
    BitSet took = new BitSet();
    rule.compete(
        given,
        probabilities,
        (list, margin) -> {
          Place end = last.get(list);
          took.set(list, end == null || Place.of(margin, name).compareTo(end) <= 0);
        });
    return rule.flags(given, probabilities, took::get);
  }
}
