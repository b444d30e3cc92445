package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.SourceLabels;
import io.tidemark.stats.labelissues.Kappa;
import io.tidemark.stats.labelissues.PairAgreement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to do about a row whose sources say different things.
 *
 * @param suggested what more of the sources say than anything else; null where that is the row's
 *     label, or where it is unclear what the label is of
 * @param benefit the share of the sources that say something else than the row's label
 * @param kappa the least of two of the row's sources that disagree; NaN where none is defined
 */
record Conflict(
    Doubt.Action action, String suggested, double benefit, double kappa, String reason) {

  /**
   * @param label the row's
   * @param agreement of each two sources over the period
   */
  static Conflict of(String label, SourceLabels sources, List<PairAgreement> agreement) {
    PairAgreement least = leastAgreeing(sources, agreement);
    boolean unclear = least != null && least.unclear();
    return new Conflict(
        unclear ? Doubt.Action.DEFINE : Doubt.Action.RELABEL,
        unclear ? null : saidByMost(label, sources),
        ConflictingRows.against(label, sources),
        least == null ? Double.NaN : least.before().value(),
        unclear
            ? "its sources disagree, and agree little on the whole: what the label is of may be"
                + " unclear"
            : "its sources disagree");
  }

  /** Of each two of the sources that disagree on the row those with the least kappa, or null. */
  private static PairAgreement leastAgreeing(SourceLabels sources, List<PairAgreement> agreement) {
    Map<String, String> said = new TreeMap<>();
    sources.said().forEach(each -> said.put(each.source(), ClassText.key(each.label())));
    PairAgreement least = null;
    for (PairAgreement pair : agreement) {
      String first = said.get(pair.first());
      String second = said.get(pair.second());
      if (first != null
          && second != null
          && !first.equals(second)
          && pair.before().status() == Kappa.Status.DEFINED
          && (least == null || pair.before().value() < least.before().value())) {
        least = pair;
      }
    }
    return least;
  }

  private static String saidByMost(String label, SourceLabels sources) {
    Map<String, Long> votes = new TreeMap<>();
    sources.said().forEach(each -> votes.merge(ClassText.key(each.label()), 1L, Long::sum));
    long most = votes.values().stream().mapToLong(Long::longValue).max().orElse(0);
    List<String> winners = votes.keySet().stream().filter(each -> votes.get(each) == most).toList();
    if (winners.size() > 1 || ClassText.same(winners.get(0), label)) {
      return null;
    }
    return sources.said().stream()
        .map(SourceLabels.Said::label)
        .filter(each -> ClassText.same(each, winners.get(0)))
        .findFirst()
        .orElse(null);
  }
}
