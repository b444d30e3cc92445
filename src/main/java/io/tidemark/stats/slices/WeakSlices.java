package io.tidemark.stats.slices;

import java.util.List;

/**
 * Where a model struggles, the worst first: by score, then the larger, then by name.
 *
 * @param rows that were looked at
 * @param meanError of all of them, NaN without rows
 * @param minSupport the fewest rows of a slice
 * @param tests slices that could have been named, or some more: those with enough rows, known from
 *     sizes alone. Slices of three predicates are counted from above, by their pairs. 0 where there
 *     is no error.
 */
public record WeakSlices(
    int rows, double meanError, int minSupport, long tests, List<WeakSlice> slices) {}
