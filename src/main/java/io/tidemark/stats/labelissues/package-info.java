/**
 * Labels that disagree: with the model ({@link io.tidemark.stats.labelissues.ConfidentJoint},
 * confident learning after Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in
 * Dataset Labels", JAIR 70 (2021), with the rules of cleanlab's {@code find_label_issues}), with
 * other labels of the same inputs ({@link io.tidemark.stats.labelissues.InputLabels}), and with
 * another source ({@link io.tidemark.stats.labelissues.PairCounts}, {@link
 * io.tidemark.stats.labelissues.Kappa}).
 *
 * <p>Confident learning takes three merges over the same rows: {@link
 * io.tidemark.stats.labelissues.SelfConfidence} gives the thresholds, {@link
 * io.tidemark.stats.labelissues.ConfidentCounts} the joint and with it the {@link
 * io.tidemark.stats.labelissues.IssueRule}, {@link io.tidemark.stats.labelissues.SmallestMargins}
 * the {@link io.tidemark.stats.labelissues.IssueCuts}. Then each row knows by itself whether it is
 * an issue. Scores have to be out of sample; predictions made before the label existed are.
 */
package io.tidemark.stats.labelissues;
