/**
 * Where a model struggles: the conjunctions of features' codes whose rows have the largest errors,
 * found exactly and told with what chance alone would make of them (METHODS section 7). After
 * Sagadeeva and Boehm, "SliceLine: Fast, Linear-Algebra-based Slice Finding for ML Model
 * Debugging", SIGMOD 2021; {@link io.tidemark.stats.slices.SliceLine} is the way in.
 */
package io.tidemark.stats.slices;
