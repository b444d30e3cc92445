/**
 * How right a model was, and how right it probably is where labels have not come yet (METHODS
 * section 4): mergeable outcomes ({@link io.tidemark.stats.performance.BinaryOutcomes}, {@link
 * io.tidemark.stats.performance.ClassOutcomes}, {@link
 * io.tidemark.stats.performance.RegressionOutcomes} and the expected ones), the metrics read off
 * them, what a metric's value may be off by sampling alone, and the judgements.
 */
package io.tidemark.stats.performance;
