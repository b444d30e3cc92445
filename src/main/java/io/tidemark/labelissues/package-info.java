/**
 * Labels that disagree: with the model, with other labels of the same inputs ({@link
 * io.tidemark.labelissues.LabelEvidence}, gathered window by window), and the queue in which people
 * should look at them. What is judged how stands in {@link io.tidemark.stats.labelissues}.
 */
package io.tidemark.labelissues;
