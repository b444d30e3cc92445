package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.Field;
import io.tidemark.stats.Method;

/**
 * One method's comparison of a field of a window with the baseline.
 *
 * @param draft the finding that comes of it
 * @param state of the window
 * @param cells the method's bins of the field
 */
record FieldComparison(
    PendingFinding draft,
    String segment,
    Field field,
    Method method,
    FieldBaseline reference,
    FieldState state,
    BinnedCounts cells) {}
