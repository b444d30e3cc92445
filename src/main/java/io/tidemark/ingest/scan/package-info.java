/**
 * Input that ends: planned once, dealt out in tasks, each read once for all who gather from its
 * rows.
 */
package io.tidemark.ingest.scan;
