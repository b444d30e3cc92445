package io.tidemark.stats.slices;

import java.util.List;

/**
 * A slice that scores above 0.
 *
 * @param name the first of the conjunctions that the same rows have
 * @param otherNames the others, in their order
 * @param adjusted its p by Benjamini and Hochberg among all slices that could have been named
 */
public record WeakSlice(
    Conjunction name,
    List<Conjunction> otherNames,
    double score,
    SliceFigures figures,
    double adjusted) {}
