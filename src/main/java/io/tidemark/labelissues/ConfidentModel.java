package io.tidemark.labelissues;

import io.tidemark.stats.labelissues.ConfidentCounts;
import io.tidemark.stats.labelissues.ConfidentJoint;
import io.tidemark.stats.labelissues.IssueCuts;
import io.tidemark.stats.labelissues.IssueRule;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.stats.labelissues.SelfConfidence;
import io.tidemark.stats.labelissues.SmallestMargins;

/**
 * What confident learning makes of a period's rows, and what a label is then worth.
 *
 * @param flagged rows of the sample that are issues
 */
record ConfidentModel(
    SelfConfidence confidence,
    ConfidentCounts counts,
    ConfidentJoint joint,
    IssueCuts cuts,
    long flagged) {
  /** Rows of each label that are not flagged at least: cleanlab's default. */
  private static final int LEAST_LEFT = 1;

  static ConfidentModel of(ScoredRows rows, int classes, LabelFilter filter) {
    SelfConfidence confidence = new SelfConfidence(classes);
    rows.forEach((code, scores, name) -> confidence.add(code, scores));
    ConfidentCounts counts = new ConfidentCounts(confidence.thresholds());
    rows.forEach((code, scores, name) -> counts.add(code, scores));
    IssueRule rule = IssueRule.of(filter, counts, LEAST_LEFT, ScoredRows.MOST_ROWS);
    SmallestMargins margins = new SmallestMargins(rule);
    if (rule.ordersRows()) {
      rows.forEach(margins::add);
    }
    IssueCuts cuts = margins.cuts();
    long[] flagged = new long[1];
    rows.forEach((code, scores, name) -> flagged[0] += cuts.flags(code, scores, name) ? 1 : 0);
    return new ConfidentModel(confidence, counts, ConfidentJoint.of(counts), cuts, flagged[0]);
  }

  /**
   * How probable each class is given the scores and the label: p_j · Q(label | j), scaled to sum to
   * one. p_j is the model's probability of j, Q(label | j) the share of the rows that are probably
   * j which are labelled so, by the joint.
   */
  double[] posterior(int label, double[] scores) {
    int classes = joint.classes();
    double[] posterior = new double[classes];
    double sum = 0;
    for (int actual = 0; actual < classes; actual++) {
      long of = 0;
      for (int given = 0; given < classes; given++) {
        of += joint.count(given, actual);
      }
      posterior[actual] = of == 0 ? 0 : scores[actual] * joint.count(label, actual) / of;
      sum += posterior[actual];
    }
    for (int actual = 0; actual < classes; actual++) {
      posterior[actual] = sum == 0 ? scores[actual] : posterior[actual] / sum;
    }
    return posterior;
  }
}
