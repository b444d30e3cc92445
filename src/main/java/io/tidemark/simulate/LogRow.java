package io.tidemark.simulate;

/**
 * A row as it is written.
 *
 * @param values in the order of the columns; good until the next row is asked for
 * @param kind some faults are in the form of a line, not in its values
 */
record LogRow(Object[] values, RowKind kind) {}
