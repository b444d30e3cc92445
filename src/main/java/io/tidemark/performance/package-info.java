/**
 * MeasurePerformance: how right the model was in each window as far as labels have come, how right
 * it probably was where they have not, and what of a change is due to moved inputs and what to a
 * changed relation. Values and probabilities come from {@code stats.performance}; here is what is
 * held against what, and what rows and findings say.
 */
package io.tidemark.performance;
