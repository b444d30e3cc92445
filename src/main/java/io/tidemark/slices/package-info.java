/**
 * Labelled rows as codes and errors, window by window ({@link
 * io.tidemark.slices.CodedRowAggregator}): what {@link io.tidemark.stats.slices.SliceLine} searches
 * for slices on which a model struggles.
 */
package io.tidemark.slices;
