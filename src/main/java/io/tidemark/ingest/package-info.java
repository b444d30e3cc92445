/**
 * Files to compact events: planned once, split by row group or line range, each row either an event
 * or a dead letter. Nothing is emitted a row: what is wanted of the rows is gathered on the spot by
 * {@link io.tidemark.event.Aggregator}s.
 */
package io.tidemark.ingest;
