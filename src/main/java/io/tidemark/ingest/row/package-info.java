/**
 * What a row is made of, whatever its format: columns, times, whose it is, its event or its letter.
 */
package io.tidemark.ingest.row;
